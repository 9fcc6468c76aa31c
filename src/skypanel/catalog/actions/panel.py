"""Taking over what the panel says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from skypanel.catalog.actions.shop import TAG
from skypanel.catalog.models import (
    Image,
    Location,
    PackageTemplate,
    Panel,
    PanelGroup,
    PanelPackage,
    PanelTemplate,
    StockLevel,
)
from skypanel.catalog.rules import short_version, slug_of
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id

PANEL_NAME = "VirtFusion"


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
    db.house.relay.changed(db, TAG)


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
