"""What the catalog tells the world."""

from __future__ import annotations

from dataclasses import dataclass

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class CatalogSyncRequested(Event):
    """Staff want the catalog compared with the panel now."""
