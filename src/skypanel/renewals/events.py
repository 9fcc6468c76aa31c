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


@dataclass(frozen=True, slots=True)
class PlanChangeAsked(Event):
    """Another plan is wanted now, and waits for its payment."""

    change_id: UUID
    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PlanChangeScheduled(Event):
    """Another plan begins with a period to come."""

    change_id: UUID
    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PlanChangeApplied(Event):
    """A service is billed at another plan: its server is to follow."""

    change_id: UUID
    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PlanChangeDone(Event):
    """The server has the size of its new plan."""

    change_id: UUID
    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PlanChangeFailed(Event):
    """The panel does not give a server its new size: staff must look."""

    change_id: UUID
    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PlanChangeDropped(Event):
    """A change of plan was taken back, or not paid in time: the plan stays."""

    change_id: UUID
    service_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class RunApproved(Event):
    """Staff let the billing run go on, or want to be asked from now on."""
