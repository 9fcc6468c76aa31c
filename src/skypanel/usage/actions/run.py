"""Hours that have begun, counted and paid, whatever was missed and as far as is approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from skypanel.platform.db import Db
from skypanel.usage import queries
from skypanel.usage.actions.charge import (
    Opening,
    charge,
    note_standings,
    open_months,
    write_months,
)
from skypanel.usage.actions.meter import go_on
from skypanel.usage.actions.parts import in_parts
from skypanel.usage.rules import Meter, MonthState, counts_until, hours_between, is_over


async def count_hours(db: Db, limit: int, until: datetime) -> int:
    """Count and charge one batch of hours begun until then; how many months were touched.

    A month that is over begins the next, which is due at once when more was missed.
    """
    due = await queries.DUE.all(db, now=until, limit=limit)
    return await in_parts(db, due, lambda db, part: count(db, part, until)) if due else 0


async def count(db: Db, meters: Sequence[Meter], until: datetime) -> None:
    """Count these locked months up to an instant and charge what they came to."""
    counted = [_counted(meter, until) for meter in meters]
    charged = await charge(db, counted)
    await write_months(db, charged)
    turned = [
        Opening(meter.service_id, meter.counted_until)
        for meter in charged
        if meter.state == MonthState.CLOSING and not meter.ended
    ]
    if turned:
        await open_months(db, turned)
    await note_standings(db, {meter.account_id for meter in meters})


def _counted(meter: Meter, now: datetime) -> Meter:
    until = counts_until(meter, now)
    hours = meter.hours + hours_between(meter.counted_until, until)
    return replace(
        meter,
        counted_until=until,
        hours=hours,
        due=meter.due_at(hours),
        state=MonthState.CLOSING.value if is_over(meter, until) else meter.state,
    )


async def end(db: Db, service_id: UUID, until: datetime) -> None:
    """A service has ended: its hours are counted to its end, and its month is over.

    What lies beyond what is approved is counted by the run, when it is.
    """
    meter = await queries.RUNNING.one(db, service=service_id)
    if meter is None or not meter.ended:
        return
    if meter.state == MonthState.HELD:
        await write_months(db, [replace(meter, state=MonthState.CLOSING.value)])
        await note_standings(db, [meter.account_id])
    else:
        await count(db, [meter], until)


async def collect_arrears(db: Db, limit: int) -> int:
    """Take what is owed from wallets that hold money again; what is paid whole runs on.

    Each account that is asked has something, so it pays something. Publishes ServiceResumed.
    """
    owing = await queries.IN_ARREARS.all(db, limit=limit, today=db.now.date())
    return await in_parts(db, owing, _collect) if owing else 0


async def _collect(db: Db, owing: Sequence[Meter]) -> None:
    charged = await charge(db, owing)
    await write_months(db, charged)
    accounts = {meter.account_id for meter in owing}
    of_service: dict[UUID, list[Meter]] = defaultdict(list)
    for meter in await queries.meters_of(db, accounts):
        of_service[meter.service_id].append(meter)
    for months in of_service.values():
        held = next((each for each in months if each.state == MonthState.HELD), None)
        if held is not None and not any(each.arrears for each in months):
            await go_on(db, held)
    await note_standings(db, accounts)
