"""Add-ons, as doors take and give them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from skypanel.catalog.schemas.shop import Amount, Currency, CycleWord, Slug

Kind = Literal["ipv4", "traffic", "backup", "other"]


class AddonPriceShown(BaseModel):
    """A price for one piece; `price_exact` in major units where it is finer than a minor unit."""

    cycle: CycleWord
    price: Amount
    price_exact: str | None


class AddonShown(BaseModel):
    """Something that can be had with a server; no plans named: with each."""

    id: UUID
    slug: str
    name: str
    description: str
    kind: Kind
    quantity_max: int
    plan_ids: list[UUID]
    prices: list[AddonPriceShown]


class Addons(BaseModel):
    items: list[AddonShown]
    next: str | None


class AddonPriceWish(BaseModel):
    """A price for one piece in major units."""

    model_config = ConfigDict(extra="forbid")
    currency: Currency
    cycle: CycleWord
    price: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]


class AddonWish(BaseModel):
    """Something to be sold with servers."""

    model_config = ConfigDict(extra="forbid")
    slug: Slug
    name: Annotated[str, Field(min_length=1, max_length=100)]
    description: Annotated[str, Field(max_length=400)] = ""
    kind: Kind = "other"
    quantity_max: Annotated[int, Field(ge=1, le=1000)] = 1
    plan_ids: Annotated[list[UUID], Field(max_length=200)] = []
    prices: Annotated[list[AddonPriceWish], Field(max_length=60)] = []
    offered: bool = True
    position: Annotated[int, Field(ge=0, le=10_000)] = 0


class AddonChange(BaseModel):
    """What of an add-on is to change; prices are replaced whole."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    description: Annotated[str, Field(max_length=400)] | None = None
    quantity_max: Annotated[int, Field(ge=1, le=1000)] | None = None
    plan_ids: Annotated[list[UUID], Field(max_length=200)] | None = None
    prices: Annotated[list[AddonPriceWish], Field(max_length=60)] | None = None
    offered: bool | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None


class StaffAddonPrice(BaseModel):
    currency: str
    cycle: CycleWord
    price: str


class StaffAddon(BaseModel):
    """An add-on as staff see it."""

    id: UUID
    slug: str
    name: str
    description: str
    kind: Kind
    quantity_max: int
    plan_ids: list[UUID]
    offered: bool
    position: int
    prices: list[StaffAddonPrice]


class StaffAddons(BaseModel):
    items: list[StaffAddon]
    next: str | None
