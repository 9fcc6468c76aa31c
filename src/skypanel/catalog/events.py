"""What the catalog tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class CatalogSyncRequested(Event):
    """Staff want the catalog compared with the panel now."""


@dataclass(frozen=True, slots=True)
class PriceChangeAnnounced(Event):
    """A price changes on a day to come; whether services that run move with it."""

    change_id: UUID
    moves: bool


@dataclass(frozen=True, slots=True)
class PriceChangeApplied(Event):
    """A new price holds for new orders from now on."""

    change_id: UUID
