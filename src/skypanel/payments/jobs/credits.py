"""Promotional credit whose last day is over."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from skypanel.payments.actions import expire_credit
from skypanel.payments.models import Credit
from skypanel.platform.house import House
from skypanel.platform.jobs import timer

BATCH = 200
log = structlog.get_logger()


@timer("5 * * * *")
async def expire_credits(house: House) -> None:
    """Credits that ended go back, each by itself."""
    async with house.transaction() as db:
        found = await db.scalars(
            select(Credit.id)
            .where(Credit.expires_on < db.now.date(), Credit.left_minor > 0)
            .order_by(Credit.expires_on)
            .limit(BATCH)
        )
        due = list(found)
    for credit_id in due:
        try:
            async with house.transaction() as db:
                await expire_credit(db, credit_id)
        except Exception:
            # One account that can't be settled must not keep the others' credit alive.
            log.exception("a credit could not be ended", credit=str(credit_id))
