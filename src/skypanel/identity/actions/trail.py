"""The audit trail: who did what, written in the transaction that does it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from skypanel.identity.models import AuditEntry
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.write import Insert

AUDIT = Insert(AuditEntry)


def audit(
    db: Db,
    verb: str,
    subject_kind: str,
    subject_id: UUID | int | str | None,
    *,
    account_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Record that `db.actor` did this; `detail` is plain JSON and never holds a secret."""
    actor = db.actor
    AUDIT.later(
        db,
        id=new_id(),
        at=db.now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=None if subject_id is None else str(subject_id),
        account_id=account_id,
        ip=actor.ip,
        request_id=actor.request_id,
        detail=detail,
    )
