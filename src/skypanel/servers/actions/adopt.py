"""Servers that stood at the panel before they were ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.servers.errors import ServerKnown
from skypanel.servers.events import ServerAdopted
from skypanel.servers.models import Server
from skypanel.servers.rules import panel_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A server as the panel has it, and whose it becomes."""

    account_id: UUID
    service_id: UUID
    order_id: UUID
    panel_id: UUID
    virtfusion_ref: int
    called: str
    hostname: str
    label: str
    ipv4: str | None
    ipv6: str | None
    power: str
    suspended: bool
    plan: dict[str, Any]
    location: dict[str, Any]
    image: dict[str, Any]


async def refuse_known(db: Db, panel_id: UUID, virtfusion_ref: int) -> None:
    """Refuse `server_known` when a server of the panel is bound to one of ours."""
    known = await db.scalar(
        select(Server.id).where(
            Server.panel_id == panel_id, Server.virtfusion_ref == virtfusion_ref
        )
    )
    if known is not None:
        raise ServerKnown(server_id=str(known))


async def take_over(db: Db, found: Found) -> Server:
    """Bind a server of the panel as it stands; nothing is asked of it. Publishes ServerAdopted.

    Each is bound once: who comes second, at the same instant too, is refused `server_known`.
    """
    server = Server(
        id=new_id(),
        account_id=found.account_id,
        service_id=found.service_id,
        order_id=found.order_id,
        panel_id=found.panel_id,
        virtfusion_ref=found.virtfusion_ref,
        hostname=found.hostname,
        label=found.label,
        panel_name=panel_name(found.called),
        state="ready",
        state_since=db.now,
        power=found.power,
        power_checked_at=db.now,
        ipv4=found.ipv4,
        ipv6=found.ipv6,
        plan=found.plan,
        location=found.location,
        image=found.image,
        standing="suspended" if found.suspended else "free",
        created_at=db.now,
        ready_at=db.now,
    )
    db.add(server)
    try:
        await db.flush()
    except IntegrityError:
        raise ServerKnown from None
    db.publish(ServerAdopted(server.id, server.account_id, server.service_id))
    return server
