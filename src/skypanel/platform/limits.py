"""Rate limits: a token bucket in process for reads, counted windows in PostgreSQL for the rest.

What must hold across processes (log-in, registration, orders) is counted in the database; reads
are only slowed, so each process counts its own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, transaction
from skypanel.platform.errors import TooManyAttempts
from skypanel.platform.jobs import timer

if TYPE_CHECKING:
    from skypanel.platform.db import Db
    from skypanel.platform.house import House

BUCKETS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in `seconds`, counted per name and subject."""

    name: str
    times: int
    seconds: int


class RateWindow(Base):
    """How often something was tried since its window opened."""

    __tablename__ = "rate_windows"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


COUNT = """
insert into rate_windows (key, opened_at, closes_at, count)
values (%(key)s, %(now)s, %(closes)s, 1)
on conflict (key) do update set
    count = case when rate_windows.closes_at <= %(now)s then 1 else rate_windows.count + 1 end,
    opened_at = case when rate_windows.closes_at <= %(now)s then %(now)s
        else rate_windows.opened_at end,
    closes_at = case when rate_windows.closes_at <= %(now)s then %(closes)s
        else rate_windows.closes_at end
returning count, closes_at
"""


async def count(house: House, limit: Limit, subject: str) -> None:
    """Count one try in its own transaction; refuse it when the window is full."""
    async with transaction(house) as db:
        connection = await db.driver()
        cursor = await connection.execute(
            COUNT.encode(),
            {
                "key": f"{limit.name}:{subject}"[:200],
                "now": db.now,
                "closes": db.now + timedelta(seconds=limit.seconds),
            },
        )
        row = await cursor.fetchone()
    assert row is not None
    if row[0] > limit.times:
        wait = max(1, int((row[1] - db.now).total_seconds()))
        raise TooManyAttempts(retry_after_seconds=wait)


class ReadLimiter:
    """Token buckets of this process, one per caller: `rate` a second, bursts of `burst`."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: dict[bytes, tuple[float, float]] = {}

    def take(self, caller: bytes) -> float | None:
        """Take one token; nothing if there was one, else the seconds until there is."""
        now = time.monotonic()
        level, seen = self._buckets.get(caller, (self._burst, now))
        level = min(self._burst, level + (now - seen) * self._rate)
        if len(self._buckets) > BUCKETS_MAX:
            self._buckets.clear()
        if level < 1:
            self._buckets[caller] = (level, now)
            return (1 - level) / self._rate
        self._buckets[caller] = (level - 1, now)
        return None


@timer("*/10 * * * *")
async def forget_closed_windows(db: Db) -> None:
    """Closed windows are dropped, a bounded batch at a time."""
    await db.run(
        "delete from rate_windows where key in"
        " (select key from rate_windows where closes_at <= %(now)s limit 5000)",
        now=db.now,
    )
