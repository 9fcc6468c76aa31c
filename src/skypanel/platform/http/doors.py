"""What a route asks for: the house, a reader, a unit of work, the viewer, a page of a list.

Each takes the request and calls the others itself: FastAPI would analyse every nested dependency
anew for every route, a tenth of a process's start.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Query, Request, WebSocket, WebSocketException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from skypanel.platform.authority import Actor, Viewer
from skypanel.platform.db import Db, Reader
from skypanel.platform.errors import LoginRequired
from skypanel.platform.house import House
from skypanel.platform.read import LIMIT_DEFAULT, LIMIT_MAX, Page, encode

JSON = "application/json"
POLICY_VIOLATED = 1008  # before it is accepted, a websocket closed so is answered 403


async def the_house(request: Request) -> House:
    house: House = request.app.state.house
    return house


async def a_reader(request: Request) -> Reader:
    """The request's reader: one for all that it asks."""
    state = request.state
    if not hasattr(state, "read"):
        state.read = Reader(request.app.state.house)
    read: Reader = state.read
    return read


async def maybe_viewer(request: Request) -> Viewer | None:
    """The person behind the request, if any; looked up once per request."""
    state = request.state
    if not hasattr(state, "viewer"):
        house: House = request.app.state.house
        state.viewer = await house.authenticate(house, await a_reader(request), request)
    viewer: Viewer | None = state.viewer
    return viewer


async def the_viewer(request: Request) -> Viewer:
    viewer = await maybe_viewer(request)
    if viewer is None:
        raise LoginRequired
    return viewer


async def the_socket_house(websocket: WebSocket) -> House:
    house: House = websocket.app.state.house
    return house


async def the_socket_viewer(
    websocket: WebSocket, house: Annotated[House, Depends(the_socket_house)]
) -> Viewer:
    """The person behind a websocket; a stranger's is answered 403 and never opened."""
    viewer = await house.authenticate(house, house.read(), websocket)
    if viewer is None:
        raise WebSocketException(POLICY_VIOLATED)
    return viewer


def actor_of(request: HTTPConnection, viewer: Viewer | None) -> Actor:
    """Who is behind a request's changes."""
    ip = request.client.host if request.client else None
    request_id = request.state.request_id
    if viewer is None:
        return Actor("user", None, "Visitor", ip, request_id)
    kind = "staff" if request.url.path.startswith("/api/v1/admin/") else "user"
    return Actor(kind, viewer.user_id, viewer.name, ip, request_id)


async def the_actor(request: Request) -> Actor:
    return actor_of(request, await maybe_viewer(request))


async def a_transaction(request: Request) -> AsyncIterator[Db]:
    """The door's unit of work: committed after the route returns and before the answer leaves."""
    house: House = request.app.state.house
    async with house.transaction(await the_actor(request)) as db:
        request.state.db = db
        yield db


async def a_page(
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT,
) -> Page:
    return Page(cursor, limit)


@cache
def staff(permission: str) -> Callable[[Request], Awaitable[Viewer]]:
    """A viewer whose staff role has this permission; to anybody else the door does not exist."""

    async def the_staff(request: Request) -> Viewer:
        viewer = await the_viewer(request)
        viewer.require_staff(permission)
        return viewer

    return the_staff


SocketHouse = Annotated[House, Depends(the_socket_house)]
SocketViewer = Annotated[Viewer, Depends(the_socket_viewer)]
TheHouse = Annotated[House, Depends(the_house)]
TheReader = Annotated[Reader, Depends(a_reader)]
TheViewer = Annotated[Viewer, Depends(the_viewer)]
MaybeViewer = Annotated[Viewer | None, Depends(maybe_viewer)]
TheActor = Annotated[Actor, Depends(the_actor)]
TheDb = Annotated[Db, Depends(a_transaction, scope="function")]
ThePage = Annotated[Page, Depends(a_page)]


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer encoded once; never kept by a cache on the way."""
    return Response(
        encode(body), status, {"cache-control": "no-store", **(headers or {})}, media_type=JSON
    )


def nothing(status: int = 204) -> Response:
    """An answer without a body."""
    return Response(status_code=status)
