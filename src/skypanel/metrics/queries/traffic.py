"""A server's traffic by period, and where the running one is going."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from skypanel.metrics.models import MetricHour, TrafficPeriod
from skypanel.metrics.rules import GB, forecast
from skypanel.platform.db import Read
from skypanel.platform.read import Query

PERIODS_SHOWN = 12
_DAY = func.date_trunc("day", MetricHour.hour)
PERIODS: Query[dict[str, Any]] = Query(
    select(
        TrafficPeriod.number,
        TrafficPeriod.starts_at,
        TrafficPeriod.ends_at,
        TrafficPeriod.received_bytes,
        TrafficPeriod.sent_bytes,
        TrafficPeriod.total_bytes,
        TrafficPeriod.limit_gb,
        TrafficPeriod.blocks,
        TrafficPeriod.seen_at,
    )
    .where(TrafficPeriod.server_id == bindparam("server", type_=Uuid()))
    .order_by(TrafficPeriod.number.desc())
    .limit(PERIODS_SHOWN)
)
DAYS: Query[dict[str, Any]] = Query(
    select(
        MetricHour.hour.label("at"),
        (MetricHour.received_bytes + MetricHour.sent_bytes).label("total_bytes"),
    )
    .ext(distinct_on(_DAY))
    .where(
        MetricHour.server_id == bindparam("server", type_=Uuid()),
        MetricHour.hour >= bindparam("since", type_=DateTime(timezone=True)),
        MetricHour.received_bytes.is_not(None),
    )
    .order_by(_DAY, MetricHour.hour.desc())
)


async def traffic_of(read: Read, server_id: UUID) -> dict[str, Any]:
    """The periods of a server, newest first, and the running one day by day: two statements."""
    periods = await PERIODS.all(read, server=server_id)
    for period in periods:
        period["blocks"] = [{"id": number, "gb": gb} for number, gb in period["blocks"]]
        period["allowed_gb"] = _allowed(period)
        period["used_percent"] = _percent(period["total_bytes"], period["allowed_gb"])
    running = periods[0] if periods and periods[0]["ends_at"] > read.now else None
    days = []
    if running is not None:
        days = await DAYS.all(read, server=server_id, since=running["starts_at"])
    return {
        "server_id": server_id,
        "periods": periods,
        "days": days,
        "forecast": running and _forecast(running),
    }


def _allowed(period: dict[str, Any]) -> int | None:
    """GB with the blocks; nothing where traffic is not metered."""
    if not period["limit_gb"]:
        return None
    return int(period["limit_gb"] + sum(block["gb"] for block in period["blocks"]))


def _percent(used_bytes: int, allowed_gb: int | None) -> float | None:
    return round(used_bytes / (allowed_gb * GB) * 100, 1) if allowed_gb else None


def _forecast(running: dict[str, Any]) -> dict[str, Any] | None:
    seen_at: datetime = running["seen_at"]
    found = forecast(
        running["starts_at"],
        running["ends_at"],
        seen_at,
        running["total_bytes"],
        running["allowed_gb"] or 0,
    )
    if found is None:
        return None
    return {
        "total_bytes": found.total_bytes,
        "percent": _percent(found.total_bytes, running["allowed_gb"]),
        "used_up_at": found.used_up_at,
    }
