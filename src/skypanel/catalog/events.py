"""What the catalog tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class CatalogSyncRequested(Event):
    """Staff want the catalog compared with the panel now."""


@dataclass(frozen=True, slots=True)
class CapacityAsked(Event):
    """Staff want the hypervisors read now."""


@dataclass(frozen=True, slots=True)
class CapacityRead(Event):
    """What the hypervisors have and have given out was read."""


@dataclass(frozen=True, slots=True)
class PriceChangeAnnounced(Event):
    """A price changes on a day to come; whether services that run move with it."""

    change_id: UUID
    moves: bool


@dataclass(frozen=True, slots=True)
class PriceChangeApplied(Event):
    """A new price holds for new orders from now on."""

    change_id: UUID
