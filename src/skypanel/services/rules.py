"""States of a service, what holds it back, and the periods it is billed by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from skypanel.catalog.rules import Cycle, period_day
from skypanel.platform.states import Table

SERVICE_STATES: Table = {
    "pending": {"activate": "active", "cancel": "cancelled"},
    "active": {"suspend": "suspended", "terminate": "terminated", "abandon": "cancelled"},
    "suspended": {"resume": "active", "terminate": "terminated", "abandon": "cancelled"},
    "terminated": {"undo": "suspended", "erase": "erased"},
    "erased": {},
    "cancelled": {},
}


class Hold(StrEnum):
    """Why a service may not run; it runs again when none is left."""

    UNPAID = "unpaid"
    ABUSE = "abuse"
    STAFF = "staff"
    DISPUTE = "dispute"
    ENDED = "ended"


def may_undo(wished_end: bool, holds: Collection[str]) -> bool:
    """Whether customers may take an end back: it was their own wish and nothing else holds it."""
    return wished_end and set(holds) == {Hold.ENDED.value}


def midnight(day: date, zone: str) -> datetime:
    """The first instant of a day in a zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def period_of(
    anchor_on: date, cycle: str, zone: str, number: int, shift: int = 0
) -> tuple[datetime, datetime]:
    """Start and end of a period between local midnights of the zone, in UTC."""
    first, last = (period_day(anchor_on, cycle, n, shift) for n in (number, number + 1))
    return midnight(first, zone), midnight(last, zone)


def period(anchor: datetime, cycle: str, zone: str, number: int) -> tuple[datetime, datetime]:
    """Start and end of the period with this number, counted from 0 at the anchor's own.

    Periods run between local midnights of the zone; hourly ones between full hours of UTC.
    """
    if cycle == Cycle.HOURLY:
        start = anchor.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        start += timedelta(hours=number)
        return start, start + timedelta(hours=1)
    return period_of(anchor.astimezone(ZoneInfo(zone)).date(), cycle, zone, number)


def local_day(at: datetime, zone: str) -> date:
    """The day of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()
