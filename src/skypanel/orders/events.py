"""What the orders tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class OrderPlaced(Event):
    """A customer ordered; room is held and a proforma is open."""

    order_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class OrderPaid(Event):
    """An order's money is here; its server is to be made."""

    order_id: UUID
    account_id: UUID
    service_id: UUID


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    """An order stands differently: cancelled, expired, failed or fulfilled."""

    order_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class OrderRefunded(Event):
    """An order's server could not be made: its money went back and it is closed."""

    order_id: UUID
    account_id: UUID
