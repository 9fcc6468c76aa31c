"""What the doors of billing over time take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from skypanel.ledger.schemas import Amount
from skypanel.platform.http.fields import Reason
from skypanel.renewals.rules import Policy

StepName = Literal[
    "issue", "collect", "remind", "roll", "suspend", "end", "terminate", "erase", "hours"
]
Outcome = Literal["done", "paid", "charging", "unpaid"]
ServiceState = Literal["pending", "active", "suspended", "terminated", "erased", "cancelled"]
HoldName = Literal["unpaid", "abuse", "staff", "dispute", "ended"]


class ActShown(BaseModel):
    """One thing that will happen, or did; `on` is the day in the service's own zone."""

    service_id: UUID
    account_id: UUID
    account_name: str
    service_name: str
    step: StepName
    period: int
    day: int
    at: datetime
    on: date
    outcome: Outcome
    amount: Amount | None


class ActDone(ActShown):
    """One thing that the run did."""

    id: UUID


class Sum(BaseModel):
    """How often something happens, and over how much."""

    step: StepName
    outcome: Outcome
    count: int
    amount: Amount


class Parked(BaseModel):
    """A service that the run passes over."""

    service_id: UUID
    account_id: UUID
    account_name: str
    service_name: str
    parked_at: datetime
    reason: str
    next_step: StepName | None
    next_at: datetime | None


class RunPreview(BaseModel):
    """The next days of the billing run beside the last ones; `count` is of all, not of `acts`."""

    until: datetime
    days: int
    count: int
    acts: list[ActShown]
    totals: list[Sum]
    before: list[Sum]
    parked: list[Parked]


class ActsDone(BaseModel):
    """A page of what the run did."""

    items: list[ActDone]
    next: str | None


class Upcoming(BaseModel):
    """What an account can expect."""

    until: datetime
    count: int
    acts: list[ActShown]
    totals: list[Sum]


class TimelineRow(BaseModel):
    """One line of a policy: a day counted from the day an invoice is due."""

    day: int
    text: str


class PolicyShown(BaseModel):
    """A policy with its timeline."""

    id: UUID | None
    default: bool
    terms: Policy
    plans: list[str]
    timeline: list[TimelineRow]


class Policies(BaseModel):
    items: list[PolicyShown]


class PolicyWish(BaseModel):
    """A policy as staff want it."""

    model_config = ConfigDict(extra="forbid")
    terms: Policy
    default: bool = False


class PlanPolicyWish(BaseModel):
    """Which policy a plan is to follow; null is the default one."""

    model_config = ConfigDict(extra="forbid")
    policy_id: UUID | None


class TermsWish(BaseModel):
    """What is agreed with an account."""

    model_config = ConfigDict(extra="forbid")
    exempt: bool = False
    promise_until: date | None = None
    reason: Reason


class TermsShown(BaseModel):
    exempt: bool
    promise_until: date | None
    reason: str | None


class WithReason(BaseModel):
    """Why staff do this; it is audited."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


class HoldWish(WithReason):
    hold: Literal["abuse", "staff", "dispute"]


class CancelWish(BaseModel):
    """End with the running period, or go on after all."""

    model_config = ConfigDict(extra="forbid")
    at_period_end: bool


class EndWish(BaseModel):
    """End at once; `confirm` is the service's name, typed by whoever loses what is on it."""

    model_config = ConfigDict(extra="forbid")
    confirm: str = Field(max_length=100)


class RenewalShown(BaseModel):
    """One billed period; its days are those of the service's own zone, the last one excluded."""

    number: int
    state: Literal["open", "paid", "void", "free"]
    starts_at: datetime
    ends_at: datetime
    starts_on: date
    ends_on: date
    due_on: date
    invoice_id: UUID | None
    total: Amount


class ServiceShown(BaseModel):
    """What is billed over time."""

    id: UUID
    account_id: UUID
    account_name: str
    name: str
    plan_name: str
    state: ServiceState
    holds: list[HoldName]
    cycle: str
    price: Amount
    price_exact: str | None
    period_starts_at: datetime | None
    period_ends_at: datetime | None
    renews_on: date | None
    cancels_on: date | None
    wished_end: bool
    terminated_at: datetime | None
    erases_at: datetime | None
    server_id: UUID | None
    next_step: StepName | None
    next_at: datetime | None
    parked: bool
    can: list[str]


class ServiceWhole(ServiceShown):
    """A service with its periods and what comes next."""

    renewals: list[RenewalShown]
    upcoming: list[ActShown]
    policy: PolicyShown


class Services(BaseModel):
    items: list[ServiceShown]
    next: str | None


class RunGateShown(BaseModel):
    """Whether the run waits for staff, and how far they let it go."""

    needed: bool
    approved_until: datetime | None
    approved_at: datetime | None
    approved_by: str | None
    reason: str | None


class RunGateWish(BaseModel):
    """Whether the run shall wait for staff from now on."""

    model_config = ConfigDict(extra="forbid")
    needed: bool
    reason: Reason


class RunApproval(BaseModel):
    """Until when the run may go on: the `until` of the preview that was looked at."""

    model_config = ConfigDict(extra="forbid")
    until: AwareDatetime
    reason: Reason
