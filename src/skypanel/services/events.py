"""What the services tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ServiceActivated(Event):
    """A service is paid for and its first period runs."""

    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceCancelled(Event):
    """A service ended before it began."""

    service_id: UUID
    account_id: UUID
