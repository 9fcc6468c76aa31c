"""Plans, places, systems and quotes, as doors take and give them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from skypanel.catalog.schemas.tax import TaxShown

CycleWord = Literal["hourly", "monthly", "quarterly", "half_yearly", "yearly"]
StockWord = Literal["available", "low", "sold_out"]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,58}$")]


class Amount(BaseModel):
    """An amount of money."""

    minor: int
    currency: str


class PayPalPublic(BaseModel):
    """What the browser needs to show PayPal's button."""

    client_id: str
    sdk_url: str
    environment: str


class Brand(BaseModel):
    """How the company presents itself."""

    name: str
    tagline: str
    accent: str
    support_email: str
    status_url: str | None
    terms_url: str | None
    currencies: list[str]
    default_currency: str
    sandbox: bool
    real_guests: bool
    ahead_seconds: int
    paypal: PayPalPublic | None


class LocationShown(BaseModel):
    """A place we sell servers in."""

    id: UUID
    slug: str
    name: str
    city: str
    country: str
    status: Literal["open", "closed"]


class Locations(BaseModel):
    items: list[LocationShown]
    next: str | None


class PriceShown(BaseModel):
    """A price; `price_exact` in major units where it is finer than a minor unit."""

    cycle: CycleWord
    price: Amount
    setup: Amount
    price_exact: str | None = None


class PlaceShown(BaseModel):
    """What is left of a plan in one location; no figure where nothing limits it."""

    location_id: UUID
    stock: StockWord
    available: int | None


class PlanShown(BaseModel):
    """A plan, its prices and where it is sold."""

    id: UUID
    slug: str
    name: str
    description: str
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    port_mbps: int
    trial_days: int
    prices: list[PriceShown]
    locations: list[PlaceShown]


class Plans(BaseModel):
    items: list[PlanShown]
    next: str | None


class ImageShown(BaseModel):
    """An operating system."""

    id: UUID
    family: str
    name: str
    version: str | None
    icon: str
    default_user: str
    min_memory_mib: int
    min_disk_gib: int
    eol_on: date | None


class Images(BaseModel):
    items: list[ImageShown]
    next: str | None


class AddonChoice(BaseModel):
    """So many of an add-on."""

    model_config = ConfigDict(extra="forbid")
    addon_id: UUID
    quantity: Annotated[int, Field(ge=1, le=1000)] = 1


class QuoteWish(BaseModel):
    """What a buyer thinks of; the country decides the tax."""

    model_config = ConfigDict(extra="forbid")
    plan_id: UUID
    location_id: UUID
    cycle: CycleWord
    currency: Currency | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    state: Annotated[str, Field(max_length=60)] = ""
    kind: Literal["consumer", "business"] = "consumer"
    coupon: Annotated[str, Field(max_length=40)] = ""
    addons: Annotated[list[AddonChoice], Field(max_length=20)] = []


class QuoteLine(BaseModel):
    """One thing: so many at this price of the list, less the discount."""

    kind: Literal["plan", "setup", "addon"]
    description: str
    quantity: int
    price: Amount
    discount: Amount
    amount: Amount


class QuoteCoupon(BaseModel):
    """The coupon that counts, and for how many periods; none: for all."""

    code: str
    periods: int | None


class HourlyAddonQuoted(BaseModel):
    """An add-on by the hour; price and cap are of one."""

    name: str
    quantity: int
    price_exact: str
    cap: Amount | None


class HourlyQuote(BaseModel):
    """What a server by the hour asks of the wallet: enough to start, and a month at most.

    `percent` is what a coupon takes off the plan's hours; `per_hour_exact` is an hour of all.
    """

    per_hour_exact: str
    cap: Amount | None
    setup: Amount
    addons: list[HourlyAddonQuoted]
    percent: str | None
    needed: Amount
    spendable: Amount


class Quote(BaseModel):
    """What it would cost now."""

    currency: str
    cycle: CycleWord
    lines: list[QuoteLine]
    discount: Amount
    coupon: QuoteCoupon | None
    net: Amount
    tax: Amount
    total: Amount
    tax_treatment: TaxShown
    per_month: Amount
    per_hour_exact: str
    trial_days: int
    next_invoice_on: date
    next_lines: list[QuoteLine]
    next_total: Amount
    stock: StockWord
    hourly: HourlyQuote | None = None


class PriceWish(BaseModel):
    """A price in major units, such as "4.99" or "0.0083"."""

    model_config = ConfigDict(extra="forbid")
    currency: Currency
    cycle: CycleWord
    price: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
    setup_minor: Annotated[int, Field(ge=0)] = 0


class PlanWish(BaseModel):
    """A plan to be sold."""

    model_config = ConfigDict(extra="forbid")
    package_id: UUID
    slug: Slug
    name: Annotated[str, Field(min_length=1, max_length=100)]
    description: Annotated[str, Field(max_length=400)] = ""
    prices: Annotated[list[PriceWish], Field(max_length=60)] = []
    location_ids: Annotated[list[UUID], Field(max_length=100)] = []
    offered: bool = True
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    trial_days: Annotated[int, Field(ge=0, le=365)] = 0


class PlanChange(BaseModel):
    """What of a plan is to change; prices and places are replaced whole."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    description: Annotated[str, Field(max_length=400)] | None = None
    prices: Annotated[list[PriceWish], Field(max_length=60)] | None = None
    location_ids: Annotated[list[UUID], Field(max_length=100)] | None = None
    offered: bool | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None
    trial_days: Annotated[int, Field(ge=0, le=365)] | None = None


class StaffPrice(BaseModel):
    currency: str
    cycle: CycleWord
    price: str
    setup: Amount


class StaffPlan(BaseModel):
    """A plan as staff see it."""

    id: UUID
    slug: str
    name: str
    description: str
    offered: bool
    position: int
    trial_days: int
    package_id: UUID
    package_name: str
    package_enabled: bool
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    port_mbps: int
    prices: list[StaffPrice]
    location_ids: list[UUID]


class StaffPlans(BaseModel):
    items: list[StaffPlan]
    next: str | None


class PackageShown(BaseModel):
    """A size of the panel that a plan can sell."""

    id: UUID
    name: str
    enabled: bool
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    port_mbps: int
    seen_at: datetime


class Packages(BaseModel):
    items: list[PackageShown]
    next: str | None


class LocationChange(BaseModel):
    """What of a location is to change."""

    model_config = ConfigDict(extra="forbid")
    slug: Slug | None = None
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    city: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    status: Literal["open", "closed"] | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None


class StaffLocation(LocationShown):
    """A location as staff see it."""

    position: int
    group_name: str
    group_enabled: bool
    stock_read_at: datetime | None
    free_ipv4: int | None


class StaffLocations(BaseModel):
    items: list[StaffLocation]
    next: str | None


class ImageChange(BaseModel):
    """What of a system is to change."""

    model_config = ConfigDict(extra="forbid")
    family: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    icon: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] | None = None
    default_user: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_-]{0,31}$")] | None = None
    min_memory_mib: Annotated[int, Field(ge=0)] | None = None
    min_disk_gib: Annotated[int, Field(ge=0)] | None = None
    offered: bool | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None


class StaffImage(ImageShown):
    """A system as staff see it."""

    offered: bool
    position: int
    ended: bool


class StaffImages(BaseModel):
    items: list[StaffImage]
    next: str | None


class SyncAsked(BaseModel):
    """The comparison with the panel was put in line."""

    accepted: bool
