"""What a server that stands at the panel already is of the catalog: sold or not, open or not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from skypanel.catalog.errors import NotSold
from skypanel.catalog.models import (
    Image,
    Location,
    PanelGroup,
    PanelPackage,
    PanelTemplate,
    Plan,
    PlanPrice,
)
from skypanel.catalog.rules import exact, price_money
from skypanel.platform.db import Read
from skypanel.platform.money import Money
from skypanel.platform.read import Query

NO_PRICE = "This plan has no price for this term in the account's currency. Give it one first."
NO_PLACE = "The panel has it in a group that we know no location of. Read the catalog again first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Plan, place, system and list price of a server that is taken over as it is."""

    panel_id: UUID
    plan_id: UUID
    location_id: UUID
    image_id: UUID
    price_version: UUID
    plan: dict[str, Any]
    location: dict[str, Any]
    image: dict[str, Any]
    amount: Decimal
    currency: str

    @property
    def price(self) -> Money:
        return price_money(self.amount, self.currency)


_SIZE = (
    PanelPackage.vcpu,
    PanelPackage.memory_mib,
    PanelPackage.disk_gib,
    PanelPackage.traffic_gb,
    PanelPackage.port_mbps,
)
PLAN: Query[dict[str, Any]] = Query(
    select(
        Plan.id,
        Plan.name,
        *_SIZE,
        PanelPackage.panel_id,
        PlanPrice.id.label("price_version"),
        PlanPrice.amount,
    )
    .join(PanelPackage, PanelPackage.id == Plan.package_id)
    .outerjoin(
        PlanPrice,
        and_(
            PlanPrice.plan_id == Plan.id,
            PlanPrice.until_at.is_(None),
            PlanPrice.cycle == bindparam("cycle"),
            PlanPrice.currency == bindparam("currency"),
        ),
    )
    .where(Plan.id == bindparam("plan"))
)
PLACE: Query[dict[str, Any]] = Query(
    select(PanelGroup.panel_id, Location.id, Location.name, Location.city, Location.country)
    .join(PanelGroup, PanelGroup.id == Location.group_id)
    .where(PanelGroup.virtfusion_ref == bindparam("group"))
)
IMAGE: Query[dict[str, Any]] = Query(
    select(Image.id, Image.name, Image.icon, Image.default_user).where(
        Image.id == bindparam("image")
    )
)
SIZES: Query[dict[str, Any]] = Query(
    select(Plan.id, Plan.name, *_SIZE, Plan.offered)
    .join(PanelPackage, PanelPackage.id == Plan.package_id)
    .order_by(Plan.offered.desc(), Plan.position, Plan.id)
)
TEMPLATES: Query[tuple[int, UUID, str]] = Query(
    select(PanelTemplate.virtfusion_ref, Image.id, Image.name).join(
        Image, Image.template_id == PanelTemplate.id
    ),
    lambda *columns: columns,
)
PLAN_FIELDS = ("name", "vcpu", "memory_mib", "disk_gib", "traffic_gb", "port_mbps")


async def kept(
    read: Read, *, plan_id: UUID, group_ref: int | None, image_id: UUID, cycle: str, currency: str
) -> Kept:
    """What a server is taken over as; refuses `not_sold` with what is missing."""
    plan = await PLAN.one(read, plan=plan_id, cycle=cycle, currency=currency)
    if plan is None or plan["price_version"] is None:
        raise NotSold(NO_PRICE)
    place = None if group_ref is None else await PLACE.one(read, group=group_ref)
    if place is None or place["panel_id"] != plan["panel_id"]:
        raise NotSold(NO_PLACE)
    image = await IMAGE.one(read, image=image_id)
    if image is None:
        raise NotSold("There is no such system.")
    return Kept(
        panel_id=plan["panel_id"],
        plan_id=plan["id"],
        location_id=place["id"],
        image_id=image["id"],
        price_version=plan["price_version"],
        plan={"id": str(plan["id"]), **{name: plan[name] for name in PLAN_FIELDS}},
        location={**{n: place[n] for n in ("name", "city", "country")}, "id": str(place["id"])},
        image={name: str(value) for name, value in image.items()},
        amount=plan["amount"],
        currency=currency,
    )


async def place_named(read: Read, group_ref: int | None) -> str | None:
    """How we call the place behind a group of the panel."""
    found = None if group_ref is None else await PLACE.one(read, group=group_ref)
    return None if found is None else str(found["name"])


async def plan_sizes(read: Read) -> list[dict[str, Any]]:
    """Every plan with the size that it sells, those on offer first."""
    return await SIZES.all(read)


async def images_by_template(read: Read) -> dict[int, tuple[UUID, str]]:
    """Our systems by the panel's ids of their templates."""
    return {ref: (image_id, name) for ref, image_id, name in await TEMPLATES.all(read)}


LIST_PRICES: Query[dict[str, Any]] = Query(
    select(PlanPrice.plan_id, PlanPrice.currency, PlanPrice.cycle, PlanPrice.amount)
    .where(PlanPrice.until_at.is_(None), PlanPrice.cycle != "hourly")
    .order_by(PlanPrice.plan_id, PlanPrice.currency, PlanPrice.amount)
)


async def list_prices(read: Read) -> list[dict[str, Any]]:
    """What each plan costs by the list, per currency and term; hours are sold apart."""
    return [{**row, "amount": exact(row["amount"])} for row in await LIST_PRICES.all(read)]
