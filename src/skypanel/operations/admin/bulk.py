"""Staff's doors to works on many servers: a preview, then one job per server."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.operations import actions, queries
from skypanel.operations.schemas import (
    BulkPreview,
    BulkPreviewWish,
    BulkWhole,
    BulkWish,
    BulkWorks,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["servers staff"])
Sees = Annotated[Viewer, Depends(staff("servers.view"))]
Operates = Annotated[Viewer, Depends(staff("servers.operate"))]


@router.post("/admin/bulk-works/preview", response_model=BulkPreview)
async def preview_bulk(_: Operates, read: TheReader, wish: BulkPreviewWish) -> Response:
    """What would happen to each server. Nothing is done."""
    found = await queries.preview_bulk(read, wish.verb, wish.hold, wish.server_ids)
    return answer(found)


@router.post("/admin/bulk-works", response_model=BulkWhole, status_code=202)
async def begin_bulk(_: Operates, db: TheDb, wish: BulkWish) -> Response:
    """Do it, to those to which it can be done now; each is a task of its own."""
    work_id = await actions.begin_bulk(db, wish.verb, wish.hold, wish.reason, wish.server_ids)
    return answer(await queries.bulk_work(db, work_id), 202)


@router.get("/admin/bulk-works", response_model=BulkWorks)
async def list_bulk(_: Sees, read: TheReader, page: ThePage) -> Response:
    """Works on many servers, newest first."""
    return answer(await queries.bulk_works(read, page))


@router.get("/admin/bulk-works/{work_id}", response_model=BulkWhole)
async def get_bulk(_: Sees, read: TheReader, work_id: UUID) -> Response:
    """One work and how far each server is."""
    return answer(await queries.bulk_work(read, work_id))
