"""Samples, the hours and days they are kept in, and the points of a chart: pure.

Shares are kept in thousandths, rates in KiB a second. An hour has twelve slots of five minutes;
what was not seen is None, never zero. All hours and days are UTC's, so nothing moves when clocks
change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

SERIES: Final = ("cpu", "memory", "filesystem", "read_kib", "written_kib")
SLOTS: Final = 12
EVERY: Final = timedelta(minutes=5)
HOUR: Final = timedelta(hours=1)
HOURS_KEPT: Final = timedelta(days=30)
DAYS_KEPT: Final = timedelta(days=366)
SAMPLES_KEPT: Final = timedelta(hours=2)
GAP_IN_SAMPLES: Final = timedelta(minutes=8)
COUNTED_WITHIN: Final = timedelta(minutes=15)
KIB: Final = 1024
KIB_PER_SECOND_MAX: Final = 2**31 - 1

Column = Sequence[int | None]
Value = tuple[datetime, bool, Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen of a server at one instant; counters are the guest's since it started."""

    at: datetime
    running: bool
    cpu: int | None = None
    memory: int | None = None
    filesystem: int | None = None
    memory_total_mib: int | None = None
    read_bytes: int | None = None
    written_bytes: int | None = None
    filesystems: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class HourRow:
    """An hour of a server as it is kept: twelve slots of each series."""

    hour: datetime
    running: Column
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Figures:
    """Mean and maximum of what was seen; None where nothing was."""

    mean: float | None = None
    most: int | None = None
    count: int = 0


NOTHING: Final = Figures()


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A day of a server: how often it was seen, how often it ran, and each series."""

    day: date
    seen: int
    ran: int
    series: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Span:
    """A range that people choose, and how wide a point of its chart is."""

    length: timedelta
    point: timedelta


RANGES: Final[Mapping[str, Span]] = {
    "1h": Span(timedelta(hours=1), timedelta(0)),
    "24h": Span(timedelta(hours=24), EVERY),
    "7d": Span(timedelta(days=7), HOUR),
    "30d": Span(timedelta(days=30), timedelta(hours=4)),
    "12m": Span(timedelta(days=365), timedelta(days=1)),
}


def per_mille(share: float | None) -> int | None:
    """A share of 0 to 1 in thousandths, bounded."""
    return None if share is None else max(0, min(1000, round(share * 1000)))


def hour_and_slot(at: datetime) -> tuple[datetime, int]:
    """The hour an instant lies in, and which of its slots (0 to 11)."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return hour, at.minute // 5


def day_of(at: datetime) -> datetime:
    """The midnight before."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def rates(
    before: tuple[datetime, int | None] | None, at: datetime, counter: int | None
) -> int | None:
    """KiB a second between two readings of a counter; nothing across a restart or a gap."""
    if before is None or counter is None or before[1] is None:
        return None
    since = at - before[0]
    if not timedelta(0) < since <= COUNTED_WITHIN or counter < before[1]:
        return None
    return min(KIB_PER_SECOND_MAX, round((counter - before[1]) / since.total_seconds() / KIB))


def figures_of(values: Iterable[int | None]) -> Figures:
    """Mean and maximum of what is known."""
    known = [value for value in values if value is not None]
    if not known:
        return NOTHING
    return Figures(sum(known) / len(known), max(known), len(known))


def roll_up(day: date, hours: Iterable[HourRow]) -> DayFigures:
    """What is kept of a day once its hours go: exactly what its samples say."""
    rows = list(hours)
    running = [one for row in rows for one in row.running if one is not None]
    return DayFigures(
        day,
        seen=len(running),
        ran=sum(running),
        series={
            name: figures_of(value for row in rows for value in row.columns[name])
            for name in SERIES
        },
    )


@dataclass(slots=True)
class Points:
    """The points of a chart by column: instants, and per series means and maxima."""

    at: list[datetime] = field(default_factory=list)
    mean: dict[str, list[float | None]] = field(default_factory=lambda: {n: [] for n in SERIES})
    most: dict[str, list[int | None]] = field(default_factory=lambda: {n: [] for n in SERIES})
    seen: int = 0
    ran: int = 0

    def put(self, at: datetime, figures: Mapping[str, Figures]) -> None:
        self.at.append(at)
        for name in SERIES:
            found = figures.get(name, NOTHING)
            self.mean[name].append(found.mean)
            self.most[name].append(found.most)


def points_of(
    begin: datetime,
    end: datetime,
    point: timedelta,
    hours: Iterable[HourRow],
    days: Iterable[DayFigures] = (),
) -> Points:
    """One point for each width from `begin` until `end`; where nothing was seen it is None.

    Days stand for themselves; they and the hours never tell of the same day.
    """
    points = Points()
    kept = {_midnight(each.day, begin): each for each in days}
    known: dict[int, list[tuple[HourRow, int]]] = {}
    for row in hours:
        for slot, ran in enumerate(row.running):
            at = row.hour + slot * EVERY
            if begin <= at < end and ran is not None:
                known.setdefault((at - begin) // point, []).append((row, slot))
                points.seen += 1
                points.ran += ran
    for number in range(-((begin - end) // point)):
        at = begin + number * point
        slots = known.get(number, [])
        figures: Mapping[str, Figures] = {
            name: figures_of(row.columns[name][slot] for row, slot in slots) for name in SERIES
        }
        if at in kept and not slots:
            figures = kept[at].series
            points.seen += kept[at].seen
            points.ran += kept[at].ran
        points.put(at, figures)
    return points


def _midnight(day: date, like: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=like.tzinfo)


def merged(
    begin: datetime, end: datetime, hours: Iterable[HourRow], fine: Sequence[Value]
) -> Points:
    """Every value of a short while at its very instant, with an empty point in each gap.

    `fine` are the samples taken while somebody looked; a slot that has some is told by them.
    """
    covered = {hour_and_slot(one[0]) for one in fine}
    coarse: list[Value] = [
        (at, bool(ran), {name: row.columns[name][slot] for name in SERIES})
        for row in hours
        for slot, ran in enumerate(row.running)
        if ran is not None
        and begin <= (at := row.hour + slot * EVERY) < end
        and (row.hour, slot) not in covered
    ]
    points = Points()
    before: datetime | None = None
    for at, ran, values in sorted([*coarse, *fine], key=lambda one: one[0]):
        if before is not None and at - before > GAP_IN_SAMPLES:
            points.put(before + EVERY, {})
        before = at
        points.seen += 1
        points.ran += ran
        points.put(at, {name: figures_of([values[name]]) for name in SERIES})
    return points
