"""Beginning and ending to count a service's hours, and not counting while it is unpaid."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from skypanel.catalog.rules import Cycle
from skypanel.platform.db import Db
from skypanel.platform.money import Money
from skypanel.services.actions import hold, release
from skypanel.services.models import Service
from skypanel.services.rules import Hold
from skypanel.usage import queries
from skypanel.usage.actions.charge import Opening, open_months, write_months
from skypanel.usage.rules import Meter, MonthState, full_hour, month_of


async def begin(db: Db, service: Service, setup: Money | None) -> None:
    """Count a service's hours from the one in which it was activated."""
    assert service.activated_at is not None
    opening = Opening(service.id, full_hour(service.activated_at), setup=setup)
    await open_months(db, [opening])


async def resume(db: Db, service_id: UUID) -> None:
    """A service that had ended runs again: its hours count from this one on."""
    service = await db.get(Service, service_id, populate_existing=True)
    if service is None or service.cycle != Cycle.HOURLY or service.state != "active":
        return
    if await queries.RUNNING.one(db, service=service_id) is None:
        await _reopen(db, service_id)


async def _reopen(db: Db, service_id: UUID) -> None:
    """Another month, or another part of this one with what is left of its cap."""
    begun = full_hour(db.now)
    last = await queries.LAST.one(db, service=service_id)
    opening = Opening(service_id, begun)
    if last is not None:
        opening = replace(opening, begins_at=max(begun, last.counted_until))
    if last is not None and last.month == month_of(opening.begins_at):
        opening = replace(opening, after=last)
    await open_months(db, [opening])


async def go_on(db: Db, held: Meter) -> None:
    """An unpaid service was paid: the hours it was suspended for never count.

    Publishes ServiceResumed with the last hold.
    """
    begun = full_hour(db.now)
    if held.month == month_of(begun):
        until = max(held.counted_until, begun)
        await write_months(db, [replace(held, state=MonthState.OPEN.value, counted_until=until)])
    else:
        await write_months(db, [replace(held, state=MonthState.CLOSING.value)])
        await _reopen(db, held.service_id)
    await release(db, held.service_id, Hold.UNPAID, "Its hours are paid.")


async def hold_unpaid(db: Db, service_id: UUID) -> None:
    """The grace is over: a service whose hours are unpaid is suspended and counts no more.

    Publishes ServiceSuspended.
    """
    meter = await queries.RUNNING.one(db, service=service_id)
    if meter is None or meter.state != MonthState.OPEN or not meter.arrears or meter.ended:
        return
    await write_months(db, [replace(meter, state=MonthState.HELD.value)])
    await hold(db, service_id, Hold.UNPAID, "Its hours are not paid.")
