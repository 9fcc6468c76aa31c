"""What is sold, for buyers and for the verbs above."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select

from skypanel.catalog.errors import NotSold, PlanUnknown
from skypanel.catalog.models import (
    Location,
    PanelGroup,
    PanelPackage,
    Plan,
    PlanLocation,
    PlanPrice,
    StockHold,
    StockLevel,
)
from skypanel.catalog.queries.images import installable
from skypanel.catalog.rules import (
    Need,
    exact,
    host_of,
    is_finer,
    price_money,
    slots,
    stock_word,
)
from skypanel.platform.db import Read
from skypanel.platform.money import Money
from skypanel.platform.read import Query, money

OPEN = and_(Location.status == "open", PanelGroup.enabled)
HELD = and_(
    StockLevel.location_id == StockHold.location_id,
    or_(
        and_(
            StockHold.used_at.is_(None),
            or_(StockHold.until_at.is_(None), StockHold.until_at > bindparam("now")),
        ),
        # Made, but the last reading is older: the panel's figures do not show it yet.
        StockHold.used_at >= StockLevel.read_at,
    ),
)


@dataclass(frozen=True, slots=True)
class Sellable:
    """Everything an order needs to know of what it buys, as the catalog stands now."""

    plan_id: UUID
    plan_name: str
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    port_mbps: int
    location_id: UUID
    location_name: str
    city: str
    country: str
    price_version: UUID
    amount: Decimal
    price: Money
    setup: Money
    cycle: str
    image: dict[str, Any] | None
    need: Need
    trial_days: int = 0

    def plan(self) -> dict[str, Any]:
        """The plan as orders and servers show it."""
        return {
            "id": str(self.plan_id),
            "name": self.plan_name,
            "vcpu": self.vcpu,
            "memory_mib": self.memory_mib,
            "disk_gib": self.disk_gib,
            "traffic_gb": self.traffic_gb,
            "port_mbps": self.port_mbps,
        }

    def location(self) -> dict[str, Any]:
        """The location as orders and servers show it."""
        return {
            "id": str(self.location_id),
            "name": self.location_name,
            "city": self.city,
            "country": self.country,
        }


LOCATIONS: Query[dict[str, Any]] = Query(
    select(
        Location.id,
        Location.slug,
        Location.name,
        Location.city,
        Location.country,
        Location.status,
    )
    .join(PanelGroup, PanelGroup.id == Location.group_id)
    .where(Location.country != "", PanelGroup.enabled)
    .order_by(Location.position, Location.name)
)
PLANS: Query[dict[str, Any]] = Query(
    select(
        Plan.id,
        Plan.slug,
        Plan.name,
        Plan.description,
        PanelPackage.vcpu,
        PanelPackage.memory_mib,
        PanelPackage.disk_gib,
        PanelPackage.traffic_gb,
        PanelPackage.port_mbps,
        PanelPackage.storage_type,
        Plan.trial_days,
        PlanPrice.cycle,
        PlanPrice.amount,
        PlanPrice.setup_minor,
    )
    .join(PanelPackage, PanelPackage.id == Plan.package_id)
    .join(PlanPrice, and_(PlanPrice.plan_id == Plan.id, PlanPrice.until_at.is_(None)))
    .where(Plan.offered, PanelPackage.enabled, PlanPrice.currency == bindparam("currency"))
    .order_by(Plan.position, Plan.id, PlanPrice.amount)
)
PLACES: Query[dict[str, Any]] = Query(
    select(PlanLocation.plan_id, Location.id, StockLevel.hosts, StockLevel.free_ipv4)
    .join(Location, Location.id == PlanLocation.location_id)
    .join(PanelGroup, PanelGroup.id == Location.group_id)
    .outerjoin(StockLevel, StockLevel.location_id == Location.id)
    .where(OPEN)
    .order_by(Location.position, Location.name)
)
HOLDS: Query[dict[str, Any]] = Query(
    select(
        StockHold.location_id,
        StockHold.vcpu,
        StockHold.memory_mib,
        StockHold.disk_gib,
        StockHold.storage_type,
        StockHold.ipv4_count,
    )
    .join(StockLevel, HELD)
    .order_by(StockHold.id)
)
LOCATION_HOLDS = Query(
    select(
        StockHold.vcpu,
        StockHold.memory_mib,
        StockHold.disk_gib,
        StockHold.storage_type,
        StockHold.ipv4_count,
    )
    .join(StockLevel, HELD)
    .where(StockHold.location_id == bindparam("location"))
    .order_by(StockHold.id),
    Need,
)
LEVEL: Query[dict[str, Any]] = Query(
    select(StockLevel.hosts, StockLevel.free_ipv4).where(
        StockLevel.location_id == bindparam("location")
    )
)
SOLD: Query[dict[str, Any]] = Query(
    select(
        Plan.id,
        Plan.name,
        PanelPackage.vcpu,
        PanelPackage.memory_mib,
        PanelPackage.disk_gib,
        PanelPackage.traffic_gb,
        PanelPackage.port_mbps,
        PanelPackage.storage_type,
        Plan.trial_days,
        PlanLocation.location_id,
        Location.name.label("place"),
        Location.city,
        Location.country,
        PlanPrice.id.label("price_version"),
        PlanPrice.amount,
        PlanPrice.setup_minor,
        and_(Plan.offered, PanelPackage.enabled).label("offered"),
        OPEN.label("open"),
    )
    .join(PanelPackage, PanelPackage.id == Plan.package_id)
    .outerjoin(
        PlanLocation,
        and_(PlanLocation.plan_id == Plan.id, PlanLocation.location_id == bindparam("location")),
    )
    .outerjoin(Location, Location.id == PlanLocation.location_id)
    .outerjoin(PanelGroup, PanelGroup.id == Location.group_id)
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


async def locations(read: Read) -> dict[str, Any]:
    """Where we are, closed places included."""
    return {"items": await LOCATIONS.all(read), "next": None}


async def held_by_location(read: Read) -> dict[UUID, list[Need]]:
    """The room that is kept in each location for orders."""
    held: dict[UUID, list[Need]] = defaultdict(list)
    for row in await HOLDS.all(read, now=read.now):
        held[row["location_id"]].append(Need(*list(row.values())[1:]))
    return held


async def plans(read: Read, currency: str) -> dict[str, Any]:
    """What is sold in a currency, with the room that is left in each location."""
    held = await held_by_location(read)
    places: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await PLACES.all(read):
        places[row["plan_id"]].append(row)
    found: dict[UUID, dict[str, Any]] = {}
    for row in await PLANS.all(read, currency=currency):
        plan = found.get(row["id"])
        if plan is None:
            need = _need(row)
            plan = {name: row[name] for name in PLAN_FIELDS} | {
                "prices": [],
                "locations": [
                    _place(each, held[each["location_id"]], need) for each in _named(places, row)
                ],
            }
            found[row["id"]] = plan
        plan["prices"].append(_price(row, currency))
    return {"items": list(found.values()), "next": None}


PLAN_FIELDS = (
    "id", "slug", "name", "description", "vcpu", "memory_mib", "disk_gib", "traffic_gb",
    "port_mbps", "trial_days",
)  # fmt: skip


def _named(places: dict[UUID, list[dict[str, Any]]], row: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**each, "location_id": each["id"]} for each in places[row["id"]]]


def _need(row: dict[str, Any]) -> Need:
    return Need(row["vcpu"], row["memory_mib"], row["disk_gib"], row["storage_type"])


def _place(row: dict[str, Any], held: list[Need], need: Need) -> dict[str, Any]:
    left = _left(row["hosts"], row["free_ipv4"], held, need)
    return {"location_id": row["location_id"], "stock": stock_word(left), "available": left}


def _left(
    hosts: list[Any] | None, free_ipv4: int | None, held: list[Need], need: Need
) -> int | None:
    """A place that was never read has nothing to sell."""
    return 0 if hosts is None else slots(map(host_of, hosts), free_ipv4, held, need)


def _price(row: dict[str, Any], currency: str) -> dict[str, Any]:
    amount: Decimal = row["amount"]
    price = {
        "cycle": row["cycle"],
        "price": price_money(amount, currency).wire(),
        "setup": money(row["setup_minor"], currency),
    }
    if is_finer(amount, currency) or row["cycle"] == "hourly":
        price["price_exact"] = exact(amount)
    return price


async def sellable(
    read: Read,
    plan_id: UUID,
    location_id: UUID,
    image_id: UUID | None,
    cycle: str,
    currency: str,
) -> Sellable:
    """What exactly would be sold now; refuses `plan_unknown` and `not_sold`."""
    row = await SOLD.one(read, plan=plan_id, location=location_id, cycle=cycle, currency=currency)
    if row is None or not row["offered"]:
        raise PlanUnknown
    if not row["open"] or row["price_version"] is None:
        raise NotSold
    image = None
    if image_id is not None:
        image = await installable(read, plan_id, image_id)
        if image is None:
            raise NotSold("This system can't be installed on this plan.")
    amount: Decimal = row["amount"]
    return Sellable(
        plan_id=row["id"],
        plan_name=row["name"],
        vcpu=row["vcpu"],
        memory_mib=row["memory_mib"],
        disk_gib=row["disk_gib"],
        traffic_gb=row["traffic_gb"],
        port_mbps=row["port_mbps"],
        location_id=row["location_id"],
        location_name=row["place"],
        city=row["city"],
        country=row["country"],
        price_version=row["price_version"],
        amount=amount,
        price=price_money(amount, currency),
        setup=Money(row["setup_minor"], currency),
        cycle=cycle,
        image=image,
        need=_need(row),
        trial_days=row["trial_days"],
    )


async def available(read: Read, location_id: UUID, need: Need, now: datetime) -> int | None:
    """How many of this size the location can still take beside what is held; no limit: nothing."""
    level = await LEVEL.one(read, location=location_id)
    if level is None:
        return 0
    held = await LOCATION_HOLDS.all(read, location=location_id, now=now)
    return _left(level["hosts"], level["free_ipv4"], held, need)
