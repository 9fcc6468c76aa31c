"""Periods between local midnights, whatever the clocks do in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypanel.services.rules import period

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
CYCLES = ["monthly", "quarterly", "half_yearly", "yearly"]


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001
    st.sampled_from(ZONES),
    st.sampled_from(CYCLES),
    st.integers(0, 30),
)
def test_periods_follow_each_other_without_gap(
    at: datetime, zone: str, cycle: str, number: int
) -> None:
    anchor = at.replace(tzinfo=UTC)
    start, end = period(anchor, cycle, zone, number)
    assert end == period(anchor, cycle, zone, number + 1)[0]
    assert start < end
    for instant in (start, end):
        local = instant.astimezone(ZoneInfo(zone))
        before = (instant - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
        assert before.date() < local.date()
    if number == 0:
        assert start <= anchor < end


def test_a_period_over_the_change_of_clocks() -> None:
    anchor = datetime(2026, 3, 2, 9, tzinfo=UTC)
    start, end = period(anchor, "monthly", "Europe/Berlin", 0)
    assert start == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert end == datetime(2026, 4, 1, 22, tzinfo=UTC)


@pytest.mark.parametrize("number", [0, 5])
def test_hours_are_counted_in_utc(number: int) -> None:
    anchor = datetime(2026, 3, 29, 0, 40, tzinfo=UTC)
    start, end = period(anchor, "hourly", "Europe/Berlin", number)
    assert start == datetime(2026, 3, 29, number, tzinfo=UTC)
    assert end - start == timedelta(hours=1)
