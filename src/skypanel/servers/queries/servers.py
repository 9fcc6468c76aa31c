"""What is asked about servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from skypanel.catalog.queries import installable_images
from skypanel.findings.rules import Check
from skypanel.identity.models import Account
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import LAST_ID, Page, Query, money, pinned_place, unpinned
from skypanel.servers.models import Server, ServerSecret, ServerTask
from skypanel.servers.rules import power_verbs, task_verbs
from skypanel.services.models import Service

ACTIVE = ServerTask.state.in_(("queued", "running"))
MINE = Server.account_id == any_(bindparam("accounts", type_=ARRAY(Uuid)))
TASK = (
    ServerTask.id,
    ServerTask.server_id,
    ServerTask.kind,
    ServerTask.state,
    ServerTask.progress,
    ServerTask.actor_kind,
    ServerTask.actor_name,
    ServerTask.created_at,
    ServerTask.started_at,
    ServerTask.finished_at,
    ServerTask.error,
    ServerTask.about,
    ServerTask.note,
)
ROW = (
    Server.id,
    Server.account_id,
    Server.service_id,
    Server.order_id,
    Server.hostname,
    Server.label,
    Server.state,
    Server.state_since,
    Server.power,
    Server.power_checked_at,
    Server.ipv4,
    Server.ipv6,
    Server.plan,
    Server.location,
    Server.image,
    Server.message,
    Server.created_at,
    Server.ready_at,
    Server.tags,
    Server.notes,
    Server.favourite,
    Service.renews_on,
    Service.price_minor,
    Service.currency,
    Service.cycle,
    Service.state.label("service_state"),
    Account.name.label("account_name"),
)
FIELDS = tuple(column.key for column in ROW[:21])
FAVOURITE = FIELDS.index("favourite")


def task_shape(*columns: Any) -> dict[str, Any] | None:
    """A task's wire form from the columns `TASK`; nothing where there is none."""
    (task_id, server_id, kind, state, progress, actor, name, made, started, finished, *said) = (
        columns
    )
    error, about, note = said
    if task_id is None:
        return None
    return {
        "id": task_id,
        "server_id": server_id,
        "kind": kind,
        "state": state,
        "progress": progress,
        "actor": {"kind": actor, "name": name},
        "created_at": made,
        "started_at": started,
        "finished_at": finished,
        "error": error,
        "about": about,
        "note": note,
    }


def _shape(*columns: Any) -> dict[str, Any]:
    server = dict(zip(FIELDS, columns, strict=False))
    renews_on, price_minor, currency, cycle, service_state, account_name = columns[21:27]
    server["renews_on"] = renews_on
    server["price"] = money(price_minor, currency)
    server["cycle"] = cycle
    server["password_available"] = columns[27]
    server["active_task"] = task_shape(*columns[28:])
    server["_service_state"] = service_state
    server["_account_name"] = account_name
    return server


def _servers() -> Select[*tuple[Any, ...]]:
    secret = exists().where(
        ServerSecret.server_id == Server.id, ServerSecret.expires_at > bindparam("now")
    )
    task = (column.label(f"task_{column.key}") for column in TASK)
    return (
        select(*ROW, secret.label("password_available"), *task)
        .join(Service, Service.id == Server.service_id)
        .join(Account, Account.id == Server.account_id)
        .outerjoin(ServerTask, and_(ServerTask.server_id == Server.id, ACTIVE))
    )


def _listed() -> Select[*tuple[Any, ...]]:
    words = func.lower(
        func.concat_ws(
            " ",
            Server.label,
            Server.hostname,
            Server.ipv4,
            Server.ipv6,
            cast(Server.tags, Text),
            Server.notes,
        )
    )
    return (
        _servers()
        .where(
            Server.state != "deleted",
            func.strpos(words, bindparam("q")) > 0,
            or_(Server.favourite, ~bindparam("favourites", type_=Boolean)),
        )
        .limit(bindparam("limit"))
    )


LIST: Query[dict[str, Any]] = Query(
    _listed()
    .where(
        MINE,
        tuple_(Server.favourite, Server.id)
        < tuple_(bindparam("pinned", type_=Boolean), bindparam("before", type_=Uuid())),
    )
    .order_by(Server.favourite.desc(), Server.id.desc()),
    _shape,
)
ONE: Query[dict[str, Any]] = Query(_servers().where(Server.id == bindparam("id")), _shape)
STAFF_LIST: Query[dict[str, Any]] = Query(
    _listed().where(Server.id < bindparam("before")).order_by(Server.id.desc()), _shape
)
HELD: Query[dict[str, Any]] = Query(
    select(Service.state.label("service_state"), Service.holds, Server.virtfusion_ref)
    .join(Service, Service.id == Server.service_id)
    .where(Server.id == bindparam("id"))
)
TASKS: Query[dict[str, Any] | None] = Query(
    select(*TASK)
    .where(ServerTask.server_id == bindparam("server"), ServerTask.id < bindparam("before"))
    .order_by(ServerTask.id.desc())
    .limit(bindparam("limit")),
    task_shape,
)
TASK_ONE: Query[dict[str, Any] | None] = Query(
    select(*TASK).where(ServerTask.id == bindparam("id")), task_shape
)
OF_ORDER: Query[dict[str, Any]] = Query(
    select(
        Server.id,
        Server.order_id,
        Server.state,
        Server.message,
        Server.message_at,
        Server.created_at,
        Server.installing_at,
        Server.ready_at,
    ).where(Server.order_id == any_(bindparam("orders", type_=ARRAY(Uuid))))
)
KNOWN_REFS: Query[int] = Query(
    select(Server.virtfusion_ref).where(
        Server.panel_id == bindparam("panel"), Server.virtfusion_ref.is_not(None)
    ),
    lambda ref: ref,
)


NAMING: Query[tuple[int, str, str]] = Query(
    select(Server.virtfusion_ref, Server.label, Server.panel_name).where(
        Server.id == bindparam("id"),
        Server.virtfusion_ref.is_not(None),
        Server.state.in_(("ready", "failed")),
    ),
    lambda *columns: columns,
)


def _finish(viewer: Viewer, *, staff: bool = False) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def finish(server: dict[str, Any]) -> dict[str, Any]:
        service_state = server.pop("_service_state")
        name = server.pop("_account_name")
        if staff:
            server["account_name"] = name
        operates = (
            "servers.operate" in viewer.staff
            if staff
            else viewer.may("servers.operate", server["account_id"])
        )
        if operates and staff:
            server["can"] = _staff_can(server, service_state)
        else:
            server["can"] = _can(server, service_state) if operates else []
        return server

    return finish


def _can(server: dict[str, Any], service_state: str) -> list[str]:
    busy = server["active_task"] is not None
    verbs = list(
        task_verbs(
            server["state"],
            server["power"],
            service_state,
            busy=busy,
            was_ready=server["ready_at"] is not None,
        )
    )
    verbs.append("rename_label")
    installed = server["ready_at"] is not None and server["state"] != "deleted"
    if installed and service_state == "active":
        verbs += ["open_panel", "console"]
    if server["password_available"]:
        verbs.append("reveal_password")
    return verbs


def _staff_can(server: dict[str, Any], service_state: str) -> list[str]:
    """What staff may have done, each with a reason; which hold is theirs to lift is told apart."""
    busy = server["active_task"] is not None
    verbs = list(power_verbs(server["state"], server["power"], service_state, busy=busy))
    if service_state in ("active", "suspended"):
        verbs.append("suspend")
    if service_state == "suspended":
        verbs.append("resume")
    return verbs


async def page(
    read: Read,
    viewer: Viewer,
    page: Page,
    account_id: UUID | None,
    q: str,
    *,
    favourites: bool = False,
) -> dict[str, Any]:
    """The servers that the viewer sees, favourites first, then newest; perhaps only favourites."""
    pinned, before = unpinned(page.before)
    asked = {
        "accounts": viewer.visible("servers.view", account_id),
        "q": q.strip().lower(),
        "now": read.now,
        "favourites": favourites,
        "pinned": pinned,
        "before": before,
        "limit": page.limit + 1,
    }
    found = page.answer(await read.rows(LIST, asked), _shape, _place)
    found["items"] = [*map(_finish(viewer), found["items"])]
    return found


def _place(row: tuple[Any, ...]) -> UUID:
    return pinned_place(row[0], pinned=row[FAVOURITE])


async def get_for(read: Read, viewer: Viewer, server_id: UUID) -> dict[str, Any]:
    """One server that the viewer may see, or not found."""
    server = await ONE.one(read, id=server_id, now=read.now)
    if server is None or server["account_id"] not in viewer.accounts:
        raise NotFound
    viewer.require("servers.view", server["account_id"])
    return _finish(viewer)(server)


async def account_for(read: Read, viewer: Viewer, server_id: UUID, permission: str) -> UUID:
    """The account of a server on which the viewer may do this, or not found."""
    server = await get_for(read, viewer, server_id)
    account_id: UUID = server["account_id"]
    viewer.require(permission, account_id)
    return account_id


async def tasks(read: Read, viewer: Viewer, server_id: UUID, page: Page) -> dict[str, Any]:
    """What was asked of a server, newest first."""
    await account_for(read, viewer, server_id, "servers.view")
    return await TASKS.page(read, page, server=server_id)


async def task(read: Read, task_id: UUID) -> dict[str, Any]:
    """One task."""
    found = await TASK_ONE.one(read, id=task_id)
    if found is None:
        raise NotFound
    return found


async def of_orders(read: Read, order_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """How the servers of these orders stand, by order."""
    rows = await OF_ORDER.all(read, orders=order_ids)
    return {row["order_id"]: row for row in rows}


async def known_refs(read: Read, panel_id: UUID) -> set[int]:
    """Every server of the panel that is ours, by the panel's id."""
    return set(await KNOWN_REFS.all(read, panel=panel_id))


async def panel_naming(read: Read, server_id: UUID) -> tuple[int, str, str] | None:
    """The panel's id of a server, its label, and the panel's name of it, once it is made."""
    return await NAMING.one(read, id=server_id)


async def images(read: Read, viewer: Viewer, server_id: UUID) -> dict[str, Any]:
    """The systems that can be put on a server: those of its own plan."""
    server = await get_for(read, viewer, server_id)
    return await installable_images(read, UUID(str(server["plan"]["id"])))


async def staff_page(read: Read, viewer: Viewer, page: Page, q: str) -> dict[str, Any]:
    """All servers, newest first."""
    found = await STAFF_LIST.page(read, page, q=q.strip().lower(), now=read.now, favourites=False)
    found["items"] = [*map(_finish(viewer, staff=True), found["items"])]
    return found


async def staff_one(read: Read, viewer: Viewer, server_id: UUID) -> dict[str, Any]:
    """One server for staff, with its latest tasks."""
    server = await ONE.one(read, id=server_id, now=read.now)
    if server is None:
        raise NotFound
    latest = await TASKS.all(read, server=server_id, before=LAST_ID, limit=20)
    held = await HELD.one(read, id=server_id)
    return {**_finish(viewer, staff=True)(server), "tasks": latest, **(held or {})}


CHECKS = (
    Check(
        "active_service_has_server",
        "Every active service has its server",
        """
select 'service', s.id::text, s.account_id, s.name || ': ' || case
        when v.id is null then 'it is billed and has no server'
        else 'it is billed and ' || v.hostname || ' is deleted'
    end
from services s
left join servers v on v.service_id = s.id
where s.state in ('active', 'suspended') and s.activated_at < %(now)s - interval '10 minutes'
    and (v.id is null or v.state in ('deleting', 'deleted') or v.standing = 'gone')
order by s.id
""",
    ),
)
