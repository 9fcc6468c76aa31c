"""How the panel has a server for its service's sake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.states import advance
from skypanel.servers.actions.life import lock_server
from skypanel.servers.events import (
    ServerChanged,
)
from skypanel.servers.rules import (
    SERVER_STATES,
    STANDINGS,
)
from skypanel.services.models import Service


@dataclass(frozen=True, slots=True)
class Want:
    """How a server is to stand at the panel."""

    virtfusion_ref: int
    standing: str


async def claim_standing(db: Db, server_id: UUID, ask_again: timedelta) -> Want | None:
    """What the panel is to be asked so that a server stands as its service does.

    Nothing while it stands so, is still being made, or somebody asked a moment ago. What was
    asked and never found done may have been done since: it is looked up, whatever is wanted now.
    """
    server = await lock_server(db, server_id)
    service = await db.get(Service, server.service_id, populate_existing=True)
    assert service is not None
    wanted = STANDINGS.get(service.state)
    if wanted is None or (wanted == server.standing and server.standing_asked_at is None):
        return None
    if server.virtfusion_ref is None:
        if wanted == "gone" and server.state == "failed":
            await note_standing(db, server_id, wanted)
        return None
    if server.state not in ("ready", "failed", "deleting"):
        return None
    if server.standing_asked_at is not None and server.standing_asked_at + ask_again > db.now:
        return None
    server.standing_asked_at = db.now
    return Want(server.virtfusion_ref, wanted)


async def note_size(db: Db, server_id: UUID, plan: Mapping[str, Any]) -> None:
    """The panel has the server in the size of this plan; its disk never shrinks.

    Publishes ServerChanged.
    """
    server = await lock_server(db, server_id)
    disk = max(plan["disk_gib"], server.plan.get("disk_gib", 0))
    server.plan = {**plan, "disk_gib": disk}
    audit(db, "server.resize", "server", server_id, account_id=server.account_id,
          plan=plan["name"])  # fmt: skip
    db.publish(ServerChanged(server.id, server.account_id))


async def look_again(db: Db, server_id: UUID, ask_again: timedelta) -> None:
    """The panel was asked and has not done it yet: whoever looks next may ask again."""
    server = await lock_server(db, server_id)
    server.standing_asked_at = db.now - ask_again


async def note_standing(db: Db, server_id: UUID, standing: str) -> None:
    """The panel has the server like this now. Publishes ServerChanged."""
    server = await lock_server(db, server_id)
    server.standing, server.standing_asked_at = standing, None
    if standing == "gone" and server.state != "deleted":
        if server.state != "deleting":
            advance(db, server, SERVER_STATES, "delete")
        advance(db, server, SERVER_STATES, "deleted")
        server.state_since = db.now
    if standing != "free":
        server.power = "stopped"
    else:
        server.power = "unknown"
    server.power_checked_at = db.now
    audit(db, f"server.{standing}", "server", server_id, account_id=server.account_id)
    db.publish(ServerChanged(server.id, server.account_id))
