"""What the doors of orders take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from skypanel.orders.rules import Wish

State = Literal[
    "awaiting_payment", "paid", "active", "failed", "cancelled", "expired", "closing", "refunded"
]


class NewKey(BaseModel):
    """A public key that comes with the order."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=60)] = ""
    public_key: Annotated[str, Field(min_length=1, max_length=4000)]


class AddonChoice(BaseModel):
    """So many of an add-on; its price is the catalog's."""

    model_config = ConfigDict(extra="forbid")
    addon_id: UUID
    quantity: Annotated[int, Field(ge=1, le=1000)] = 1


class OfferWish(BaseModel):
    """What somebody thinks of ordering for an account."""

    model_config = ConfigDict(extra="forbid")
    plan_id: UUID
    location_id: UUID
    cycle: Literal["hourly", "monthly", "quarterly", "half_yearly", "yearly"]
    coupon: Annotated[str, Field(max_length=40)] = ""
    addons: Annotated[list[AddonChoice], Field(max_length=20)] = []


class OrderWish(BaseModel):
    """What is ordered; price and size are the catalog's, so they are no fields here."""

    model_config = ConfigDict(extra="forbid")
    account_id: UUID
    plan_id: UUID
    location_id: UUID
    image_id: UUID
    cycle: Literal["hourly", "monthly", "quarterly", "half_yearly", "yearly"]
    hostname: Annotated[str, Field(min_length=1, max_length=255)]
    label: Annotated[str, Field(max_length=60)] = ""
    ssh_key_ids: Annotated[list[UUID], Field(max_length=10)] = []
    new_ssh_key: NewKey | None = None
    password_login: bool = False
    coupon: Annotated[str, Field(max_length=40)] = ""
    addons: Annotated[list[AddonChoice], Field(max_length=20)] = []

    def wish(self) -> Wish:
        """As the verb wants it."""
        new = self.new_ssh_key
        return Wish(
            account_id=self.account_id,
            plan_id=self.plan_id,
            location_id=self.location_id,
            image_id=self.image_id,
            cycle=self.cycle,
            hostname=self.hostname,
            label=self.label,
            ssh_key_ids=tuple(dict.fromkeys(self.ssh_key_ids)),
            new_key=None if new is None else (new.name.strip(), new.public_key),
            password_login=self.password_login,
            addons=tuple((one.addon_id, one.quantity) for one in self.addons),
            coupon=self.coupon,
        )


class Amount(BaseModel):
    """An amount of money."""

    minor: int
    currency: str


class PlanOrdered(BaseModel):
    """The size as it was ordered."""

    id: UUID
    name: str
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    port_mbps: int


class LocationOrdered(BaseModel):
    """The place as it was ordered."""

    id: UUID
    name: str
    city: str
    country: str


class ImageOrdered(BaseModel):
    """The system as it was ordered."""

    id: UUID
    name: str
    icon: str
    default_user: str


class TimelineStep(BaseModel):
    """One step from the click to the running server."""

    step: Literal["ordered", "paid", "allocating", "installing", "ready"]
    state: Literal["done", "current", "waiting", "failed"]
    at: datetime | None
    message: str | None


class AddonOrdered(BaseModel):
    """An add-on as it was ordered, at its price each."""

    name: str
    kind: str
    quantity: int
    price: Amount


class OrderShown(BaseModel):
    """An order as its customer sees it; an adopted server was there before its order."""

    id: UUID
    number: str
    kind: Literal["bought", "adopted"]
    account_id: UUID
    state: State
    hostname: str
    label: str
    plan: PlanOrdered
    location: LocationOrdered
    image: ImageOrdered
    cycle: str
    total: Amount
    per_month: Amount
    discount: Amount
    coupon: str | None
    addons: list[AddonOrdered]
    trial_days: int
    invoice_id: UUID | None
    invoice_state: str | None
    service_id: UUID
    server_id: UUID | None
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    timeline: list[TimelineStep]
    can: list[str]


class Orders(BaseModel):
    items: list[OrderShown]
    next: str | None


class StaffOrder(OrderShown):
    """An order as staff see it."""

    account_name: str
    failure: str | None
    close_reason: str | None


class StaffOrders(BaseModel):
    items: list[StaffOrder]
    next: str | None


class TouchedShown(BaseModel):
    """A service and what it pays before and after a change of its price."""

    service_id: UUID
    account_id: UUID
    account_name: str
    name: str
    renews_on: date | None
    price_before: Amount
    price_after: Amount
    own_price: bool


class PricePreview(BaseModel):
    """Whom a change of a price touches; `items` are the first hundred."""

    services: int
    accounts: int
    items: list[TouchedShown]
