"""Wallets that run low are filled, each account by itself."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy import select

from skypanel.ledger.models import Book
from skypanel.payments.actions import (
    note_declined_top_up,
    note_settled_top_up,
    top_up_if_low,
)
from skypanel.payments.models import AutoTopUp
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer

BATCH = 200
log = structlog.get_logger()


@timer("* * * * *")
async def top_up_wallets(house: House) -> None:
    """Ask the saved methods of accounts whose wallet is below its threshold."""
    async with house.transaction() as db:
        found = await db.scalars(
            select(AutoTopUp.account_id)
            .outerjoin(
                Book,
                (Book.account_id == AutoTopUp.account_id)
                & (Book.currency == AutoTopUp.currency)
                & (Book.kind == "wallet"),
            )
            .where(
                AutoTopUp.enabled,
                AutoTopUp.next_try_at <= db.now,
                (Book.balance_minor < AutoTopUp.threshold_minor) | Book.id.is_(None),
            )
            .order_by(AutoTopUp.next_try_at)
            .limit(BATCH)
        )
        low = list(found)
    for account_id in low:
        try:
            async with house.transaction() as db:
                await top_up_if_low(db, account_id)
        except Exception:
            # One account that can't be charged must not keep the others' wallets empty.
            log.exception("a wallet could not be topped up", account=str(account_id))


@job()
async def note_declined(db: Db, payment_id: UUID) -> None:
    """A charge was declined: if it was a top-up, its account waits."""
    await note_declined_top_up(db, payment_id)


@job()
async def note_settled(db: Db, account_id: UUID) -> None:
    """A payment came: an account's failed top-ups are forgotten."""
    await note_settled_top_up(db, account_id)
