"""What provisioning tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ProvisionResumed(Event):
    """Staff want a stopped creation tried again."""

    provision_id: UUID
    order_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ImportAsked(Event):
    """Staff want to see which servers of the panel are not known here."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class ImportRowQueued(Event):
    """Staff chose a server of the panel to be taken over."""

    row_id: UUID
    import_id: UUID


@dataclass(frozen=True, slots=True)
class ImportChanged(Event):
    """An import is a step further."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class ClearingAsked(Event):
    """An order without a server is given up: the panel is to have nothing of it."""

    order_id: UUID
    account_id: UUID
