"""States of a service and the periods it is billed by."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from skypanel.catalog.rules import Cycle, add_cycle
from skypanel.platform.states import Table

__all__ = ["SERVICE_STATES", "add_cycle", "midnight", "period"]

SERVICE_STATES: Table = {
    "pending": {"activate": "active", "cancel": "cancelled"},
    "active": {"suspend": "suspended", "terminate": "terminated"},
    "suspended": {"resume": "active", "terminate": "terminated"},
    "terminated": {},
    "cancelled": {},
}


def midnight(day: date, zone: str) -> datetime:
    """The first instant of a day in a zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def period(anchor: datetime, cycle: str, zone: str, number: int) -> tuple[datetime, datetime]:
    """Start and end of the period with this number, counted from 0 at the anchor.

    Periods run between local midnights of the zone; hourly ones between full hours of UTC.
    """
    if cycle == Cycle.HOURLY:
        start = anchor.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        start += timedelta(hours=number)
        return start, start + timedelta(hours=1)
    first = anchor.astimezone(ZoneInfo(zone)).date()
    day = first
    for _ in range(number):
        day = add_cycle(day, cycle, first.day)
    return midnight(day, zone), midnight(add_cycle(day, cycle, first.day), zone)
