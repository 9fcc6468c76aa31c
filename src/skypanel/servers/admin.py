"""Servers as staff see them, and what they have done to one, with a reason."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, nothing, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.servers import actions, queries, schemas

router = APIRouter(route_class=DoorRoute, tags=["servers staff"])
Sees = Annotated[Viewer, Depends(staff("servers.view"))]
Operates = Annotated[Viewer, Depends(staff("servers.operate"))]


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


@router.get("/admin/servers/{server_id}/sight", response_model=schemas.Sight)
async def server_sight(server_id: UUID, read: TheReader, viewer: Sees) -> Response:
    """What was last seen of a server's network and storage at the panel."""
    return answer(await queries.staff_sight(read, viewer, server_id))


@router.post("/admin/servers/{server_id}/sight", status_code=202)
async def look_at_server(server_id: UUID, db: TheDb, viewer: Sees) -> Response:
    """Have the panel asked how the server's network and storage are."""
    await queries.staff_sight(db, viewer, server_id)
    await actions.ask_sight(db, server_id)
    return nothing(202)


@router.post("/admin/servers/{server_id}/tasks", response_model=schemas.Task, status_code=202)
async def ask_of_server(
    _: Operates, server_id: UUID, db: TheDb, wish: schemas.StaffTaskWish
) -> Response:
    """Ask something of a server's power for its customer; the reason is kept."""
    task_id = await actions.ask_for(db, server_id, wish.kind, wish.reason)
    return answer(await queries.task(db, task_id), 202)


@router.post("/admin/servers/{server_id}/suspend", response_model=schemas.StaffServerWhole)
async def suspend_server(
    viewer: Operates, server_id: UUID, db: TheDb, why: schemas.HoldReason
) -> Response:
    """Hold its service: the panel follows, and no payment lifts this."""
    await actions.suspend(db, server_id, why.hold, why.reason)
    return answer(await queries.staff_one(db, viewer, server_id))


@router.post("/admin/servers/{server_id}/resume", response_model=schemas.StaffServerWhole)
async def resume_server(
    viewer: Operates, server_id: UUID, db: TheDb, why: schemas.HoldReason
) -> Response:
    """Lift that hold; with the last one it runs again."""
    await actions.resume(db, server_id, why.hold, why.reason)
    return answer(await queries.staff_one(db, viewer, server_id))
