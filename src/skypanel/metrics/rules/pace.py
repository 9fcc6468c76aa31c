"""How often servers are asked, and how many calls a round may make: pure.

At 5,000 servers a sample every five minutes is 16.7 calls a second and traffic once an hour 1.4:
what is left of twenty is for servers that somebody looks at, and for everything else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

CALLS_PER_SECOND: Final = 18.5
SHARE: Final = 0.925
"""Of the token's limit; the rest is for what people wait for."""
ROUND: Final = timedelta(seconds=30)
WATCHED: Final = timedelta(seconds=90)
"""How long a viewer's interest lasts without being said again."""
PHASES: Final = 10
"""Rounds of a five-minute slot; each server has its own, so that every round asks as many."""
TRAFFIC_PHASES: Final = 120
"""Rounds of an hour."""
LATE: Final = timedelta(minutes=10)


def pace_of(calls_per_minute: int) -> float:
    """Calls a second for sampling: what was agreed, or most of what the token is allowed."""
    return (
        min(CALLS_PER_SECOND, calls_per_minute / 60 * SHARE)
        if calls_per_minute
        else (CALLS_PER_SECOND)
    )


def room(now: datetime, free_at: datetime, pace: float) -> int:
    """How many calls this round may still make, if calls are reserved until `free_at`."""
    left = now + ROUND - max(now, free_at)
    return max(0, int(left.total_seconds() * pace))
