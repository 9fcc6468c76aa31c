"""Servers as staff see them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.servers import queries, schemas

router = APIRouter(route_class=DoorRoute, tags=["servers staff"])
Sees = Annotated[Viewer, Depends(staff("servers.view"))]


@router.get("/admin/servers", response_model=schemas.StaffServers)
async def servers(
    read: TheReader,
    viewer: Sees,
    page: ThePage,
    q: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """All servers."""
    return answer(await queries.staff_page(read, viewer, page, q))


@router.get("/admin/servers/{server_id}", response_model=schemas.StaffServerWhole)
async def server(server_id: UUID, read: TheReader, viewer: Sees) -> Response:
    """One server with its latest tasks."""
    return answer(await queries.staff_one(read, viewer, server_id))
