"""Another plan for a service by the hour: its begun hours stay what they were, the next are not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from skypanel.platform.db import Db
from skypanel.usage import queries
from skypanel.usage.actions.charge import note_standings
from skypanel.usage.actions.run import count
from skypanel.usage.models import UsageMonth
from skypanel.usage.rules import Meter, at_rate, write_earlier


async def count_begun(db: Db, service_id: UUID, until: datetime) -> Meter | None:
    """Count and charge a service's hours up to the one that runs; how it stands then, locked."""
    running = await queries.RUNNING.one(db, service=service_id)
    if running is not None and running.state == "open":
        await count(db, [running], until)
    return await queries.RUNNING.one(db, service=service_id)


async def turn(db: Db, before: Meter) -> None:
    """Count what comes at the price and cap of the plan that the service has now.

    `before` is the month as `count_begun` gave it, with the name that the service had.
    """
    rate = await queries.rate_now(db.house, db, before)
    after = at_rate(before, rate)
    row = await db.get_one(UsageMonth, before.id, with_for_update=True, populate_existing=True)
    row.price_exact = after.rate.price
    row.cap_minor = None if after.rate.cap is None else after.rate.cap.minor
    row.hours = after.hours
    row.earlier = write_earlier(after.earlier)
    await db.flush()
    await note_standings(db, [before.account_id])
