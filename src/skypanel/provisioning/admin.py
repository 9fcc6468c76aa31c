"""Creations as staff see them."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.provisioning import actions, queries, schemas

router = APIRouter(route_class=DoorRoute, tags=["provisioning staff"])
SEES = [Depends(staff("servers.view"))]
OPERATES = [Depends(staff("servers.operate"))]


@router.get("/admin/provisions", response_model=schemas.Provisions, dependencies=SEES)
async def provisions(
    read: TheReader, page: ThePage, state: schemas.State | Literal[""] = ""
) -> Response:
    """All creations."""
    return answer(await queries.page(read, page, state=state))


@router.get(
    "/admin/provisions/{provision_id}", response_model=schemas.ProvisionWhole, dependencies=SEES
)
async def provision(provision_id: UUID, read: TheReader) -> Response:
    """One creation with its log, by its own id or its order's."""
    return answer(await queries.get(read, provision_id))


@router.post(
    "/admin/provisions/{provision_id}/retry",
    response_model=schemas.ProvisionWhole,
    status_code=202,
    dependencies=OPERATES,
)
async def retry(provision_id: UUID, db: TheDb) -> Response:
    """Let a stopped creation go on."""
    await actions.resume(db, provision_id)
    return answer(await queries.get(db, provision_id), 202)
