"""Mail about what servers do."""

from __future__ import annotations

from uuid import UUID

from skypanel.mail import actions, queries
from skypanel.mail.rules import MailKind
from skypanel.metrics.queries import get_alert
from skypanel.platform.db import Db
from skypanel.platform.jobs import job


@job()
async def alert_raised(db: Db, alert_id: UUID, account_id: UUID) -> None:
    """Those who look after the servers read what has reached its threshold."""
    await _about(db, MailKind.ALERT_RAISED, alert_id, account_id)


@job()
async def alert_cleared(db: Db, alert_id: UUID, account_id: UUID) -> None:
    """Those who look after the servers read that it is over, if it ended by itself."""
    alert = await get_alert(db, alert_id)
    if alert is not None and alert["reason"] == "recovered":
        await _about(db, MailKind.ALERT_CLEARED, alert_id, account_id)


async def _about(db: Db, kind: MailKind, alert_id: UUID, account_id: UUID) -> None:
    for reader in await queries.server_readers(db, account_id):
        await actions.write_to(
            db,
            kind,
            key=f"{alert_id}:{reader.user_id}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            alert_id=alert_id,
        )
