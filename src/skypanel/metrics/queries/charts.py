"""The points of a server's charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Uuid, bindparam, select

from skypanel.metrics.models import MetricDay, MetricHour, MetricSample, MetricStanding
from skypanel.metrics.rules import (
    RANGES,
    SERIES,
    DayFigures,
    Figures,
    HourRow,
    Points,
    merged,
    points_of,
)
from skypanel.platform.db import Read
from skypanel.platform.read import Query

_KIB = 1024
_SHARES = frozenset({"cpu", "memory", "filesystem"})
_SERVER = bindparam("server", type_=Uuid())
_SINCE = bindparam("since", type_=DateTime(timezone=True))


def _hour(hour: datetime, running: list[int | None], *columns: list[int | None]) -> HourRow:
    return HourRow(hour, running, dict(zip(SERIES, columns, strict=True)))


def _day(day: Any, seen: int, ran: int, *columns: Any) -> DayFigures:
    pairs = zip(columns[::2], columns[1::2], strict=True)
    figures = [Figures(mean, most) for mean, most in pairs]
    return DayFigures(day, seen, ran, dict(zip(SERIES, figures, strict=True)))


HOURS: Query[HourRow] = Query(
    select(
        MetricHour.hour,
        MetricHour.running,
        *(getattr(MetricHour, name) for name in SERIES),
    )
    .where(MetricHour.server_id == _SERVER, MetricHour.hour >= _SINCE)
    .order_by(MetricHour.hour),
    _hour,
)
DAYS: Query[DayFigures] = Query(
    select(
        MetricDay.day,
        MetricDay.seen,
        MetricDay.ran,
        *(getattr(MetricDay, f"{name}_{figure}") for name in SERIES for figure in ("mean", "most")),
    )
    .where(MetricDay.server_id == _SERVER, MetricDay.day >= bindparam("first", type_=Date()))
    .order_by(MetricDay.day),
    _day,
)
SAMPLES: Query[tuple[datetime, bool, dict[str, int | None]]] = Query(
    select(
        MetricSample.at,
        MetricSample.running,
        *(getattr(MetricSample, name) for name in SERIES),
    )
    .where(MetricSample.server_id == _SERVER, MetricSample.at >= _SINCE)
    .order_by(MetricSample.at),
    lambda at, running, *columns: (at, running, dict(zip(SERIES, columns, strict=True))),
)
STANDING: Query[dict[str, Any]] = Query(
    select(
        MetricStanding.sampled_at,
        MetricStanding.failing_since,
        MetricStanding.running,
        MetricStanding.cpu,
        MetricStanding.memory,
        MetricStanding.memory_total_mib,
        MetricStanding.filesystem,
        MetricStanding.read_kib,
        MetricStanding.written_kib,
        MetricStanding.filesystems,
    ).where(MetricStanding.server_id == _SERVER)
)


async def metrics_of(read: Read, server_id: UUID, chosen: str) -> dict[str, Any]:
    """A server's figures now, and the points of its charts over a range: three statements."""
    span = RANGES[chosen]
    end = read.now if chosen == "1h" else _after(read.now, span.point)
    begin = end - span.length
    since = begin.replace(minute=0, second=0, microsecond=0)
    hours = await HOURS.all(read, server=server_id, since=since)
    if chosen == "1h":
        fine = await SAMPLES.all(read, server=server_id, since=begin)
        points = merged(begin, end, hours, fine)
    else:
        days: Sequence[DayFigures] = ()
        if chosen == "12m":
            days = await DAYS.all(read, server=server_id, first=begin.date())
        points = points_of(begin, end, span.point, hours, days)
    standing = await STANDING.one(read, server=server_id)
    return {
        "server_id": server_id,
        "range": chosen,
        "begins_at": begin,
        "ends_at": end,
        "point_seconds": int(span.point.total_seconds()) or None,
        "at": points.at,
        "series": {name.removesuffix("_kib"): _series(points, name) for name in SERIES},
        "up_percent": round(points.ran / points.seen * 100, 2) if points.seen else None,
        "now": _now(standing) if standing and standing["sampled_at"] else None,
        "failing_since": standing["failing_since"] if standing else None,
    }


def _after(now: datetime, point: timedelta) -> datetime:
    """The end of the point that `now` lies in."""
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return epoch + ((now - epoch) // point + 1) * point


def _series(points: Points, name: str) -> dict[str, list[float | None]]:
    return {
        "mean": [_shown(name, value) for value in points.mean[name]],
        "most": [_shown(name, value) for value in points.most[name]],
    }


def _shown(name: str, value: float | None) -> float | None:
    """Percent with one decimal, or bytes a second."""
    if value is None:
        return None
    return round(value / 10, 1) if name in _SHARES else round(value * _KIB)


def _now(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "sampled_at": row["sampled_at"],
        "running": row["running"],
        "cpu_percent": _shown("cpu", row["cpu"]),
        "memory_percent": _shown("memory", row["memory"]),
        "memory_total_mib": row["memory_total_mib"],
        "filesystem_percent": _shown("filesystem", row["filesystem"]),
        "read_bytes_per_second": _shown("read_kib", row["read_kib"]),
        "written_bytes_per_second": _shown("written_kib", row["written_kib"]),
        "filesystems": [
            {"mountpoint": mountpoint, "used_bytes": used, "total_bytes": total}
            for mountpoint, used, total in row["filesystems"]
        ],
    }
