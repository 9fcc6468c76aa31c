"""What is asked about what the panel told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from skypanel.operations.models import PanelHook
from skypanel.platform.db import Read
from skypanel.platform.read import Query
from skypanel.servers.models import Server

LATELY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class OwnServer:
    """Our server behind one of the panel's."""

    server_id: UUID
    service_id: UUID
    order_id: UUID
    state: str


OWN: Query[OwnServer] = Query(
    select(Server.id, Server.service_id, Server.order_id, Server.state).where(
        Server.virtfusion_ref == bindparam("ref")
    ),
    OwnServer,
)
HOOK: Query[dict[str, Any]] = Query(
    select(PanelHook.server_ref, PanelHook.read_at).where(PanelHook.id == bindparam("id"))
)
ASKED: Query[UUID] = Query(
    select(PanelHook.id)
    .where(
        PanelHook.outcome == "the panel is compared with the services",
        PanelHook.read_at > bindparam("since"),
    )
    .limit(1),
    lambda hook_id: hook_id,
)
LATEST: Query[dict[str, Any]] = Query(
    select(
        PanelHook.id,
        PanelHook.event,
        PanelHook.status,
        PanelHook.server_ref,
        PanelHook.received_at,
        PanelHook.outcome,
    )
    .order_by(PanelHook.received_at.desc())
    .limit(20)
)
COUNT: Query[int] = Query(
    select(func.count()).select_from(PanelHook).where(PanelHook.received_at > bindparam("since")),
    lambda count: count,
)


async def asked_lately(read: Read) -> bool:
    """Whether a hook had the panel compared a moment ago."""
    return await ASKED.one(read, since=read.now - LATELY) is not None
