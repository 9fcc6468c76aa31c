"""What the ledger tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ProofAsked(Event):
    """Somebody wants to see every balance rebuilt now."""


@dataclass(frozen=True, slots=True)
class DifferenceFound(Event):
    """A balance is not the sum of its entries."""

    difference_id: UUID
