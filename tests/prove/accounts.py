"""More accounts for one customer, so that each order has a panel user of its own."""

from __future__ import annotations

from uuid import UUID

from skypanel.customers.models import Profile
from skypanel.identity.models import Account, Member
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id


async def open_account(db: Db, user_id: UUID, name: str, country: str) -> UUID:
    """An account that this user owns, invoiced in euros."""
    account_id = new_id()
    db.add(Account(id=account_id, name=name, currency="EUR", state="active", created_at=db.now))
    await db.flush()
    db.add(Member(account_id=account_id, user_id=user_id, role="owner", joined_at=db.now))
    db.add(
        Profile(
            account_id=account_id,
            country=country,
            time_zone="UTC",
            language="en",
            updated_at=db.now,
        )
    )
    return account_id
