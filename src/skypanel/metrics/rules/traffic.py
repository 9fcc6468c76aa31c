"""How much traffic a period will have used at its end: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

GB: Final = 1_000_000_000
EARLY: Final = timedelta(days=1)
"""Before so much of a period has passed, one busy hour would be taken for a busy month."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What it comes to if it goes on at the period's own average."""

    total_bytes: int
    used_up_at: datetime | None
    """When the limit is reached at that rate; nothing where it lasts, or there is none."""


def forecast(
    starts_at: datetime, ends_at: datetime, seen_at: datetime, used_bytes: int, limit_gb: int
) -> Forecast | None:
    """A straight line from what was used until `seen_at`; nothing when it is too early to say."""
    passed = min(seen_at, ends_at) - starts_at
    if passed < EARLY:
        return None
    if seen_at >= ends_at:
        return Forecast(used_bytes, None)
    total = used_bytes * ((ends_at - starts_at) / passed)
    limit = limit_gb * GB
    used_up_at = None
    if limit and used_bytes < limit <= total:
        used_up_at = starts_at + passed * (limit / used_bytes)
    return Forecast(int(total), used_up_at)
