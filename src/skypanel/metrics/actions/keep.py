"""Letting old samples go: hours become days, days end after a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from skypanel.metrics.models import MetricDay
from skypanel.metrics.rules import (
    DAYS_KEPT,
    HOURS_KEPT,
    SAMPLES_KEPT,
    SERIES,
    HourRow,
    day_of,
    roll_up,
)
from skypanel.platform.db import Db
from skypanel.platform.write import Insert

SERVERS_MAX = 250
DAYS_AT_ONCE = timedelta(days=2)
DUE = """
select s.server_id, s.account_id, oldest.hour
from metric_standings s
left join lateral (
    select h.hour from metric_hours h
    where h.server_id = s.server_id and h.hour < %(until)s order by h.hour limit 1
) oldest on true
where s.rolled_on is null or s.rolled_on < %(until)s
order by s.rolled_on nulls first, s.server_id
limit %(limit)s
for update of s skip locked
"""
HOURS = f"""
select h.server_id, h.hour, h.running, {", ".join(f"h.{name}" for name in SERIES)}
from metric_hours h
join unnest(%(servers)s::uuid[], %(ends)s::timestamptz[]) as w (server_id, ends_at)
    on h.server_id = w.server_id and h.hour < w.ends_at
order by h.server_id, h.hour
"""  # noqa: S608 - constants of this file
GONE = """
delete from metric_hours h
using unnest(%(servers)s::uuid[], %(ends)s::timestamptz[]) as w (server_id, ends_at)
where h.server_id = w.server_id and h.hour < w.ends_at
"""
ROLLED = """
update metric_standings s set rolled_on = w.ends_at
from unnest(%(servers)s::uuid[], %(ends)s::date[]) as w (server_id, ends_at)
where s.server_id = w.server_id
"""
OLD_DAYS = "delete from metric_days where server_id = any(%(servers)s) and day < %(before)s"
OLD_SAMPLES = """
delete from metric_samples where (server_id, at) in (
    select server_id, at from metric_samples where at < %(before)s order by at limit 20000
)
"""
OLD_ALERTS = """
delete from alerts where id in (
    select id from alerts where state = 'cleared' and cleared_at < %(before)s limit 1000
)
"""
_DAYS = Insert(MetricDay)


async def roll_up_hours(db: Db) -> int:
    """Hours older than thirty days become days, a bounded batch; of how many servers."""
    until = day_of(db.now - HOURS_KEPT)
    connection = await db.driver()
    found = await connection.execute(DUE.encode(), {"until": until, "limit": SERVERS_MAX})
    ends: dict[UUID, datetime] = {}
    accounts: dict[UUID, UUID] = {}
    for server_id, account_id, oldest in await found.fetchall():
        accounts[server_id] = account_id
        ends[server_id] = min(until, day_of(oldest) + DAYS_AT_ONCE) if oldest else until
    if not ends:
        return 0
    window: dict[str, Any] = {"servers": list(ends), "ends": list(ends.values())}
    hours = await (await connection.execute(HOURS.encode(), window)).fetchall()
    await _DAYS.many(db, [_day(accounts, *each) for each in _days(hours)])
    await db.run(GONE, **window)
    await db.run(ROLLED, **window)
    before = (db.now - DAYS_KEPT).date()
    await db.run(OLD_DAYS, servers=list(ends), before=before)
    return len(ends)


def _days(hours: list[tuple[Any, ...]]) -> list[tuple[UUID, date, list[HourRow]]]:
    """The hours by server and day."""
    return [
        (
            server_id,
            day,
            [HourRow(row[1], row[2], dict(zip(SERIES, row[3:], strict=True))) for row in group],
        )
        for (server_id, day), group in groupby(hours, key=lambda row: (row[0], row[1].date()))
    ]


def _day(
    accounts: dict[UUID, UUID], server_id: UUID, day: date, rows: list[HourRow]
) -> dict[str, Any]:
    figures = roll_up(day, rows)
    columns = {f"{name}_mean": figures.series[name].mean for name in SERIES}
    columns |= {f"{name}_most": figures.series[name].most for name in SERIES}
    return {
        "server_id": server_id,
        "day": day,
        "account_id": accounts[server_id],
        "seen": figures.seen,
        "ran": figures.ran,
        **columns,
    }


async def forget_samples(db: Db) -> None:
    """What was seen while somebody looked goes after two hours; alerts after a year."""
    await db.run(OLD_SAMPLES, before=db.now - SAMPLES_KEPT)
    await db.run(OLD_ALERTS, before=db.now - DAYS_KEPT)
