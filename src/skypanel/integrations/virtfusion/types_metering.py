"""What the panel tells of a server's traffic, in our words and units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TrafficBlock:
    """Extra traffic for one period; it ends with it."""

    id: int
    gb: int


@dataclass(frozen=True, slots=True)
class TrafficPeriod:
    """A month of traffic counted from the day the server was made, blocks not in the limit."""

    number: int
    starts_at: datetime
    ends_at: datetime
    received_bytes: int
    sent_bytes: int
    total_bytes: int
    """What counts against the limit; the panel's own sum."""
    limit_gb: int
    """0 is unmetered."""
    blocks: tuple[TrafficBlock, ...]


@dataclass(frozen=True, slots=True)
class AssignedBlock:
    """A block that a server has, with the period it counts for."""

    id: int
    period_number: int
    gb: int
    added_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """A period that can take a block."""

    number: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TrafficBlocks:
    """The blocks of a server, and the periods that can take another."""

    assigned: tuple[AssignedBlock, ...]
    current: OpenPeriod
    open: tuple[OpenPeriod, ...]
