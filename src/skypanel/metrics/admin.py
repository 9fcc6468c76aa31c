"""Load, traffic and alerts of any server, as staff see them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.metrics import actions, queries, schemas
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, TheHouse, ThePage, TheReader, answer, nothing, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["metrics staff"])
Sees = Annotated[Viewer, Depends(staff("servers.view"))]
Ids = Annotated[list[UUID], Query(max_length=100)]


@router.get("/admin/server-loads", response_model=schemas.ServerLoads)
async def server_loads(server_id: Ids, read: TheReader, viewer: Sees) -> Response:
    """What servers do now, with their last day in a line."""
    return answer(await queries.loads(read, viewer, server_id, staff=True))


@router.get("/admin/servers/{server_id}/metrics", response_model=schemas.Metrics)
async def server_metrics(
    server_id: UUID,
    read: TheReader,
    viewer: Sees,
    range: schemas.Range = "24h",  # noqa: A002 - the parameter's name
) -> Response:
    """A server's load now and over a range."""
    await queries.account_of(read, viewer, server_id, "servers.view", staff=True)
    return answer(await queries.metrics_of(read, server_id, range))


@router.put("/admin/servers/{server_id}/watch", status_code=204)
async def watch_server(server_id: UUID, db: TheDb, viewer: Sees) -> Response:
    """Say that somebody looks: for ninety seconds the server is sampled every half minute."""
    account_id = await queries.account_of(db, viewer, server_id, "servers.view", staff=True)
    await actions.watch(db, server_id, account_id)
    return nothing()


@router.get("/admin/servers/{server_id}/traffic", response_model=schemas.Traffic)
async def server_traffic(
    server_id: UUID, house: TheHouse, read: TheReader, viewer: Sees
) -> Response:
    """A server's traffic by period, where the running one is going, and what was bought."""
    await queries.account_of(read, viewer, server_id, "servers.view", staff=True)
    blocks = await queries.blocks_of(house, read, server_id, may=False)
    return answer({**await queries.traffic_of(read, server_id), **blocks})


@router.get("/admin/servers/{server_id}/alert-rules", response_model=schemas.AlertRules)
async def alert_rules(server_id: UUID, read: TheReader, viewer: Sees) -> Response:
    """The thresholds that the customer set."""
    account_id = await queries.account_of(read, viewer, server_id, "servers.view", staff=True)
    return answer(await queries.rules_of(read, server_id, account_id, []))


@router.get("/admin/servers/{server_id}/alerts", response_model=schemas.Alerts)
async def server_alerts(server_id: UUID, read: TheReader, viewer: Sees, page: ThePage) -> Response:
    """What was raised on a server."""
    await queries.account_of(read, viewer, server_id, "servers.view", staff=True)
    return answer(await queries.alerts_of(read, server_id, page))
