"""The run of hours, and what becomes of services by the hour that are not paid or have ended."""

from __future__ import annotations

from uuid import UUID

from skypanel.platform.db import Db
from skypanel.renewals import queries
from skypanel.services.actions import erase, terminate
from skypanel.usage import actions as usage
from skypanel.usage.actions import hold_unpaid


async def count_hours(db: Db, limit: int) -> int:
    """Count and charge one batch of hours that have begun, as far as staff approved."""
    return await usage.count_hours(db, limit, await queries.reach(db))


async def close_months(db: Db, limit: int) -> int:
    """Invoice one batch of months of hours that are over, as far as staff approved."""
    return await usage.close_months(db, limit, await queries.reach(db))


async def end_hours(db: Db, service_id: UUID) -> None:
    """A service has ended: nothing more is counted than what is approved."""
    await usage.end(db, service_id, await queries.reach(db))


async def follow_hourly(db: Db, service_id: UUID, step: str) -> None:
    """Suspend, terminate or erase one service; what that is, `queries.hourly_due` said."""
    if step == "suspend":
        await hold_unpaid(db, service_id)
    elif step == "terminate":
        await terminate(db, service_id, "Its hours stayed unpaid.")
    else:
        await erase(db, service_id)
