"""Changes of prices and accounts' own prices, as doors take and give them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from skypanel.catalog.schemas.shop import Amount, Currency, CycleWord
from skypanel.platform.http.fields import Reason

Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
Policy = Literal["keep", "move"]


class PriceChangeWish(BaseModel):
    """A new price from a day on, and whether services that run move to it.

    Without `setup_minor` the set-up stays what it is.
    """

    model_config = ConfigDict(extra="forbid")
    plan_id: UUID
    currency: Currency
    cycle: CycleWord
    price: Price
    setup_minor: Annotated[int, Field(ge=0)] | None = None
    effective_on: date
    policy: Policy
    notice_days: Annotated[int, Field(ge=0, le=365)] = 30
    reason: Annotated[str, Field(max_length=300)] = ""


class PriceChangeShown(BaseModel):
    """A change of a price as staff see it."""

    id: UUID
    plan_id: UUID
    plan_name: str
    currency: str
    cycle: CycleWord
    price: str
    price_before: str | None
    setup: Amount
    effective_on: date
    policy: Policy
    notice_days: int
    state: Literal["announced", "applied", "cancelled"]
    reason: str
    created_at: datetime
    applied_at: datetime | None
    can: list[str]


class PriceChanges(BaseModel):
    items: list[PriceChangeShown]
    next: str | None


class OverrideWish(BaseModel):
    """An account's own price for a plan, and why."""

    model_config = ConfigDict(extra="forbid")
    account_id: UUID
    plan_id: UUID
    currency: Currency
    cycle: CycleWord
    price: Price
    reason: Annotated[Reason, Field(max_length=300)]
    starts_on: date
    ends_on: date | None = None


class OverrideEnd(BaseModel):
    """The last day on which an own price holds."""

    model_config = ConfigDict(extra="forbid")
    ends_on: date


class OverrideShown(BaseModel):
    """An account's own price as staff see it."""

    id: UUID
    account_id: UUID
    account_name: str
    plan_id: UUID
    plan_name: str
    currency: str
    cycle: CycleWord
    price: str
    reason: str
    starts_on: date
    ends_on: date | None
    created_at: datetime


class Overrides(BaseModel):
    items: list[OverrideShown]
    next: str | None
