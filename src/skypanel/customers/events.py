"""What the customers tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class TaxNumberGiven(Event):
    """An account has a tax number that nobody has asked about yet."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class TaxNumberChecked(Event):
    """The register answered about an account's tax number."""

    account_id: UUID
