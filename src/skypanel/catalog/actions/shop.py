"""Changing what is sold, setting room aside for orders, and taking over what the panel says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from skypanel.catalog.errors import NotSold, PlanUnknown, SlugTaken, SoldOut
from skypanel.catalog.models import (
    Image,
    Location,
    PackageTemplate,
    Panel,
    PanelGroup,
    PanelPackage,
    PanelTemplate,
    Plan,
    PlanLocation,
    PlanPrice,
    StockHold,
    StockLevel,
)
from skypanel.catalog.queries import available
from skypanel.catalog.rules import Need, short_version, slug_of
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id

TAG = "catalog"
PANEL_NAME = "VirtFusion"


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
    db: Db, *, plan_id: UUID, location_id: UUID, order_id: UUID, until: datetime
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
    need = Need(package.vcpu, package.memory_mib, package.disk_gib, package.storage_type)
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


@dataclass(frozen=True, slots=True)
class PanelReading:
    """What the panel answered, as rows; of a group that could not be read there is no room."""

    packages: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    templates: list[dict[str, Any]]
    installable: list[tuple[int, int]]
    room: dict[int, tuple[list[dict[str, Any]], int | None]]


async def the_panel(db: Db) -> UUID:
    """The one panel there is now."""
    made = insert(Panel).values(id=new_id(), name=PANEL_NAME, created_at=db.now)
    await db.execute(made.on_conflict_do_nothing(index_elements=["name"]))
    found = await db.scalar(select(Panel.id).where(Panel.name == PANEL_NAME))
    assert found is not None
    return found


async def take_over(db: Db, reading: PanelReading) -> None:
    """Make the catalog's copy of the panel what it answered; what it no longer names is closed."""
    panel_id = await the_panel(db)
    panel = await db.get(Panel, panel_id, with_for_update=True)
    assert panel is not None
    panel.synchronised_at = db.now
    packages = await _upsert(db, PanelPackage, panel_id, reading.packages)
    groups = await _upsert(db, PanelGroup, panel_id, reading.groups)
    templates = await _upsert(db, PanelTemplate, panel_id, reading.templates)
    gone = {"now": db.now, "panel": panel_id}
    await db.run(
        "update panel_packages set enabled = false"
        " where panel_id = %(panel)s and seen_at <> %(now)s and enabled",
        **gone,
    )
    await db.run(
        "update panel_groups set enabled = false"
        " where panel_id = %(panel)s and seen_at <> %(now)s and enabled",
        **gone,
    )
    await db.run(
        "update panel_templates set ended = true"
        " where panel_id = %(panel)s and seen_at <> %(now)s and not ended",
        **gone,
    )
    if packages:
        await db.execute(
            delete(PackageTemplate).where(PackageTemplate.package_id.in_(packages.values()))
        )
    db.add_all(
        PackageTemplate(package_id=packages[package], template_id=templates[template])
        for package, template in set(reading.installable)
    )
    await _open_up(db, reading, groups, templates)
    await _take_stock(db, reading, groups)
    await _changed(db)


async def _upsert(
    db: Db, model: type[Any], panel_id: UUID, rows: list[dict[str, Any]]
) -> dict[int, UUID]:
    """Rows of the panel by its own id, and ours for each."""
    if not rows:
        return {}
    values = [{"id": new_id(), "panel_id": panel_id, "seen_at": db.now, **row} for row in rows]
    statement = insert(model).values(values)
    kept = {"id", "panel_id", "virtfusion_ref"}
    result = await db.execute(
        statement.on_conflict_do_update(
            index_elements=["panel_id", "virtfusion_ref"],
            set_={name: statement.excluded[name] for name in values[0] if name not in kept},
        ).returning(model.virtfusion_ref, model.id)
    )
    return dict(result.all())


async def _open_up(
    db: Db, reading: PanelReading, groups: dict[int, UUID], templates: dict[int, UUID]
) -> None:
    """New groups become closed locations for staff to name; new systems are offered."""
    for row in reading.groups:
        slug = f"{slug_of(row['name'])}"
        if await db.scalar(
            select(Location.id).where(
                Location.slug == slug, Location.group_id != groups[row["virtfusion_ref"]]
            )
        ):
            slug = f"{slug}-{row['virtfusion_ref']}"
        place = insert(Location).values(
            id=new_id(),
            group_id=groups[row["virtfusion_ref"]],
            slug=slug,
            name=row["name"],
            city=row["name"],
            country="",
            status="closed",
            position=row["virtfusion_ref"],
            created_at=db.now,
        )
        await db.execute(place.on_conflict_do_nothing(index_elements=["group_id"]))
    for row in reading.templates:
        version = short_version(row["version"])
        eol_on: date | None = row["eol_on"]
        image = insert(Image).values(
            id=new_id(),
            template_id=templates[row["virtfusion_ref"]],
            family=row["group_name"],
            name=f"{row['name']} {version}".strip(),
            version=row["version"] or None,
            icon=slug_of(row["group_name"]),
            default_user="root",
            min_memory_mib=0,
            min_disk_gib=0,
            eol_on=eol_on,
            offered=True,
            position=0,
            created_at=db.now,
        )
        await db.execute(
            image.on_conflict_do_update(index_elements=["template_id"], set_={"eol_on": eol_on})
        )


async def _take_stock(db: Db, reading: PanelReading, groups: dict[int, UUID]) -> None:
    """Write down the room of each group that answered; the others keep their last figures."""
    for ref, (hosts, free_ipv4) in sorted(reading.room.items()):
        location_id = await db.scalar(select(Location.id).where(Location.group_id == groups[ref]))
        level = insert(StockLevel).values(
            location_id=location_id, hosts=hosts, free_ipv4=free_ipv4, read_at=db.now
        )
        await db.execute(
            level.on_conflict_do_update(
                index_elements=["location_id"],
                set_={"hosts": hosts, "free_ipv4": free_ipv4, "read_at": db.now},
            )
        )
