"""The catalog as staff see it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, cast, func, select

from skypanel.catalog.models import (
    Image,
    Location,
    PanelGroup,
    PanelPackage,
    PanelTemplate,
    Plan,
    PlanLocation,
    PlanPrice,
    StockLevel,
)
from skypanel.catalog.queries.images import IMAGE_COLUMNS
from skypanel.catalog.rules import exact
from skypanel.platform.db import Read
from skypanel.platform.read import Query, money

STAFF_PLANS: Query[dict[str, Any]] = Query(
    select(
        Plan.id,
        Plan.slug,
        Plan.name,
        Plan.description,
        Plan.offered,
        Plan.position,
        Plan.trial_days,
        Plan.package_id,
        PanelPackage.name.label("package_name"),
        PanelPackage.enabled.label("package_enabled"),
        PanelPackage.vcpu,
        PanelPackage.memory_mib,
        PanelPackage.disk_gib,
        PanelPackage.traffic_gb,
        PanelPackage.port_mbps,
        func.coalesce(
            select(func.array_agg(PlanLocation.location_id))
            .where(PlanLocation.plan_id == Plan.id)
            .scalar_subquery(),
            cast([], ARRAY(Uuid)),
        ).label("location_ids"),
    )
    .join(PanelPackage, PanelPackage.id == Plan.package_id)
    .order_by(Plan.position, Plan.id)
)
STAFF_PRICES: Query[dict[str, Any]] = Query(
    select(PlanPrice.plan_id, PlanPrice.currency, PlanPrice.cycle, PlanPrice.amount,
           PlanPrice.setup_minor)
    .where(PlanPrice.until_at.is_(None))
    .order_by(PlanPrice.currency, PlanPrice.amount)
)  # fmt: skip
STAFF_LOCATIONS: Query[dict[str, Any]] = Query(
    select(
        Location.id,
        Location.slug,
        Location.name,
        Location.city,
        Location.country,
        Location.status,
        Location.position,
        PanelGroup.name.label("group_name"),
        PanelGroup.enabled.label("group_enabled"),
        StockLevel.read_at.label("stock_read_at"),
        StockLevel.free_ipv4,
    )
    .join(PanelGroup, PanelGroup.id == Location.group_id)
    .outerjoin(StockLevel, StockLevel.location_id == Location.id)
    .order_by(Location.position, Location.name)
)
STAFF_IMAGES: Query[dict[str, Any]] = Query(
    select(*IMAGE_COLUMNS, Image.offered, Image.position, PanelTemplate.ended)
    .join(PanelTemplate, PanelTemplate.id == Image.template_id)
    .order_by(Image.position, Image.family, Image.name.desc())
)
PACKAGES: Query[dict[str, Any]] = Query(
    select(
        PanelPackage.id,
        PanelPackage.name,
        PanelPackage.enabled,
        PanelPackage.vcpu,
        PanelPackage.memory_mib,
        PanelPackage.disk_gib,
        PanelPackage.traffic_gb,
        PanelPackage.port_mbps,
        PanelPackage.seen_at,
    ).order_by(PanelPackage.memory_mib, PanelPackage.id)
)


async def staff_plans(read: Read) -> dict[str, Any]:
    """Every plan with its current prices and places."""
    prices: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await STAFF_PRICES.all(read):
        prices[row["plan_id"]].append(
            {
                "currency": row["currency"],
                "cycle": row["cycle"],
                "price": exact(row["amount"]),
                "setup": money(row["setup_minor"], row["currency"]),
            }
        )
    items = [{**row, "prices": prices[row["id"]]} for row in await STAFF_PLANS.all(read)]
    return {"items": items, "next": None}
