"""The company's clock: the only source of time.

It is the machine's clock plus an offset, so that a sandbox or a test can be turned forward and
everything that asks the clock moves with it. Production never turns it (`turning.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the instant it is for the company, in UTC."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def turn(self, span: timedelta) -> None:
        """Move the company forward by `span`."""
        self.offset += span


class FrozenClock(Clock):
    """A clock that stands still until it is turned."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at + self.offset

    def turn(self, span: timedelta) -> None:
        self.at += span
