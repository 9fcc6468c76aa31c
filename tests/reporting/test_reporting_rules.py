"""Days, words and patterns of reports: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime

from skypanel.reporting.rules import days_from, first_day, moment_text, pattern, whole_series


def test_a_day_begins_where_the_company_is() -> None:
    first, since = first_day(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "Europe/Berlin")
    assert first == date(2026, 2, 18)
    assert since.astimezone(UTC) == datetime(2026, 2, 17, 23, 0, tzinfo=UTC)
    assert days_from(first)[-1] == date(2026, 3, 3)


def test_a_day_without_anything_is_a_point_too() -> None:
    days = days_from(date(2026, 3, 1))
    series = whole_series(days, {date(2026, 3, 2): 5}, "count", 0)
    assert len(series) == 14
    assert [point["count"] for point in series[:3]] == [0, 5, 0]


def test_wildcards_that_people_type_are_letters() -> None:
    assert pattern(" 50%_\\ ") == "%50\\%\\_\\\\%"


def test_a_change_of_state_is_one_line() -> None:
    assert moment_text("order", "pay", "paid", None) == "Order: paid"
    assert moment_text("server", "fail", "failed", "No room.") == "Server: failed. No room."
