"""The systems we offer, and which of them fit a plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from skypanel.catalog.models import Image, PackageTemplate, PanelPackage, PanelTemplate, Plan
from skypanel.platform.db import Read
from skypanel.platform.read import Query

IMAGE_COLUMNS = (
    Image.id,
    Image.family,
    Image.name,
    Image.version,
    Image.icon,
    Image.default_user,
    Image.min_memory_mib,
    Image.min_disk_gib,
    Image.eol_on,
)
IMAGES: Query[dict[str, Any]] = Query(
    select(*IMAGE_COLUMNS)
    .join(PanelTemplate, PanelTemplate.id == Image.template_id)
    .where(Image.offered, ~PanelTemplate.ended)
    .order_by(Image.position, Image.family, Image.name.desc())
)


def _fitting(*more: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*IMAGE_COLUMNS, *more)
        .join(PanelTemplate, PanelTemplate.id == Image.template_id)
        .join(PackageTemplate, PackageTemplate.template_id == PanelTemplate.id)
        .join(Plan, Plan.package_id == PackageTemplate.package_id)
        .join(PanelPackage, PanelPackage.id == Plan.package_id)
        .where(
            Plan.id == bindparam("plan"),
            Image.offered,
            ~PanelTemplate.ended,
            Image.min_memory_mib <= PanelPackage.memory_mib,
            Image.min_disk_gib <= PanelPackage.disk_gib,
        )
    )


INSTALLABLE: Query[dict[str, Any]] = Query(
    _fitting(PanelTemplate.virtfusion_ref.label("template_ref")).where(
        Image.id == bindparam("image")
    )
)
GALLERY: Query[dict[str, Any]] = Query(
    _fitting().order_by(Image.position, Image.family, Image.name.desc())
)


async def installable(read: Read, plan_id: UUID, image_id: UUID) -> dict[str, Any] | None:
    """A system as it can be put on servers of a plan, with the panel's id of its template."""
    return await INSTALLABLE.one(read, plan=plan_id, image=image_id)


async def installable_images(read: Read, plan_id: UUID) -> dict[str, Any]:
    """The systems that can be put on servers of a plan."""
    return {"items": await GALLERY.all(read, plan=plan_id), "next": None}


async def images(read: Read) -> dict[str, Any]:
    """The systems we offer."""
    return {"items": await IMAGES.all(read), "next": None}
