"""Samples, slots, points, forecasts and thresholds, reckoned."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypanel.metrics.rules import (
    CALLS_PER_SECOND,
    EVERY,
    HYSTERESIS,
    QUIET,
    SERIES,
    SLOTS,
    HourRow,
    Rule,
    Verdict,
    Watch,
    forecast,
    hour_and_slot,
    merged,
    pace_of,
    points_of,
    rates,
    roll_up,
    room,
    step,
)

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GB = 10**9
value = st.none() | st.integers(0, 1000)
slots = st.lists(value, min_size=SLOTS, max_size=SLOTS)


@st.composite
def days(draw: st.DrawFn) -> list[HourRow]:
    """The hours of a day, some missing."""
    hours = draw(st.sets(st.integers(0, 23), max_size=6))
    rows = []
    for hour in sorted(hours):
        cpu = draw(slots)
        running = [None if one is None else int(one > 0) for one in cpu]
        rows.append(HourRow(NOON.replace(hour=hour), running, dict.fromkeys(SERIES, cpu)))
    return rows


@given(days())
def test_a_day_says_exactly_what_its_samples_say(rows: list[HourRow]) -> None:
    samples = [one for row in rows for one in row.columns["cpu"] if one is not None]
    day = roll_up(date(2026, 3, 29), rows)
    assert (day.seen, day.ran) == (len(samples), sum(one > 0 for one in samples))
    found = day.series["cpu"]
    assert found.most == max(samples, default=None)
    assert found.mean == (pytest.approx(fmean(samples)) if samples else None)


@given(days())
def test_a_wide_point_says_the_same_from_hours_and_from_their_day(rows: list[HourRow]) -> None:
    begin = NOON.replace(hour=0)
    from_hours = points_of(begin, begin + timedelta(days=1), timedelta(days=1), rows)
    day = roll_up(date(2026, 3, 29), rows)
    from_day = points_of(begin, begin + timedelta(days=1), timedelta(days=1), [], [day])
    assert from_day == from_hours


@given(days(), st.sampled_from([5, 60, 240, 1440]))
def test_no_sample_is_lost_or_counted_twice(rows: list[HourRow], minutes: int) -> None:
    begin = NOON.replace(hour=0)
    points = points_of(begin, begin + timedelta(days=1), timedelta(minutes=minutes), rows)
    samples = [one for row in rows for one in row.columns["cpu"] if one is not None]
    assert len(points.at) == 1440 // minutes
    assert points.seen == len(samples)
    assert max((one for one in points.most["cpu"] if one is not None), default=None) == max(
        samples, default=None
    )


def test_a_gap_is_a_gap_and_zero_is_zero() -> None:
    cpu = [100, None, 0, *[None] * 9]
    row = HourRow(NOON, [1, None, 0, *[None] * 9], dict.fromkeys(SERIES, cpu))
    points = points_of(NOON, NOON + 3 * EVERY, EVERY, [row])
    assert points.mean["cpu"] == [100, None, 0]
    assert (points.seen, points.ran) == (2, 1)


def test_hours_are_those_of_utc_when_clocks_change() -> None:
    # In Berlin the hour after 02:00 does not exist on that day, and in October one comes twice.
    for day in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        seen = {hour_and_slot(day + number * EVERY) for number in range(24 * SLOTS)}
        assert len(seen) == 24 * SLOTS
        assert len({hour for hour, _ in seen}) == 24


def test_samples_of_a_look_stand_at_their_instants_beside_slots() -> None:
    cpu = [10, 20, 30, *[None] * 9]
    row = HourRow(NOON, [1, 1, 1, *[None] * 9], dict.fromkeys(SERIES, cpu))
    values: dict[str, int | None] = dict.fromkeys(SERIES, 99)
    fine = [(NOON + 5 * MINUTE + timedelta(seconds=n), True, values) for n in (7, 37)]
    points = merged(NOON, NOON + 60 * MINUTE, [row], fine)
    assert points.mean["cpu"] == [10, 99, 99, 30]


def test_a_missed_round_breaks_the_line() -> None:
    cpu = [10, None, 30, *[None] * 9]
    row = HourRow(NOON, [1, None, 1, *[None] * 9], dict.fromkeys(SERIES, cpu))
    assert merged(NOON, NOON + 60 * MINUTE, [row], []).mean["cpu"] == [10, None, 30]


@pytest.mark.parametrize(
    ("before", "seconds", "counter", "wanted"),
    [
        (1024 * 300, 300, 2 * 1024 * 300, 1),
        (0, 300, 0, 0),
        (5000, 300, 10, None),  # it started anew
        (0, 3600, 10**9, None),  # nobody looked for an hour
        (0, 0, 10, None),
        (None, 300, 10, None),
        (0, 300, None, None),
        (0, 1, 2**60, 2**31 - 1),
    ],
)
def test_a_rate_is_only_told_between_two_readings_of_one_run(
    before: int | None, seconds: int, counter: int | None, wanted: int | None
) -> None:
    assert rates((NOON, before), NOON + timedelta(seconds=seconds), counter) == wanted
    assert rates(None, NOON, counter) is None


def test_all_workers_together_stay_below_twenty_calls_a_second() -> None:
    assert room(NOON, NOON, 18.5) == 555
    assert room(NOON, NOON + timedelta(seconds=30), 18.5) == 0
    assert room(NOON, NOON + timedelta(hours=1), 18.5) == 0
    assert room(NOON, NOON - timedelta(days=1), 18.5) == 555
    assert pace_of(0) == pace_of(100_000) == CALLS_PER_SECOND
    assert pace_of(1200) == 18.5
    assert pace_of(300) < 5, "some of the token's limit is for what people wait for"
    # Five thousand servers every five minutes, and their traffic every hour.
    assert 5000 / 300 + 5000 / 3600 < CALLS_PER_SECOND < 20


BEGIN, END = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed_days", "used_gb", "limit_gb", "total_gb", "used_up_days"),
    [
        (10, 100, 1000, 300, None),
        (10, 500, 1000, 1500, 20),
        (15, 1000, 1000, 2000, None),  # it is used up already
        (10, 500, 0, 1500, None),
        (0.5, 100, 1000, None, None),
        (31, 700, 1000, 700, None),
    ],
)
def test_a_forecast_is_a_straight_line(
    passed_days: float, used_gb: int, limit_gb: int, total_gb: int | None, used_up_days: int | None
) -> None:
    seen_at = BEGIN + timedelta(days=passed_days)
    found = forecast(BEGIN, END, seen_at, used_gb * GB, limit_gb)
    if total_gb is None:
        assert found is None
        return
    assert found is not None
    assert found.total_bytes == total_gb * GB
    wanted = None if used_up_days is None else BEGIN + timedelta(days=used_up_days)
    assert found.used_up_at == wanted


CPU = Rule("cpu", 80, 10 * MINUTE)


def play(rule: Rule, values: list[float | None], every: timedelta = EVERY) -> list[Verdict]:
    watch, verdicts = Watch(), []
    for number, one in enumerate(values):
        watch, verdict = step(rule, watch, one, NOON + number * every)
        verdicts.append(verdict)
    return verdicts


def told(verdicts: list[Verdict]) -> list[tuple[int, Verdict]]:
    return [(n, one) for n, one in enumerate(verdicts) if one is not Verdict.NOTHING]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([90, 90, 90, 90, 90], [(2, Verdict.RAISE)]),
        ([90, 70, 90, 70, 90, 70], []),
        ([90, 90, 90, 78, 78, 78, 78], [(2, Verdict.RAISE)]),  # not clearly under it
        ([90, 90, 90, 70, 70, 70, 70], [(2, Verdict.RAISE), (5, Verdict.CLEAR)]),
        ([90, 90, 90, 70, 85, 70, 70, 70], [(2, Verdict.RAISE), (7, Verdict.CLEAR)]),
        ([90, None, 90, None, 90], [(2, Verdict.RAISE)]),
        ([None] * 9, []),
    ],
)
def test_a_threshold_raises_once_and_clears_once(
    values: list[float | None], wanted: list[tuple[int, Verdict]]
) -> None:
    assert told(play(CPU, values)) == wanted


def test_a_gap_neither_raises_nor_clears() -> None:
    # Two values an hour apart say nothing about the hour between.
    assert told(play(CPU, [90, 90, 90], every=timedelta(hours=1))) == []
    raised = Watch(raised=True, seen_at=NOON)
    watch, verdict = step(CPU, raised, 10, NOON + timedelta(hours=1))
    assert (watch.raised, verdict) == (True, Verdict.NOTHING)


def test_after_it_was_cleared_it_is_quiet_for_a_while() -> None:
    rule = Rule("filesystem", 80, timedelta(0))
    watch, verdict = step(rule, Watch(quiet_until=NOON + QUIET), 95, NOON)
    assert verdict is Verdict.NOTHING
    _, verdict = step(rule, watch, 95, NOON + QUIET)
    assert verdict is Verdict.RAISE


def test_a_server_that_is_down_is_down() -> None:
    rule = Rule("down", 1, 5 * MINUTE)
    assert told(play(rule, [0, 100, 100, 100, 0, 0])) == [(2, Verdict.RAISE), (5, Verdict.CLEAR)]


@given(st.lists(st.none() | st.integers(0, 100), max_size=60), st.integers(0, 30))
def test_raising_and_clearing_alternate(values: list[float | None], minutes: int) -> None:
    """However the values go: never two of one kind in a row, and each for a reason."""
    rule = Rule("cpu", 80, minutes * MINUTE)
    verdicts = told(play(rule, values))
    kinds = [one for _, one in verdicts]
    assert kinds == [Verdict.RAISE, Verdict.CLEAR] * (len(kinds) // 2) + [Verdict.RAISE] * (
        len(kinds) % 2
    )
    for number, one in verdicts:
        seen = values[number]
        assert seen is not None
        assert seen >= 80 if one is Verdict.RAISE else seen < 80 - HYSTERESIS
