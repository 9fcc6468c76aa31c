"""Reads of the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from skypanel.identity.models import AuditEntry
from skypanel.platform.db import Read
from skypanel.platform.read import Page, Query


def _entry(
    entry_id: UUID,
    at: datetime,
    actor_kind: str,
    actor_id: UUID | None,
    actor_name: str,
    verb: str,
    subject_kind: str,
    subject_id: str | None,
    account_id: UUID | None,
    ip: str | None,
    request_id: str | None,
    detail: dict[str, Any],
) -> dict[str, Any]:
    return {
        "id": entry_id,
        "at": at,
        "actor": {"kind": actor_kind, "id": actor_id, "name": actor_name},
        "verb": verb,
        "subject": {"kind": subject_kind, "id": subject_id},
        "account_id": account_id,
        "ip": ip,
        "request_id": request_id,
        "detail": detail,
    }


_columns = select(
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.actor_kind,
    AuditEntry.actor_id,
    AuditEntry.actor_name,
    AuditEntry.verb,
    AuditEntry.subject_kind,
    AuditEntry.subject_id,
    AuditEntry.account_id,
    AuditEntry.ip,
    AuditEntry.request_id,
    AuditEntry.detail,
)


def _asked(*conditions: ColumnElement[bool]) -> Query[dict[str, Any]]:
    return Query(
        _columns.where(*conditions, AuditEntry.id < bindparam("before"))
        .order_by(AuditEntry.id.desc())
        .limit(bindparam("limit")),
        _entry,
    )


_about = AuditEntry.subject_id == bindparam("subject")
_by = AuditEntry.actor_id == bindparam("actor")
_of = AuditEntry.account_id == bindparam("account_id")
# One statement per combination: each uses its own index, an "or is null" would use none.
EVERYTHING = _asked()
ABOUT = _asked(_about)
BY = _asked(_by)
ABOUT_BY = _asked(_about, _by)
OF_ACCOUNT = _asked(_of)


async def trail(
    read: Read, page: Page, *, subject: str | None = None, actor: UUID | None = None
) -> dict[str, Any]:
    """The audit trail, newest first: all of it, about one thing, or by one person.

    `subject` is an id, or `<kind>:<id>`; ids are unique across kinds.
    """
    asked: dict[str, Any] = {}
    if subject is not None:
        asked["subject"] = subject.rpartition(":")[2]
    if actor is not None:
        asked["actor"] = actor
    query = {0: EVERYTHING, 1: ABOUT, 2: BY, 3: ABOUT_BY}[
        (subject is not None) + 2 * (actor is not None)
    ]
    return await query.page(read, page, **asked)


async def account_trail(read: Read, page: Page, account_id: UUID) -> dict[str, Any]:
    """What was done in one account, newest first."""
    return await OF_ACCOUNT.page(read, page, account_id=account_id)
