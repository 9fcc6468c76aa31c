"""The customer's ticket, and the websocket through which a screen comes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import structlog
from fastapi import APIRouter, WebSocket
from starlette.responses import Response
from starlette.websockets import WebSocketDisconnect

from skypanel.consoles import actions, queries, schemas
from skypanel.consoles.api.carry import Carriage
from skypanel.consoles.rules import (
    BINARY,
    PANEL_REFUSED,
    PANEL_UNAVAILABLE,
    TICKET_LASTS,
    Ending,
    ticket_in,
)
from skypanel.integrations.registry import Vendors
from skypanel.platform.authority import Viewer
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    SocketHouse,
    SocketViewer,
    TheDb,
    ThePage,
    TheReader,
    TheViewer,
    actor_of,
    answer,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.metrics import CONSOLES
from skypanel.platform.outside import OutsideError, Refused

router = APIRouter(route_class=DoorRoute, tags=["consoles"])
SOCKET_PATH = "/api/v1/console"
AGAIN_SECONDS = 0.5
log = structlog.get_logger()


@router.post("/servers/{server_id}/console", response_model=schemas.ConsoleTicket, status_code=201)
async def open_console(server_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """A ticket to the server's screen: for this session, 30 seconds and one opening."""
    server = await queries.server_for(db, viewer, server_id)
    ticket = await actions.ask(db, viewer, server)
    seconds = int(TICKET_LASTS.total_seconds())
    shown = {"ticket": ticket, "expires_in_seconds": seconds, "path": SOCKET_PATH}
    return answer(shown, 201, headers={"x-secret-answer": "1"})


@router.get("/servers/{server_id}/consoles", response_model=schemas.Consoles)
async def consoles(server_id: UUID, read: TheReader, viewer: TheViewer, page: ThePage) -> Response:
    """Who looked at the server's screen."""
    return answer(await queries.page(read, viewer, server_id, page))


@router.websocket("/console")
async def console(websocket: WebSocket, house: SocketHouse, viewer: SocketViewer) -> None:
    """The screen itself, for whoever brings a ticket of their own session."""
    with house.sockets.held(), CONSOLES.track_inprogress():
        await websocket.accept(subprotocol=BINARY)
        ending = await _carry(websocket, house, viewer)
        with suppress(RuntimeError, WebSocketDisconnect):  # the browser may have gone first
            await websocket.close(ending.code, ending.word)


async def _carry(websocket: WebSocket, house: House, viewer: Viewer) -> Ending:
    actor = actor_of(websocket, viewer)
    async with house.transaction(actor) as db:
        ticket = ticket_in(websocket.scope["subprotocols"])
        opened = await actions.redeem(db, viewer, ticket)
    if isinstance(opened, Ending):
        return opened
    if opened.as_staff:
        actor = replace(actor, kind="staff")
    ending = PANEL_UNAVAILABLE
    try:
        ending = await _with_screen(websocket, house, opened)
    finally:
        async with house.transaction(actor) as db:
            await actions.end(db, opened.id, ending)
    return ending


async def _with_screen(websocket: WebSocket, house: House, opened: actions.Opened) -> Ending:
    """Open the screen at the panel and carry it; how it ended."""
    # Who never looks at a screen needs no websocket client in its process.
    from skypanel.integrations.virtfusion.screen import open_screen  # noqa: PLC0415

    for last in (False, True):
        try:
            panel = await Vendors.of(house).virtfusion()
            screen = await open_screen(await panel.open_console(opened.server_ref))
        except Refused as no:
            log.warning("console refused by the panel", server_id=opened.server_id, error=str(no))
            return PANEL_REFUSED
        except OutsideError as error:
            log.warning("console not reached", server_id=opened.server_id, error=str(error))
            if last:
                return PANEL_UNAVAILABLE
            # A way that was given to somebody else a moment later is closed: ask for another.
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            break
    try:
        return await Carriage(websocket, screen, house, opened).run()
    finally:
        await screen.close()
