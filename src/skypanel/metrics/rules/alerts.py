"""When an alert is raised and when it is over: pure.

A value over its threshold for the rule's whole duration raises; a value that is clearly under it
for as long clears. Between the two nothing changes, so a value that trembles at its threshold
raises once. A gap is no value: it neither raises nor clears, and what it interrupted begins anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from skypanel.platform.states import Table

ALERT_STATES: Table = {"raised": {"clear": "cleared"}, "cleared": {}}
KINDS: Final = ("cpu", "memory", "filesystem", "traffic", "down")
HYSTERESIS: Final = 5
"""So many points under its threshold a value must be to count as over."""
QUIET: Final = timedelta(minutes=10)
"""So long after it was cleared the same rule raises nothing."""
CALM_MIN: Final = timedelta(minutes=5)
GAP: Final = timedelta(minutes=15)
TRAFFIC_GAP: Final = timedelta(hours=3)
DOWN, UP = 100.0, 0.0


USUAL: Final[Mapping[str, tuple[int, int]]] = {
    "cpu": (90, 15),
    "memory": (95, 15),
    "filesystem": (90, 0),
    "traffic": (80, 0),
    "down": (100, 5),
}
"""Threshold and minutes that are offered for what was never set."""


def unset(kind: str) -> dict[str, Any]:
    """A rule that was never set: off, with what is usual."""
    threshold, minutes = USUAL[kind]
    return {"threshold": threshold, "minutes": minutes, "enabled": False, "own": False}


class Verdict(StrEnum):
    """What a value means for a rule."""

    NOTHING = "nothing"
    RAISE = "raise"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Rule:
    """A threshold in percent that must be reached for so long."""

    kind: str
    threshold: int
    lasting: timedelta


@dataclass(frozen=True, slots=True)
class Watch:
    """What a rule remembers between two values."""

    raised: bool = False
    breaching_since: datetime | None = None
    calm_since: datetime | None = None
    seen_at: datetime | None = None
    quiet_until: datetime | None = None


def breaches(rule: Rule, value: float) -> bool:
    """Whether a value has reached the threshold."""
    return value >= (DOWN if rule.kind == "down" else rule.threshold)


def _is_calm(rule: Rule, value: float) -> bool:
    return value <= UP if rule.kind == "down" else value < max(1, rule.threshold - HYSTERESIS)


def step(rule: Rule, watch: Watch, value: float | None, at: datetime) -> tuple[Watch, Verdict]:
    """What the rule remembers after a value, and what follows from it."""
    if value is None:
        return watch, Verdict.NOTHING
    gap_max = TRAFFIC_GAP if rule.kind == "traffic" else GAP
    if watch.seen_at is not None and at - watch.seen_at > gap_max:
        watch = replace(watch, breaching_since=None, calm_since=None)
    watch = replace(watch, seen_at=at)
    return (_while_raised if watch.raised else _while_quiet)(rule, watch, value, at)


def _while_raised(rule: Rule, watch: Watch, value: float, at: datetime) -> tuple[Watch, Verdict]:
    if not _is_calm(rule, value):
        return replace(watch, calm_since=None), Verdict.NOTHING
    since = watch.calm_since or at
    needed = timedelta(0) if rule.kind == "traffic" else max(CALM_MIN, rule.lasting)
    if at - since < needed:
        return replace(watch, calm_since=since), Verdict.NOTHING
    return Watch(seen_at=at, quiet_until=at + QUIET), Verdict.CLEAR


def _while_quiet(rule: Rule, watch: Watch, value: float, at: datetime) -> tuple[Watch, Verdict]:
    if not breaches(rule, value):
        return replace(watch, breaching_since=None), Verdict.NOTHING
    since = watch.breaching_since or at
    quiet = watch.quiet_until is not None and at < watch.quiet_until
    if quiet or at - since < rule.lasting:
        return replace(watch, breaching_since=since), Verdict.NOTHING
    return Watch(raised=True, seen_at=at), Verdict.RAISE
