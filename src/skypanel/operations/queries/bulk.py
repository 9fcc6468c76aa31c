"""What is asked about works on many servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, func, select

from skypanel.identity.models import Account
from skypanel.operations.models import BulkItem, BulkWork
from skypanel.operations.rules import bulk_verdict, item_state
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query
from skypanel.servers.models import Server, ServerTask
from skypanel.services.models import Service

ROWS: Query[dict[str, Any]] = Query(
    select(
        Server.id,
        Server.account_id,
        Server.service_id,
        Server.hostname,
        Server.label,
        Server.state,
        Server.power,
        Service.state.label("service_state"),
        Service.holds,
        Account.name.label("account_name"),
        ServerTask.kind.label("task_kind"),
    )
    .join(Service, Service.id == Server.service_id)
    .join(Account, Account.id == Server.account_id)
    .outerjoin(
        ServerTask,
        and_(ServerTask.server_id == Server.id, ServerTask.state.in_(("queued", "running"))),
    )
    .where(Server.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Account.name, Server.hostname)
)
WORK = (
    BulkWork.id,
    BulkWork.verb,
    BulkWork.hold,
    BulkWork.reason,
    BulkWork.actor_name,
    BulkWork.created_at,
)
WORKS: Query[dict[str, Any]] = Query(
    select(
        *WORK,
        select(func.count())
        .where(BulkItem.work_id == BulkWork.id, BulkItem.state != "excluded")
        .scalar_subquery()
        .label("servers"),
        select(func.count())
        .where(BulkItem.work_id == BulkWork.id, BulkItem.state == "excluded")
        .scalar_subquery()
        .label("excluded"),
    )
    .where(BulkWork.id < bindparam("before"))
    .order_by(BulkWork.id.desc())
    .limit(bindparam("limit"))
)
ONE: Query[dict[str, Any]] = Query(select(*WORK).where(BulkWork.id == bindparam("id")))
ITEMS: Query[dict[str, Any]] = Query(
    select(
        BulkItem.id,
        BulkItem.server_id,
        BulkItem.state,
        BulkItem.note,
        Server.hostname,
        Server.label,
        Server.standing,
        Service.state.label("service_state"),
        Account.name.label("account_name"),
        ServerTask.state.label("task_state"),
        ServerTask.progress,
        ServerTask.error,
    )
    .join(Server, Server.id == BulkItem.server_id)
    .join(Service, Service.id == Server.service_id)
    .join(Account, Account.id == BulkItem.account_id)
    .outerjoin(ServerTask, ServerTask.id == BulkItem.task_id)
    .where(BulkItem.work_id == bindparam("work"))
    .order_by(BulkItem.state == "excluded", Account.name, Server.hostname)
)


async def bulk_rows(read: Read, server_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """These servers as they stand now."""
    return await ROWS.all(read, ids=list(server_ids))


async def preview_bulk(
    read: Read, verb: str, hold: str, server_ids: Sequence[UUID]
) -> dict[str, Any]:
    """What would happen to each, and which are left alone for which reason."""
    items = []
    for row in await bulk_rows(read, server_ids):
        included, says = bulk_verdict(verb, hold, row)
        items.append(
            {
                "server_id": row["id"],
                "hostname": row["hostname"],
                "label": row["label"],
                "account_name": row["account_name"],
                "included": included,
                "says": says,
            }
        )
    return {"verb": verb, "rows": items, "included": sum(each["included"] for each in items)}


async def bulk_works(read: Read, page: Page) -> dict[str, Any]:
    """Works on many servers, newest first."""
    return await WORKS.page(read, page)


async def bulk_work(read: Read, work_id: UUID) -> dict[str, Any]:
    """One work and how far each server is."""
    work = await ONE.one(read, id=work_id)
    if work is None:
        raise NotFound
    rows = []
    for row in await ITEMS.all(read, work=work_id):
        shown = {name: row[name] for name in
                 ("id", "server_id", "hostname", "label", "account_name", "progress")}  # fmt: skip
        rows.append({**shown, "state": item_state(row), "note": row["error"] or row["note"]})
    counts = Counter(row["state"] for row in rows)
    return {
        **work,
        "rows": rows,
        "counts": dict(counts),
        "finished": not counts["queued"] and not counts["running"],
    }
