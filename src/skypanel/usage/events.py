"""What hourly billing tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class BalanceLow(Event):
    """An account's money will soon not cover its hourly servers any more."""

    account_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class BalanceEmpty(Event):
    """An hour that was used could not be paid whole."""

    account_id: UUID
    since: datetime
