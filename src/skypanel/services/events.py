"""What the services tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ServiceActivated(Event):
    """A service is paid for and its first period runs."""

    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceCancelled(Event):
    """A service ended before it began, or before there was anything to run."""

    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceSuspended(Event):
    """The first hold was put on a service: it may not run."""

    service_id: UUID
    account_id: UUID
    hold: str


@dataclass(frozen=True, slots=True)
class ServiceResumed(Event):
    """The last hold was lifted: it may run again."""

    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceTerminated(Event):
    """A service ended; what is on it is kept until it is erased."""

    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceErased(Event):
    """The time to think is over: what is on it goes."""

    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceEndChosen(Event):
    """Its customer wants it to end on a day, or no longer does."""

    service_id: UUID
    account_id: UUID
    cancels_on: date | None
