"""What is asked about consoles: whether one may be opened and may go on, and who had one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from skypanel.consoles.models import Console
from skypanel.consoles.rules import ACCESS_ENDED, ENDINGS, SERVER_CLOSED, Ending, may_open
from skypanel.identity.queries import viewer_of
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query
from skypanel.servers import queries as servers
from skypanel.servers.models import Server
from skypanel.services.models import Service

PERMISSION = "servers.operate"
STANDING: Query[dict[str, Any]] = Query(
    select(
        Server.id,
        Server.account_id,
        Server.state,
        Server.virtfusion_ref,
        Server.ready_at.is_not(None).label("installed"),
        Service.state.label("service_state"),
    )
    .join(Service, Service.id == Server.service_id)
    .where(Server.id == bindparam("id"))
)
ONE: Query[dict[str, Any]] = Query(
    select(
        Console.id,
        Console.server_id,
        Console.user_id,
        Console.session_id,
        Console.as_staff,
        Console.end_reason,
    ).where(Console.id == bindparam("id"))
)
LIST: Query[dict[str, Any]] = Query(
    select(
        Console.id,
        Console.user_name,
        Console.as_staff,
        Console.reason,
        Console.opened_at,
        Console.ended_at,
        Console.end_reason,
    )
    .where(
        Console.server_id == bindparam("server"),
        Console.opened_at.is_not(None),
        Console.id < bindparam("before"),
    )
    .order_by(Console.id.desc())
    .limit(bindparam("limit"))
)


async def standing(read: Read, server_id: UUID) -> dict[str, Any]:
    """How a server and its service stand, and what the panel calls it."""
    found = await STANDING.one(read, id=server_id)
    if found is None:
        raise NotFound
    return found


def can_be_seen(server: dict[str, Any], *, as_staff: bool) -> bool:
    """Whether there is a screen to look at, by how the server stands."""
    return may_open(
        server["state"],
        server["service_state"],
        installed=server["installed"],
        as_staff=as_staff,
    )


async def server_for(read: Read, viewer: Viewer, server_id: UUID) -> dict[str, Any]:
    """A server on whose screen the viewer may act, or not found."""
    await servers.account_for(read, viewer, server_id, PERMISSION)
    return await standing(read, server_id)


async def page(read: Read, viewer: Viewer, server_id: UUID, page: Page) -> dict[str, Any]:
    """Who looked at a server's screen, newest first; staff's reasons are theirs."""
    await servers.account_for(read, viewer, server_id, "servers.view")
    found = await LIST.page(read, page, server=server_id)
    found["items"] = [{**each, "reason": None} for each in found["items"]]
    return found


async def staff_page(read: Read, server_id: UUID, page: Page) -> dict[str, Any]:
    """Who looked at a server's screen and why, for staff."""
    await standing(read, server_id)
    return await LIST.page(read, page, server=server_id)


async def why_to_end(read: Read, console_id: UUID) -> Ending | None:
    """What ends an open console now: the log-in, the right, the server; nothing if it may go on."""
    console = await ONE.one(read, id=console_id)
    if console is None:
        return ACCESS_ENDED
    if console["end_reason"] is not None:
        return ENDINGS.get(console["end_reason"], ACCESS_ENDED)
    viewer = await viewer_of(read, console["session_id"], console["user_id"])
    if viewer is None:
        return ACCESS_ENDED
    server = await STANDING.one(read, id=console["server_id"])
    if server is None:
        return SERVER_CLOSED
    as_staff = console["as_staff"]
    allowed = (
        PERMISSION in viewer.staff if as_staff else viewer.may(PERMISSION, server["account_id"])
    )
    if not allowed:
        return ACCESS_ENDED
    return None if can_be_seen(server, as_staff=as_staff) else SERVER_CLOSED
