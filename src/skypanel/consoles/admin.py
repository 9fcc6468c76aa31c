"""Staff at a customer's screen, with a reason."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.consoles import actions, queries, schemas
from skypanel.consoles.rules import TICKET_LASTS
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["consoles staff"])
Operates = Annotated[Viewer, Depends(staff(queries.PERMISSION))]
Sees = Annotated[Viewer, Depends(staff("servers.view"))]
SOCKET_PATH = "/api/v1/console"


@router.post(
    "/admin/servers/{server_id}/console", response_model=schemas.ConsoleTicket, status_code=201
)
async def open_console(
    server_id: UUID, why: schemas.ConsoleReason, db: TheDb, viewer: Operates
) -> Response:
    """A ticket to any server's screen; who, when and why are kept and shown."""
    server = await queries.standing(db, server_id)
    ticket = await actions.ask(db, viewer, server, reason=why.reason)
    seconds = int(TICKET_LASTS.total_seconds())
    shown = {"ticket": ticket, "expires_in_seconds": seconds, "path": SOCKET_PATH}
    return answer(shown, 201, headers={"x-secret-answer": "1"})


@router.get("/admin/servers/{server_id}/consoles", response_model=schemas.Consoles)
async def consoles(server_id: UUID, read: TheReader, viewer: Sees, page: ThePage) -> Response:
    """Who looked at a server's screen, and why."""
    return answer(await queries.staff_page(read, server_id, page))
