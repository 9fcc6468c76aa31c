"""The customer's doors to a server's network and storage."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.integrations.registry import Vendors
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    TheActor,
    TheDb,
    TheHouse,
    TheReader,
    TheViewer,
    answer,
    nothing,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.servers import actions, queries, schemas
from skypanel.servers.errors import FirewallReadOnly, ForwardMismatch, PanelTooOld
from skypanel.servers.rules import ServerSettings, forward_said

router = APIRouter(route_class=DoorRoute, tags=["servers"])


@router.get("/servers/{server_id}/sight", response_model=schemas.Sight)
async def server_sight(
    server_id: UUID, house: TheHouse, read: TheReader, viewer: TheViewer
) -> Response:
    """What was last seen of a server's network and storage at the panel."""
    found = await queries.sight(read, viewer, server_id)
    able = await Vendors.of(house).capabilities()
    offered = {
        "backup": able.manual_backup,
        "firewall": able.firewall_rulesets,
        "reverse_dns": able.reverse_dns,
    }
    found["can"] = [verb for verb in found["can"] if offered[verb]]
    rulesets = await _rulesets(house) if able.firewall_rulesets else {}
    found["rulesets"] = [{"id": key, "name": name} for key, name in rulesets.items()]
    return answer(found)


@router.post("/servers/{server_id}/sight", status_code=202)
async def look_at_server(server_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Have the panel asked how the server's network and storage are."""
    await queries.account_for(db, viewer, server_id, "servers.view")
    await actions.ask_sight(db, server_id)
    return nothing(202)


@router.post("/servers/{server_id}/backups", response_model=schemas.Task, status_code=202)
async def back_up_server(
    server_id: UUID, house: TheHouse, db: TheDb, viewer: TheViewer
) -> Response:
    """Ask for a copy of the server now."""
    await queries.account_for(db, viewer, server_id, "servers.operate")
    if not (await Vendors.of(house).capabilities()).manual_backup:
        raise PanelTooOld
    return await _task(db, await actions.ask_backup(db, server_id))


@router.put("/servers/{server_id}/firewall", response_model=schemas.Task, status_code=202)
async def set_firewall(
    server_id: UUID, wish: schemas.FirewallWish, house: TheHouse, db: TheDb, viewer: TheViewer
) -> Response:
    """Turn the firewall on or off, and perhaps replace its rules; panels up to 7.0 only."""
    await queries.account_for(db, viewer, server_id, "servers.operate")
    if not (await Vendors.of(house).capabilities()).firewall_rulesets:
        raise FirewallReadOnly
    chosen = None if wish.ruleset_ids is None else tuple(dict.fromkeys(wish.ruleset_ids))
    task_id = await actions.ask_firewall(
        db, server_id, on=wish.enabled, rulesets=chosen, offered=await _rulesets(house)
    )
    return await _task(db, task_id)


@router.put("/servers/{server_id}/reverse-names", response_model=schemas.Task, status_code=202)
async def set_reverse_name(
    server_id: UUID,
    wish: schemas.ReverseName,
    house: TheHouse,
    read: TheReader,
    viewer: TheViewer,
    actor: TheActor,
) -> Response:
    """Give an IPv4 address a reverse name that leads back to it, or none."""
    await queries.account_for(read, viewer, server_id, "servers.operate")
    if not (await Vendors.of(house).capabilities()).reverse_dns:
        raise PanelTooOld
    if wish.name and not wish.anyway:
        resolver = await Vendors.of(house).resolver()
        found = await resolver.addresses(wish.name)
        if wish.address not in found:
            raise ForwardMismatch(forward_said(wish.name, wish.address, found))
    async with house.transaction(actor) as db:
        task_id = await actions.ask_reverse_name(db, server_id, wish.address, wish.name)
    return answer(await queries.task(read, task_id), 202)


async def _rulesets(house: House) -> dict[int, str]:
    return (await house.settings.get(ServerSettings)).rulesets


async def _task(db: Any, task_id: UUID) -> Response:
    return answer(await queries.task(db, task_id), 202)
