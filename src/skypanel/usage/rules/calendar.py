"""Hours and months of the calendar in UTC, the states of a month, and what the host may set."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from skypanel.catalog.rules import period_day
from skypanel.platform.settings import Section

HOUR = timedelta(hours=1)


class MonthState(StrEnum):
    """Hours are counted, or not while it is unpaid; over and about to be invoiced; done."""

    OPEN = "open"
    HELD = "held"
    CLOSING = "closing"
    INVOICED = "invoiced"
    FREE = "free"


class UsageSettings(Section):
    """How much money an hourly server starts with, and when its customer is warned and stopped."""

    section: ClassVar[str] = "usage"
    title: ClassVar[str] = "Hourly billing"
    start_hours: Annotated[
        int, Field(ge=1, le=744, description="The balance must last so long to start a server.")
    ] = 72
    low_hours: Annotated[int, Field(ge=1, le=744, description="Below this a mail warns, once.")] = (
        48
    )
    grace_hours: Annotated[
        int, Field(ge=0, le=744, description="Unpaid for so long, a server is suspended.")
    ] = 24


def full_hour(at: datetime) -> datetime:
    """When the hour of an instant began."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def month_of(at: datetime) -> date:
    """The month of an instant in UTC, as its first day."""
    return at.astimezone(UTC).date().replace(day=1)


def month_end(month: date) -> datetime:
    """The first instant of the next month."""
    return datetime.combine(period_day(month, "monthly", 1), time(), UTC)


def hours_between(first: datetime, last: datetime) -> int:
    """Whole hours from one full hour to another; in UTC every one of them is an hour long."""
    return (last - first) // HOUR
