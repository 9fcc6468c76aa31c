"""Mail about extra addresses."""

from __future__ import annotations

from uuid import UUID

from skypanel.mail import actions, queries
from skypanel.mail.rules import MailKind
from skypanel.platform.db import Db
from skypanel.platform.jobs import job

TOLD = ("active", "leaving", "refunded")


@job()
async def extra_address(db: Db, extra_id: UUID, account_id: UUID, state: str) -> None:
    """Those who look after the bills read that one is there, will go, or was paid back."""
    if state not in TOLD:
        return
    for reader in await queries.bill_readers(db, account_id):
        await actions.write_to(
            db,
            MailKind.EXTRA_ADDRESS,
            key=f"{extra_id}:{state}:{reader.user_id}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            extra_id=extra_id,
        )
