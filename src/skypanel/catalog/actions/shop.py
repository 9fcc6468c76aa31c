"""Changing what is sold, and setting room aside for orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from skypanel.catalog.errors import NotSold, PlanUnknown, SlugTaken, SoldOut
from skypanel.catalog.models import (
    Image,
    Location,
    PanelPackage,
    Plan,
    PlanLocation,
    PlanPrice,
    StockHold,
    StockLevel,
)
from skypanel.catalog.queries import available
from skypanel.catalog.rules import Need
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id

TAG = "catalog"


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """A price to be asked: `amount` in major units, it may be finer than a minor unit."""

    currency: str
    cycle: str
    amount: Decimal
    setup_minor: int = 0


async def _changed(db: Db) -> None:
    db.house.relay.changed(db, TAG)


async def hold_stock(
    db: Db,
    *,
    plan_id: UUID,
    location_id: UUID,
    order_id: UUID,
    until: datetime,
    ipv4_count: int = 1,
) -> None:
    """Set room aside for an order until an instant; buyers of one location queue on its stock row.

    Refuses `sold_out` when nothing is left beside what others hold.
    """
    package = await db.scalar(
        select(PanelPackage)
        .join(Plan, Plan.package_id == PanelPackage.id)
        .where(Plan.id == plan_id)
    )
    if package is None:
        raise PlanUnknown
    level = await db.scalar(
        select(StockLevel).where(StockLevel.location_id == location_id).with_for_update()
    )
    need = Need(
        package.vcpu, package.memory_mib, package.disk_gib, package.storage_type, ipv4_count
    )
    left = 0 if level is None else await available(db, location_id, need, db.now)
    if left is not None and left < 1:
        raise SoldOut
    db.add(
        StockHold(
            order_id=order_id,
            plan_id=plan_id,
            location_id=location_id,
            vcpu=need.vcpu,
            memory_mib=need.memory_mib,
            disk_gib=need.disk_gib,
            storage_type=need.storage_type,
            ipv4_count=need.ipv4_count,
            created_at=db.now,
            until_at=until,
        )
    )
    await db.flush()
    await _changed(db)


async def keep_stock(db: Db, order_id: UUID, *, until: datetime | None = None) -> None:
    """Hold an order's room longer: to an instant, or without end once it is paid."""
    await db.run(
        "update stock_holds set until_at = %(until)s where order_id = %(order)s",
        until=until,
        order=order_id,
    )


async def release_stock(db: Db, order_id: UUID) -> None:
    """Give back the room of an order that will not be made."""
    await db.execute(
        delete(StockHold).where(StockHold.order_id == order_id, StockHold.used_at.is_(None))
    )
    await _changed(db)


async def use_stock(db: Db, order_id: UUID) -> None:
    """The server stands at the panel: the hold counts only until the panel was read again."""
    await db.run(
        "update stock_holds set used_at = coalesce(used_at, %(now)s) where order_id = %(order)s",
        now=db.now,
        order=order_id,
    )
    await _changed(db)


async def add_plan(
    db: Db,
    *,
    package_id: UUID,
    slug: str,
    name: str,
    description: str = "",
    prices: Sequence[PriceDraft] = (),
    location_ids: Sequence[UUID] = (),
    offered: bool = True,
    position: int = 0,
    trial_days: int = 0,
) -> Plan:
    """Sell a size of the panel under our own name and prices."""
    if await db.get(PanelPackage, package_id) is None:
        raise NotFound("There is no such package.")
    if await db.scalar(select(Plan.id).where(Plan.slug == slug)):
        raise SlugTaken
    plan = Plan(
        id=new_id(),
        package_id=package_id,
        slug=slug,
        name=name,
        description=description,
        offered=offered,
        position=position,
        trial_days=trial_days,
        created_at=db.now,
        updated_at=db.now,
    )
    db.add(plan)
    await db.flush()
    await price_plan(db, plan.id, prices)
    await place_plan(db, plan.id, location_ids)
    audit(db, "plan.add", "plan", plan.id, name=name)
    await _changed(db)
    return plan


async def edit_plan(db: Db, plan_id: UUID, changes: dict[str, Any]) -> Plan:
    """Change how a plan is presented or whether it is offered."""
    plan = await db.get(Plan, plan_id, with_for_update=True)
    if plan is None:
        raise NotFound
    for name, value in changes.items():
        setattr(plan, name, value)
    plan.updated_at = db.now
    audit(db, "plan.edit", "plan", plan.id, **changes)
    await _changed(db)
    return plan


async def price_plan(db: Db, plan_id: UUID, prices: Sequence[PriceDraft]) -> None:
    """Make these the plan's prices; older ones stay, ended, so that orders keep theirs."""
    standing = {
        (one.currency, one.cycle): one
        for one in await db.scalars(
            select(PlanPrice)
            .where(PlanPrice.plan_id == plan_id, PlanPrice.until_at.is_(None))
            .with_for_update()
        )
    }
    wanted = {(one.currency, one.cycle): one for one in prices}
    for key, old in standing.items():
        new = wanted.get(key)
        if new is None or (new.amount, new.setup_minor) != (old.amount, old.setup_minor):
            old.until_at = db.now
        else:
            del wanted[key]
    await db.flush()
    for draft in wanted.values():
        db.add(
            PlanPrice(
                plan_id=plan_id,
                currency=draft.currency,
                cycle=draft.cycle,
                amount=draft.amount,
                setup_minor=draft.setup_minor,
                since_at=db.now,
            )
        )
    await db.flush()
    if wanted:
        asked = [f"{one.amount} {one.currency} {one.cycle}" for one in wanted.values()]
        audit(db, "plan.price", "plan", plan_id, prices=asked)
    await _changed(db)


async def replace_price(db: Db, plan_id: UUID, draft: PriceDraft) -> None:
    """Make this the plan's price for its currency and cycle; the others stay as they are."""
    await db.run(
        "update plan_prices set until_at = %(now)s where plan_id = %(plan)s"
        " and currency = %(currency)s and cycle = %(cycle)s and until_at is null",
        now=db.now,
        plan=plan_id,
        currency=draft.currency,
        cycle=draft.cycle,
    )
    db.add(
        PlanPrice(
            plan_id=plan_id,
            currency=draft.currency,
            cycle=draft.cycle,
            amount=draft.amount,
            setup_minor=draft.setup_minor,
            since_at=db.now,
        )
    )
    await db.flush()
    await _changed(db)


async def place_plan(db: Db, plan_id: UUID, location_ids: Sequence[UUID]) -> None:
    """Sell the plan in exactly these locations."""
    known = set(await db.scalars(select(Location.id).where(Location.id.in_(location_ids))))
    if known != set(location_ids):
        raise NotSold("One of these locations does not exist.")
    await db.execute(delete(PlanLocation).where(PlanLocation.plan_id == plan_id))
    db.add_all(PlanLocation(plan_id=plan_id, location_id=each) for each in known)
    await db.flush()
    await _changed(db)


async def edit_location(db: Db, location_id: UUID, changes: dict[str, Any]) -> Location:
    """Name, open or close a location."""
    location = await db.get(Location, location_id, with_for_update=True)
    if location is None:
        raise NotFound
    slug = changes.get("slug", location.slug)
    if slug != location.slug and await db.scalar(select(Location.id).where(Location.slug == slug)):
        raise SlugTaken
    for name, value in changes.items():
        setattr(location, name, value)
    if location.status == "open" and not location.country.strip():
        raise NotSold("Say in which country the location is before you open it.")
    audit(db, "location.edit", "location", location.id, **changes)
    await _changed(db)
    return location


async def edit_image(db: Db, image_id: UUID, changes: dict[str, Any]) -> Image:
    """Change how a system is presented or whether it is offered."""
    image = await db.get(Image, image_id, with_for_update=True)
    if image is None:
        raise NotFound
    for name, value in changes.items():
        setattr(image, name, value)
    audit(db, "image.edit", "image", image.id, **changes)
    await _changed(db)
    return image
