"""Mail about changes of plan."""

from __future__ import annotations

from uuid import UUID

from skypanel.mail import actions, queries
from skypanel.mail.rules import MailKind
from skypanel.platform.db import Db
from skypanel.platform.jobs import job


@job()
async def plan_change_scheduled(db: Db, change_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills read which plan begins when."""
    await _about(db, MailKind.PLAN_CHANGE_SCHEDULED, change_id, account_id)


@job()
async def plan_changed(db: Db, change_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills read that the server has its new size."""
    await _about(db, MailKind.PLAN_CHANGED, change_id, account_id)


async def _about(db: Db, kind: MailKind, change_id: UUID, account_id: UUID) -> None:
    for reader in await queries.bill_readers(db, account_id):
        await actions.write_to(
            db,
            kind,
            key=f"{change_id}:{reader.user_id}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            plan_change_id=change_id,
        )
