"""What the billing run tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ReminderDue(Event):
    """A customer is reminded of an open invoice; `day` counts from the day it is due."""

    invoice_id: UUID
    account_id: UUID
    day: int


@dataclass(frozen=True, slots=True)
class ServiceParked(Event):
    """The run set a service aside for staff."""

    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class TermsChanged(Event):
    """A policy changed, or what was agreed with an account: agendas are looked at anew."""

    account_id: UUID | None = None
