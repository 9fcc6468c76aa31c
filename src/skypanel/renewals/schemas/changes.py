"""What the doors of changes of plan and cycle take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from skypanel.catalog.schemas.tax import TaxShown
from skypanel.ledger.schemas import Amount
from skypanel.platform.http.fields import Reason

Timing = Literal["now", "renewal"]
Term = Literal["monthly", "quarterly", "half_yearly", "yearly"]
Period = Literal["hourly", "monthly", "quarterly", "half_yearly", "yearly"]
ChangeState = Literal[
    "asked", "awaiting_payment", "scheduled", "applying", "failed", "done", "cancelled", "expired"
]


class PlanSize(BaseModel):
    """What a plan is made of."""

    id: UUID
    name: str
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    port_mbps: int


class PlanNamed(BaseModel):
    id: UUID
    name: str


class WhyNot(BaseModel):
    """Why a change can't be made."""

    code: str
    message: str


class Part(BaseModel):
    """An amount with its tax."""

    net: Amount
    tax: Amount
    gross: Amount


class ProrationShown(BaseModel):
    """How the amount of a change came about: days are whole days of the service's zone."""

    days_left: int
    days_whole: int
    ends_on: date
    paid: Amount
    paid_days: int
    price: Amount
    credit: Part
    charge: Part


class AddonQuoted(BaseModel):
    """An add-on that goes with a service into another cycle, and its price there, each."""

    name: str
    quantity: int
    price: Amount


class HourlyChange(BaseModel):
    """A change of a service by the hour: hours from `from_at` on have the new price.

    `needed` is the balance that a dearer plan asks for.
    """

    from_at: datetime
    price_exact_before: str
    price_exact: str
    cap: Amount | None
    needed: Amount
    spendable: Amount


class PlanChangeQuote(BaseModel):
    """A change of plan before it is confirmed; `total` below nothing comes back to the wallet.

    Where the cycle is another, `addons` are what add-ons cost in it, and `coupon_ends` is the code
    that takes nothing off any more.
    """

    service_id: UUID
    plan: PlanSize
    plan_before: PlanNamed
    timing: Timing
    cycle: Period
    cycle_before: Period
    price: Amount
    addons: list[AddonQuoted]
    coupon_ends: str | None
    hourly: HourlyChange | None
    refusal: WhyNot | None
    effective_on: date
    proration: ProrationShown | None
    tax_treatment: TaxShown
    total: Amount
    from_wallet: Amount
    to_pay: Amount
    to_wallet: Amount
    next_on: date
    next_total: Amount
    restarts: bool
    keeps_disk: bool


class PlanChoice(BaseModel):
    """A plan that a service could have; null is no objection."""

    plan: PlanSize
    description: str
    price: Amount
    price_exact: str | None
    current: bool
    total_now: Amount
    now: WhyNot | None
    renewal: WhyNot | None


class PlanChangeShown(BaseModel):
    """A change of plan that was asked for; `cycle` is null where that stays."""

    id: UUID
    service_id: UUID
    account_id: UUID
    timing: Timing
    state: ChangeState
    plan_id: UUID
    plan_before_id: UUID
    plan_name: str
    plan_name_before: str
    cycle: Period | None
    cycle_before: Period | None
    effective_on: date
    restarts: bool
    invoice_id: UUID | None
    credit_note_ids: list[UUID]
    reason: str | None
    error: str | None
    created_at: datetime
    expires_at: datetime | None
    applied_at: datetime | None
    closed_at: datetime | None
    price: Amount
    credit: Amount
    charge: Amount
    total: Amount
    can: list[str]


class PlanChoices(BaseModel):
    """The plans there are for a service in a cycle, and the changes there were.

    `cycles` are those that can be asked for; a service by the hour has that one only.
    """

    cycle: Period | None
    cycles: list[Period]
    plans: list[PlanChoice]
    changes: list[PlanChangeShown]


class PlanChangeWish(BaseModel):
    """A change as its quote was confirmed: `quoted_minor` is the quote's total.

    Another `cycle` begins with a period (`timing` is renewal); none is the one that it has.
    """

    model_config = ConfigDict(extra="forbid")
    plan_id: UUID
    timing: Timing
    cycle: Term | None = None
    quoted_minor: int
    use_wallet: bool = True


class StaffPlanChangeWish(PlanChangeWish):
    reason: Reason
