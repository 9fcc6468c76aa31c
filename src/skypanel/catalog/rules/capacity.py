"""When a place will be full, by a straight line through its days; and honest about few days."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

DAYS_MIN: Final = 7
"""With fewer days the line says nothing."""

DAYS_KEPT: Final = 400
DAYS_SHOWN: Final = 90
DAYS_FAR: Final = 3650
FIT_MIN: Final = 0.5
"""Share of the days' ups and downs that the line explains, below which it is called unsure."""

BLOCK: Final = 16
"""So many addresses more at once were not given back by servers: a block was added."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """`state`: unlimited, full, thin (too few days), steady (not growing) or growing.

    `full_in_days` only where it grows; `sure` says whether the days lie near their line.
    """

    state: str
    per_day: float = 0.0
    full_in_days: int | None = None
    known_days: int = 0
    sure: bool = False


def forecast(points: Sequence[tuple[date, int]], left: int | None) -> Forecast:
    """When what is left will be used, if it goes on as on these days."""
    known = len(points)
    if left is None:
        return Forecast("unlimited", known_days=known)
    if left <= 0:
        return Forecast("full", full_in_days=0, known_days=known, sure=True)
    if known < DAYS_MIN or (points[-1][0] - points[0][0]).days < DAYS_MIN - 1:
        return Forecast("thin", known_days=known)
    slope, fit = _line(points)
    days = math.ceil(left / slope) if slope > 0 else DAYS_FAR
    if days >= DAYS_FAR:
        return Forecast("steady", per_day=slope, known_days=known, sure=fit >= FIT_MIN)
    return Forecast("growing", slope, days, known, sure=fit >= FIT_MIN)


def _line(points: Sequence[tuple[date, int]]) -> tuple[float, float]:
    """Slope per day and the share of the variance that the line explains (least squares)."""
    days = [(day - points[0][0]).days for day, _ in points]
    values = [value for _, value in points]
    middle = sum(days) / len(days)
    mean = sum(values) / len(values)
    spread = sum((day - middle) ** 2 for day in days)
    both = sum((day - middle) * (value - mean) for day, value in zip(days, values, strict=True))
    total = sum((value - mean) ** 2 for value in values)
    slope = both / spread
    return slope, (both * both / (spread * total) if total else 1.0)


def address_points(days: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """Addresses used, told from those left since the last block was added."""
    if not days:
        return []
    start = 0
    for index in range(1, len(days)):
        if days[index][1] - days[index - 1][1] >= BLOCK:
            start = index
    since = days[start:]
    return [(day, since[0][1] - left) for day, left in since]


def day_of(hosts: Sequence[Mapping[str, Any]], free_ipv4: int | None) -> dict[str, Any]:
    """A group's line of the day from the readings of its hosts."""
    open_hosts = [host for host in hosts if host["open"]]
    return {
        "servers": sum(host["servers_used"] for host in hosts),
        "memory_mib_used": sum(host["memory_mib_used"] for host in hosts),
        "memory_mib_left": _left(open_hosts, "memory_mib"),
        "vcpu_used": sum(host["vcpu_used"] for host in hosts),
        "vcpu_left": _left(open_hosts, "vcpu"),
        "stores": _stores(hosts),
        "ipv4_left": free_ipv4,
    }


def _stores(hosts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each kind of storage over all hosts; what is left counts on open hosts only."""
    kinds: dict[int, dict[str, Any]] = {}
    for host in hosts:
        for store in host["stores"]:
            kind = store["storage_type"]
            row = kinds.setdefault(
                kind, {"storage_type": kind, "name": store["name"], "used": 0, "left": 0}
            )
            row["used"] += store["used"]
            if host["open"]:
                row["left"] = _more(row["left"], store)
    return [kinds[kind] for kind in sorted(kinds)]


def _more(left: int | None, store: Mapping[str, Any]) -> int | None:
    if left is None or store["most"] is None:
        return None
    return left + max(0, int(store["most"]) - int(store["used"]))


def _left(hosts: Sequence[Mapping[str, Any]], name: str) -> int | None:
    """What is left on these hosts together; nothing said where one of them has no limit."""
    if any(host[f"{name}_most"] is None for host in hosts):
        return None
    return sum(max(0, int(host[f"{name}_most"]) - int(host[f"{name}_used"])) for host in hosts)
