"""Mail about orders."""

from __future__ import annotations

from uuid import UUID

from skypanel.mail import actions, queries
from skypanel.mail.rules import MailKind
from skypanel.platform.db import Db
from skypanel.platform.jobs import job


@job()
async def order_refunded(db: Db, order_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills read that there is no server and the money goes back."""
    for reader in await queries.bill_readers(db, account_id):
        await actions.write_to(
            db,
            MailKind.ORDER_REFUNDED,
            key=f"{order_id}:{reader.user_id}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            order_id=order_id,
        )
