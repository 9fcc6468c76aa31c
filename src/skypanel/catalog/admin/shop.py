"""Plans, places and systems, as staff set them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import Response

from skypanel.catalog import actions, queries
from skypanel.catalog.events import CapacityAsked, CatalogSyncRequested
from skypanel.catalog.schemas import shop as schemas
from skypanel.identity.actions import audit
from skypanel.platform.db import Read
from skypanel.platform.http.doors import TheDb, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["catalog staff"])
SEES = [Depends(staff("catalog.view"))]
EDITS = [Depends(staff("catalog.edit"))]


def _given(change: BaseModel, *without: str) -> dict[str, Any]:
    """The fields that were sent with a value."""
    return change.model_dump(exclude_none=True, exclude=set(without))


def _drafts(prices: list[schemas.PriceWish]) -> list[actions.PriceDraft]:
    return [
        actions.PriceDraft(one.currency, one.cycle, one.price, one.setup_minor) for one in prices
    ]


async def _plan(read: Read, plan_id: UUID) -> dict[str, Any]:
    found = await queries.staff_plans(read)
    return next(one for one in found["items"] if one["id"] == plan_id)


def _one(found: list[dict[str, Any]], row_id: UUID) -> dict[str, Any]:
    return next(one for one in found if one["id"] == row_id)


@router.get("/admin/plans", response_model=schemas.StaffPlans, dependencies=SEES)
async def plans(read: TheReader) -> Response:
    """Every plan, offered or not."""
    return answer(await queries.staff_plans(read))


@router.post("/admin/plans", response_model=schemas.StaffPlan, status_code=201, dependencies=EDITS)
async def add_plan(wish: schemas.PlanWish, db: TheDb) -> Response:
    """Sell a size of the panel."""
    plan = await actions.add_plan(
        db,
        package_id=wish.package_id,
        slug=wish.slug,
        name=wish.name,
        description=wish.description,
        prices=_drafts(wish.prices),
        location_ids=wish.location_ids,
        offered=wish.offered,
        position=wish.position,
        trial_days=wish.trial_days,
    )
    return answer(await _plan(db, plan.id), 201)


@router.patch("/admin/plans/{plan_id}", response_model=schemas.StaffPlan, dependencies=EDITS)
async def edit_plan(plan_id: UUID, change: schemas.PlanChange, db: TheDb) -> Response:
    """Change a plan; orders that stand keep their price."""
    await actions.edit_plan(db, plan_id, _given(change, "prices", "location_ids"))
    if change.prices is not None:
        await actions.price_plan(db, plan_id, _drafts(change.prices))
    if change.location_ids is not None:
        await actions.place_plan(db, plan_id, change.location_ids)
    return answer(await _plan(db, plan_id))


@router.get("/admin/packages", response_model=schemas.Packages, dependencies=SEES)
async def packages(read: TheReader) -> Response:
    """The sizes of the panel that plans can sell."""
    return answer({"items": await queries.PACKAGES.all(read), "next": None})


@router.get("/admin/locations", response_model=schemas.StaffLocations, dependencies=SEES)
async def locations(read: TheReader) -> Response:
    """Every place of the panel."""
    return answer({"items": await queries.STAFF_LOCATIONS.all(read), "next": None})


@router.patch(
    "/admin/locations/{location_id}", response_model=schemas.StaffLocation, dependencies=EDITS
)
async def edit_location(location_id: UUID, change: schemas.LocationChange, db: TheDb) -> Response:
    """Name, open or close a place."""
    await actions.edit_location(db, location_id, _given(change))
    return answer(_one(await queries.STAFF_LOCATIONS.all(db), location_id))


@router.get("/admin/images", response_model=schemas.StaffImages, dependencies=SEES)
async def images(read: TheReader) -> Response:
    """Every system of the panel."""
    return answer({"items": await queries.STAFF_IMAGES.all(read), "next": None})


@router.patch("/admin/images/{image_id}", response_model=schemas.StaffImage, dependencies=EDITS)
async def edit_image(image_id: UUID, change: schemas.ImageChange, db: TheDb) -> Response:
    """Change how a system is offered."""
    await actions.edit_image(db, image_id, _given(change))
    return answer(_one(await queries.STAFF_IMAGES.all(db), image_id))


@router.post(
    "/admin/catalog/sync", response_model=schemas.SyncAsked, status_code=202, dependencies=EDITS
)
async def synchronise(db: TheDb) -> Response:
    """Compare the catalog with the panel now."""
    audit(db, "catalog.sync", "catalog", None)
    db.publish(CatalogSyncRequested())
    return answer({"accepted": True}, 202)


@router.post(
    "/admin/hypervisors/read", response_model=schemas.SyncAsked, status_code=202, dependencies=EDITS
)
async def read_hypervisors(db: TheDb) -> Response:
    """Read every hypervisor now."""
    audit(db, "capacity.read", "panel", None)
    db.publish(CapacityAsked())
    return answer({"accepted": True}, 202)
