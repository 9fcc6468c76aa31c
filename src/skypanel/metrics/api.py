"""The customer's door to load, traffic and alerts; nothing here asks the panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from skypanel.metrics import actions, queries, schemas
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    TheDb,
    TheHouse,
    ThePage,
    TheReader,
    TheViewer,
    answer,
    nothing,
)
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["metrics"])
Ids = Annotated[list[UUID], Query(max_length=100)]


async def _traffic(
    house: House, read: Read, viewer: Viewer, server_id: UUID, account_id: UUID
) -> dict[str, Any]:
    may = viewer.may("billing.pay", account_id)
    blocks = await queries.blocks_of(house, read, server_id, may=may)
    return {**await queries.traffic_of(read, server_id), **blocks}


@router.get("/server-loads", response_model=schemas.ServerLoads)
async def server_loads(server_id: Ids, read: TheReader, viewer: TheViewer) -> Response:
    """What servers do now, with their last day in a line."""
    return answer(await queries.loads(read, viewer, server_id))


@router.get("/servers/{server_id}/metrics", response_model=schemas.Metrics)
async def server_metrics(
    server_id: UUID,
    read: TheReader,
    viewer: TheViewer,
    range: schemas.Range = "24h",  # noqa: A002 - the parameter's name
) -> Response:
    """A server's load now and over a range."""
    await queries.account_of(read, viewer, server_id, "servers.view")
    return answer(await queries.metrics_of(read, server_id, range))


@router.put("/servers/{server_id}/watch", status_code=204)
async def watch_server(server_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Say that somebody looks: for ninety seconds the server is sampled every half minute."""
    account_id = await queries.account_of(db, viewer, server_id, "servers.view")
    await actions.watch(db, server_id, account_id)
    return nothing()


@router.get("/servers/{server_id}/traffic", response_model=schemas.Traffic)
async def server_traffic(
    server_id: UUID, house: TheHouse, read: TheReader, viewer: TheViewer
) -> Response:
    """A server's traffic by period, where the running one is going, and what more costs."""
    account_id = await queries.account_of(read, viewer, server_id, "servers.view")
    return answer(await _traffic(house, read, viewer, server_id, account_id))


@router.post("/servers/{server_id}/traffic-blocks", response_model=schemas.Traffic, status_code=202)
async def buy_traffic_block(
    server_id: UUID, wish: schemas.BlockWish, db: TheDb, viewer: TheViewer
) -> Response:
    """Buy extra traffic for the running period, paid from the balance; the panel follows."""
    account_id = await queries.account_of(db, viewer, server_id, "servers.view")
    viewer.require("billing.pay", account_id)
    await actions.buy_block(db, server_id, wish.quoted_minor)
    return answer(await _traffic(db.house, db, viewer, server_id, account_id), 202)


@router.get("/servers/{server_id}/alert-rules", response_model=schemas.AlertRules)
async def alert_rules(server_id: UUID, read: TheReader, viewer: TheViewer) -> Response:
    """The thresholds of a server."""
    account_id = await queries.account_of(read, viewer, server_id, "servers.view")
    can = ["change"] if viewer.may("servers.operate", account_id) else []
    return answer(await queries.rules_of(read, server_id, account_id, can))


@router.put("/servers/{server_id}/alert-rules", response_model=schemas.AlertRules)
async def set_alert_rules(
    server_id: UUID, wish: schemas.RulesWish, db: TheDb, viewer: TheViewer
) -> Response:
    """Set thresholds of a server."""
    account_id = await queries.account_of(db, viewer, server_id, "servers.operate")
    wanted: dict[str, Mapping[str, Any]] = {
        rule.kind: rule.model_dump(exclude={"kind"}) for rule in wish.rules
    }
    await actions.set_rules(db, server_id, account_id, wanted)
    return answer(await queries.rules_of(db, server_id, account_id, ["change"]))


@router.get("/alert-defaults", response_model=schemas.AlertDefaults)
async def alert_defaults(account_id: UUID, read: TheReader, viewer: TheViewer) -> Response:
    """The thresholds that an account's servers have unless they set their own."""
    return answer(await queries.defaults_of(read, viewer, account_id))


@router.put("/alert-defaults", response_model=schemas.AlertDefaults)
async def set_alert_defaults(wish: schemas.DefaultsWish, db: TheDb, viewer: TheViewer) -> Response:
    """Set them; servers that follow do so within a minute."""
    viewer.require("servers.operate", wish.account_id)
    wanted: dict[str, Mapping[str, Any]] = {
        rule.kind: rule.model_dump(exclude={"kind"}) for rule in wish.rules
    }
    await actions.set_defaults(db, wish.account_id, wanted)
    return answer(await queries.defaults_of(db, viewer, wish.account_id))


@router.get("/servers/{server_id}/alerts", response_model=schemas.Alerts)
async def server_alerts(
    server_id: UUID, read: TheReader, viewer: TheViewer, page: ThePage
) -> Response:
    """What was raised on a server."""
    await queries.account_of(read, viewer, server_id, "servers.view")
    return answer(await queries.alerts_of(read, server_id, page))


@router.get("/alerts", response_model=schemas.Alerts)
async def alerts(
    read: TheReader,
    viewer: TheViewer,
    page: ThePage,
    account_id: UUID | None = None,
    state: Literal["", "raised", "cleared"] = "",
) -> Response:
    """What was raised on one's servers."""
    return answer(await queries.alerts_page(read, viewer, page, account_id, state))
