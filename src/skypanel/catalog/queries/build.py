"""The panel's own ids of what is to be made."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from skypanel.catalog.errors import NotSold
from skypanel.catalog.models import (
    Image,
    Location,
    PanelGroup,
    PanelPackage,
    PanelTemplate,
    Plan,
)
from skypanel.platform.db import Read
from skypanel.platform.read import Query


@dataclass(frozen=True, slots=True)
class BuildRefs:
    """The panel's own ids of what is to be made."""

    panel_id: UUID
    package_ref: int
    group_ref: int
    template_ref: int
    storage_type: int


REFS = Query(
    select(
        PanelPackage.panel_id,
        PanelPackage.virtfusion_ref,
        PanelGroup.virtfusion_ref.label("group_ref"),
        PanelTemplate.virtfusion_ref.label("template_ref"),
        PanelPackage.storage_type,
    )
    .select_from(Plan)
    .join(PanelPackage, PanelPackage.id == Plan.package_id)
    .join(Location, Location.id == bindparam("location"))
    .join(PanelGroup, PanelGroup.id == Location.group_id)
    .join(Image, Image.id == bindparam("image"))
    .join(PanelTemplate, PanelTemplate.id == Image.template_id)
    .where(Plan.id == bindparam("plan")),
    BuildRefs,
)


async def build_refs(read: Read, plan_id: UUID, location_id: UUID, image_id: UUID) -> BuildRefs:
    """The panel's ids for making this; refuses `not_sold` when one of them is unknown."""
    found = await REFS.one(read, plan=plan_id, location=location_id, image=image_id)
    if found is None:
        raise NotSold
    return found
