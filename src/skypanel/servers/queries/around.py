"""What is asked about what surrounds a server: network, storage, history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from skypanel.identity.queries import trail
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.read import Page, Query
from skypanel.servers.models import Server, ServerSight
from skypanel.servers.queries.servers import get_for, staff_one
from skypanel.servers.rules import AROUND_KINDS

SIGHT: Query[dict[str, Any]] = Query(
    select(ServerSight.facts, ServerSight.asked_at, ServerSight.seen_at, ServerSight.trouble).where(
        ServerSight.server_id == bindparam("id")
    )
)
REF: Query[int] = Query(
    select(Server.virtfusion_ref).where(
        Server.id == bindparam("id"),
        Server.virtfusion_ref.is_not(None),
        Server.state.in_(("ready", "failed")),
    ),
    lambda ref: ref,
)
NOTHING_SEEN: dict[str, Any] = {
    "ipv4": [], "ipv6": [], "disks": [], "backup_plan": None, "backups": None, "firewall": None,
}  # fmt: skip


async def panel_ref(read: Read, server_id: UUID) -> int | None:
    """The panel's id of a server that stands there."""
    return await REF.one(read, id=server_id)


async def sight(read: Read, viewer: Viewer, server_id: UUID) -> dict[str, Any]:
    """What was last seen of a server's network and storage; nothing yet where nobody looked."""
    server = await get_for(read, viewer, server_id)
    verbs = [verb for verb in server["can"] if verb in AROUND_KINDS]
    return {**await _seen(read, server), "can": verbs}


async def staff_sight(read: Read, viewer: Viewer, server_id: UUID) -> dict[str, Any]:
    """The same for staff, who change nothing here."""
    server = await staff_one(read, viewer, server_id)
    return {**await _seen(read, server), "rulesets": [], "can": []}


async def _seen(read: Read, server: dict[str, Any]) -> dict[str, Any]:
    row = await SIGHT.one(read, id=server["id"])
    seen = {} if row is None else row
    facts = {**NOTHING_SEEN, **(seen.get("facts") or {})}
    if server["ipv4"] and not facts["ipv4"]:
        known = {"address": server["ipv4"], "gateway": None, "netmask": None}
        facts["ipv4"] = [{**known, "reverse_name": None}]
    if server["ipv6"] and not facts["ipv6"]:
        facts["ipv6"] = [{"subnet": server["ipv6"], "gateway": None}]
    return {**facts, "seen_at": seen.get("seen_at"), "trouble": seen.get("trouble")}


SAID = ("about", "after", "plan", "reason")
OUR_STAFF = "Our staff"


async def history(read: Read, viewer: Viewer, server_id: UUID, page: Page) -> dict[str, Any]:
    """What was done to a server, newest first: who of the account by name, staff as staff."""
    await get_for(read, viewer, server_id)
    found = await trail(read, page, subject=str(server_id))
    found["items"] = [_deed(entry) for entry in found["items"]]
    return found


def _deed(entry: dict[str, Any]) -> dict[str, Any]:
    actor, detail = entry["actor"], entry["detail"]
    own = actor["kind"] != "staff"
    shown = SAID if own else SAID[:3]
    said = next((str(detail[key]) for key in shown if detail.get(key)), None)
    return {
        "id": entry["id"],
        "at": entry["at"],
        "actor": {"kind": actor["kind"], "name": actor["name"] if own else OUR_STAFF},
        "verb": entry["verb"],
        "said": said,
    }
