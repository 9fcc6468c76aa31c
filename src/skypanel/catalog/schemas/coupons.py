"""Coupons, as doors take and give them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from skypanel.catalog.schemas.shop import Amount, Currency, CycleWord

Count = Annotated[int, Field(ge=1, le=1_000_000)]


class AmountWish(BaseModel):
    """How much less, in one currency."""

    model_config = ConfigDict(extra="forbid")
    minor: Annotated[int, Field(ge=1, le=10**12)]
    currency: Currency


class CouponWish(BaseModel):
    """A code that takes something off; what is left out is without limit."""

    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$")]
    name: Annotated[str, Field(max_length=100)] = ""
    kind: Literal["percentage", "fixed"]
    percent: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)] | None = None
    amounts: Annotated[list[AmountWish], Field(max_length=20)] = []
    periods: Annotated[int, Field(ge=1, le=1200)] | None = None
    first_order_only: bool = False
    covers_setup: bool = False
    plan_ids: Annotated[list[UUID], Field(max_length=200)] = []
    cycles: Annotated[list[CycleWord], Field(max_length=5)] = []
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    redemptions_max: Count | None = None
    per_account_max: Count | None = None


class CouponChange(BaseModel):
    """What of a coupon is to change; what it takes off never does. Null takes a limit away."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=100)] | None = None
    ends_at: AwareDatetime | None = None
    redemptions_max: Count | None = None
    per_account_max: Count | None = None
    enabled: bool | None = None


class CouponShown(BaseModel):
    """A coupon and how often it is used now."""

    id: UUID
    code: str
    name: str
    kind: Literal["percentage", "fixed"]
    percent: str | None
    amounts: list[Amount]
    periods: int | None
    first_order_only: bool
    covers_setup: bool
    plan_ids: list[UUID]
    cycles: list[CycleWord]
    starts_at: datetime
    ends_at: datetime | None
    redemptions_max: int | None
    per_account_max: int | None
    enabled: bool
    used: int
    created_at: datetime


class Coupons(BaseModel):
    items: list[CouponShown]
    next: str | None


class RedemptionShown(BaseModel):
    """One use of a coupon; released when the order came to nothing."""

    id: UUID
    account_id: UUID
    account_name: str
    order_id: UUID
    service_id: UUID
    saved: Amount
    created_at: datetime
    released_at: datetime | None


class Redemptions(BaseModel):
    items: list[RedemptionShown]
    next: str | None
