"""The wallet: what can be spent of it, and how money comes into it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from skypanel.ledger.models import Book
from skypanel.payments.models import Credit
from skypanel.platform.db import Db
from skypanel.platform.money import Money

TOP_UP_DUE_AFTER = timedelta(days=14)


async def spendable(db: Db, account_id: UUID, currency: str) -> Money:
    """What promotional credit and wallet could pay at this moment."""
    wallet = await db.scalar(
        select(func.coalesce(func.sum(Book.balance_minor), 0)).where(
            Book.kind == "wallet", Book.currency == currency, Book.account_id == account_id
        )
    )
    promotional = await db.scalar(
        select(func.coalesce(func.sum(Credit.left_minor), 0)).where(
            Credit.account_id == account_id,
            Credit.currency == currency,
            or_(Credit.expires_on.is_(None), Credit.expires_on >= db.now.date()),
        )
    )
    return Money(max(int(wallet or 0), 0) + int(promotional or 0), currency)
