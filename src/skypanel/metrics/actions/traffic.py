"""Writing down what the panel counted of servers' traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from skypanel.metrics.actions.alerts import judge_traffic
from skypanel.metrics.actions.record import OPEN_HOURS
from skypanel.metrics.rules import GB, hour_and_slot
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id

PERIODS_MAX = 13
PUT = """
insert into traffic_periods (id, server_id, account_id, number, starts_at, ends_at,
    received_bytes, sent_bytes, total_bytes, limit_gb, blocks, seen_at)
select w.id, w.server_id, w.account_id, w.number, w.starts_at, w.ends_at, w.received_bytes,
    w.sent_bytes, w.total_bytes, w.limit_gb, w.blocks, %(now)s
from unnest(%(id)s::uuid[], %(server_id)s::uuid[], %(account_id)s::uuid[], %(number)s::int[],
    %(starts_at)s::timestamptz[], %(ends_at)s::timestamptz[], %(received_bytes)s::bigint[],
    %(sent_bytes)s::bigint[], %(total_bytes)s::bigint[], %(limit_gb)s::int[],
    %(blocks)s::jsonb[])
    as w (id, server_id, account_id, number, starts_at, ends_at, received_bytes, sent_bytes,
        total_bytes, limit_gb, blocks)
on conflict (server_id, number) do update set
    starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    received_bytes = excluded.received_bytes, sent_bytes = excluded.sent_bytes,
    total_bytes = excluded.total_bytes, limit_gb = excluded.limit_gb,
    blocks = excluded.blocks, seen_at = excluded.seen_at
where traffic_periods.ends_at >= %(now)s
    or traffic_periods.total_bytes <> excluded.total_bytes
    or traffic_periods.limit_gb <> excluded.limit_gb or traffic_periods.blocks <> excluded.blocks
"""
FILL = """
update metric_hours h set received_bytes = w.received_bytes, sent_bytes = w.sent_bytes
from unnest(%(servers)s::uuid[], %(received)s::bigint[], %(sent)s::bigint[])
    as w (server_id, received_bytes, sent_bytes)
where h.server_id = w.server_id and h.hour = %(hour)s
"""


@dataclass(frozen=True, slots=True)
class PeriodSeen:
    """A period as the panel counted it; blocks as pairs of its id and GB."""

    number: int
    starts_at: datetime
    ends_at: datetime
    received_bytes: int
    sent_bytes: int
    total_bytes: int
    limit_gb: int
    blocks: tuple[tuple[int, int], ...]

    @property
    def used_percent(self) -> float | None:
        """Of the limit with its blocks; nothing where there is no limit."""
        limit = self.limit_gb + sum(gb for _, gb in self.blocks) if self.limit_gb else 0
        return self.total_bytes / (limit * GB) * 100 if limit else None


@dataclass(frozen=True, slots=True)
class TrafficSeen:
    """A server's periods, newest first."""

    server_id: UUID
    account_id: UUID
    periods: Sequence[PeriodSeen]


async def record_traffic(db: Db, counts_at: datetime, seen: Sequence[TrafficSeen]) -> None:
    """Write periods down, and in the hour how far the running one is.

    Publishes AlertRaised and AlertCleared.
    """
    rows = [(one, period) for one in seen for period in one.periods[:PERIODS_MAX]]
    if not rows:
        return
    await db.run(
        PUT,
        now=db.now,
        id=[new_id() for _ in rows],
        server_id=[one.server_id for one, _ in rows],
        account_id=[one.account_id for one, _ in rows],
        blocks=[msgspec.json.encode(period.blocks).decode() for _, period in rows],
        **{
            name: [getattr(period, name) for _, period in rows]
            for name in (
                "number", "starts_at", "ends_at", "received_bytes", "sent_bytes", "total_bytes",
                "limit_gb",
            )
        },
    )  # fmt: skip
    running = [
        (one, period)
        for one, period in rows
        if period is one.periods[0] and period.starts_at <= counts_at <= period.ends_at
    ]
    hour, _ = hour_and_slot(counts_at)
    ids = [one.server_id for one, _ in running]
    accounts = [one.account_id for one, _ in running]
    await db.run(OPEN_HOURS, hour=hour, servers=ids, accounts=accounts)
    await db.run(
        FILL,
        hour=hour,
        servers=ids,
        received=[period.received_bytes for _, period in running],
        sent=[period.sent_bytes for _, period in running],
    )
    await judge_traffic(db, {one.server_id: period.used_percent for one, period in running})
