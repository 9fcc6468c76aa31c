"""Whose server it is, how it stands now, and its day in a line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on

from skypanel.metrics.models import MetricHour, MetricStanding
from skypanel.metrics.rules import figures_of
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Query
from skypanel.servers import queries as servers
from skypanel.servers.models import Server, ServerTask

SPARK_HOURS: Final = 24
_IDS = any_(bindparam("servers", type_=ARRAY(Uuid)))
_OWNER: Query[UUID] = Query(
    select(Server.account_id).where(Server.id == bindparam("server", type_=Uuid())),
    lambda account_id: account_id,
)
_SWITCHED: Query[tuple[UUID, str]] = Query(
    select(ServerTask.server_id, ServerTask.kind)
    .ext(distinct_on(ServerTask.server_id))
    .where(
        ServerTask.server_id == _IDS,
        ServerTask.state == "done",
        ServerTask.kind.in_(("start", "restart", "shutdown", "poweroff")),
    )
    .order_by(ServerTask.server_id, ServerTask.id.desc()),
    lambda server_id, kind: (server_id, kind),
)


def _mine(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.where(Server.account_id == any_(bindparam("accounts", type_=ARRAY(Uuid))))


_NOW = (
    select(Server.id, MetricStanding.sampled_at, MetricStanding.running, MetricStanding.cpu,
           MetricStanding.memory)
    .join(MetricStanding, MetricStanding.server_id == Server.id)
    .where(Server.id == _IDS)
)  # fmt: skip
_HOURS: Query[tuple[UUID, datetime, list[int | None]]] = Query(
    select(MetricHour.server_id, MetricHour.hour, MetricHour.cpu).where(
        MetricHour.server_id == _IDS, MetricHour.hour >= bindparam("since")
    ),
    lambda *columns: columns,
)
MINE: Query[tuple[Any, ...]] = Query(_mine(_NOW), lambda *columns: columns)
ALL: Query[tuple[Any, ...]] = Query(_NOW, lambda *columns: columns)


async def account_of(
    read: Read, viewer: Viewer, server_id: UUID, permission: str, *, staff: bool = False
) -> UUID:
    """The account of a server on which the viewer may do this, or not found."""
    if not staff:
        return await servers.account_for(read, viewer, server_id, permission)
    account_id = await _OWNER.one(read, server=server_id)
    if account_id is None:
        raise NotFound
    return account_id


async def meant_to_be_off(read: Read, server_ids: list[UUID]) -> set[UUID]:
    """Those of the servers that somebody switched off from here."""
    switched = await _SWITCHED.all(read, servers=server_ids)
    return {server_id for server_id, kind in switched if kind in ("shutdown", "poweroff")}


async def loads(
    read: Read, viewer: Viewer, server_ids: list[UUID], *, staff: bool = False
) -> dict[str, Any]:
    """What these servers do now and did in the last day; those one may not see are left out."""
    if staff:
        rows = await ALL.all(read, servers=server_ids)
    else:
        accounts = viewer.visible("servers.view")
        rows = await MINE.all(read, servers=server_ids, accounts=accounts)
    now_hour = read.now.replace(minute=0, second=0, microsecond=0)
    since = now_hour - timedelta(hours=SPARK_HOURS - 1)
    lines: dict[UUID, list[float | None]] = {row[0]: [None] * SPARK_HOURS for row in rows}
    for server_id, hour, cpu in await _HOURS.all(read, servers=list(lines), since=since):
        place = (hour - since) // timedelta(hours=1)
        mean = figures_of(cpu).mean
        if mean is not None and place < SPARK_HOURS:
            lines[server_id][place] = round(mean / 10, 1)
    items = [
        {
            "server_id": server_id,
            "sampled_at": sampled_at,
            "running": running,
            "cpu_percent": None if cpu is None else cpu / 10,
            "memory_percent": None if memory is None else memory / 10,
            "cpu_line": lines[server_id],
        }
        for server_id, sampled_at, running, cpu, memory in rows
    ]
    return {"items": items, "next": None}
