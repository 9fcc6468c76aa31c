"""How much a guest does: a pure function of the server and the clock.

Days have their rhythm, nights their backup, and now and then something runs away for a while. What
is counted (bytes read, written, sent) is the exact integral of its rate, so that counters grow
with time, at whatever instants they are read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zlib import crc32

DAY: Final = 86_400.0
STEP: Final = 300.0
SPIKE: Final = 3600.0
BACKUP_AT: Final = 3 * 3600.0
BACKUP: Final = 900.0
GIB: Final = 1024**3
SPIKES_OF_HOURS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Load:
    """What a running guest does at one instant; counters since it was built."""

    cpu_percent: float
    memory_used: float
    """Share of its memory, 0 to 1."""
    filesystem_used: float
    read_bytes: int
    written_bytes: int


def load(server_id: int, since: datetime, now: datetime) -> Load:
    """What a guest that runs since `since` does now."""
    at = now.timestamp()
    day = _daily(server_id, at)
    cpu = 3 + 14 * _luck(server_id, "cpu") + 22 * day + 6 * _ripple(server_id, at)
    if _luck(server_id, f"spike {int(at // SPIKE)}") < SPIKES_OF_HOURS:
        cpu += 55
    backing_up = BACKUP_AT <= at % DAY < BACKUP_AT + BACKUP
    if backing_up:
        cpu += 25
    memory = 0.28 + 0.3 * _luck(server_id, "memory") + 0.08 * day
    memory += 0.02 * _ripple(server_id + 7, at) + 0.05 * backing_up
    age = max(0.0, at - since.timestamp())
    full = 0.45 + 0.4 * _luck(server_id, "disk")
    filesystem = 0.08 + (full - 0.08) * (1 - math.exp(-age / (60 * DAY)))
    rate = 40_000 + 260_000 * _luck(server_id, "io")
    nightly = 2 * GIB * _nights(since.timestamp(), at)
    return Load(
        cpu_percent=round(max(0.3, min(99.5, cpu)), 1),
        memory_used=min(0.97, memory),
        filesystem_used=filesystem,
        read_bytes=int(512_344_064 + _grown(server_id, rate, since.timestamp(), at) + nightly),
        written_bytes=int(204_472_320 + _grown(server_id, rate * 0.6, since.timestamp(), at)),
    )


def traffic(server_id: int, limit_gb: int, start: datetime, end: datetime) -> tuple[int, int]:
    """Bytes received and sent between two instants: a share of the limit that is the server's."""
    share = 0.15 + 0.7 * _luck(server_id, "traffic")
    rate = share * (limit_gb or 2000) * 1e9 / (30.4 * DAY)
    begun, ended = start.timestamp(), max(start, end).timestamp()
    total = _grown(server_id, rate, begun, ended)
    received = int(total * (0.2 + 0.3 * _luck(server_id, "direction")))
    return received, int(total) - received


def utc_midnight(moment: datetime) -> datetime:
    """The day on which something happened, as the panel's periods begin."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _luck(server_id: int, what: str) -> float:
    """A number between 0 and 1 that is always the same for this."""
    # A checksum of neighbours is a neighbour: the factor throws them apart.
    return (crc32(f"{server_id}:{what}".encode()) * 2_654_435_761 & 0xFFFFFFFF) / 2**32


def _daily(server_id: int, at: float) -> float:
    """Between 0 at night and 1 in the afternoon, not the same hour for all."""
    shift = (10 + 4 * _luck(server_id, "shift")) / 24 * DAY
    return 0.5 + 0.5 * math.sin(2 * math.pi * (at - shift) / DAY)


def _ripple(server_id: int, at: float) -> float:
    """Between -1 and 1, without jumps."""
    number, part = divmod(at, STEP)
    first = _luck(server_id, f"ripple {int(number)}")
    second = _luck(server_id, f"ripple {int(number) + 1}")
    return 2 * (first + (second - first) * part / STEP) - 1


def _grown(server_id: int, rate: float, start: float, end: float) -> float:
    """What a rate with the daily rhythm adds up to; never less at a later instant."""
    shift = (10 + 4 * _luck(server_id, "shift")) / 24 * DAY
    turn = DAY / (2 * math.pi)
    wave = math.cos((start - shift) / turn) - math.cos((end - shift) / turn)
    return max(0.0, rate * ((end - start) + 0.8 * turn * wave))


def _nights(start: float, end: float) -> float:
    """How many nightly backups were read, the one under way in part."""

    def until(at: float) -> float:
        days, part = divmod(at - BACKUP_AT, DAY)
        return days + min(part, BACKUP) / BACKUP

    return max(0.0, until(end) - until(start))
