"""What staff and timers ask about creations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, and_, bindparam, case, exists, func, or_, select, text

from skypanel.orders.models import Order
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query
from skypanel.platform.states import StateChange, allowed
from skypanel.provisioning.errors import PanelClosed, PanelUserUnlinked
from skypanel.provisioning.models import PanelUser, Provision, ProvisionStep
from skypanel.provisioning.rules import ENDED, PROVISION_STATES, PanelEntry
from skypanel.renewals.models import PlanChange
from skypanel.servers.models import Server
from skypanel.servers.queries import get_for
from skypanel.services.models import Service

COLUMNS = (
    Provision.id,
    Provision.order_id,
    Provision.account_id,
    Provision.server_id,
    Provision.state,
    Provision.attempts,
    Provision.builds,
    Provision.error,
    Provision.created_at,
    Provision.finished_at,
    Server.hostname,
    Server.virtfusion_ref,
)
ONE: Query[dict[str, Any]] = Query(
    select(*COLUMNS)
    .join(Server, Server.id == Provision.server_id)
    .where(or_(Provision.id == bindparam("id"), Provision.order_id == bindparam("id")))
)
LIST: Query[dict[str, Any]] = Query(
    select(*COLUMNS)
    .join(Server, Server.id == Provision.server_id)
    .where(
        Provision.id < bindparam("before"),
        or_(
            bindparam("state", type_=String) == "",
            Provision.state == bindparam("state", type_=String),
        ),
    )
    .order_by(Provision.id.desc())
    .limit(bindparam("limit"))
)
STEPS: Query[dict[str, Any]] = Query(
    select(ProvisionStep.at, ProvisionStep.text, ProvisionStep.error)
    .where(ProvisionStep.provision_id == bindparam("provision"))
    .order_by(ProvisionStep.id)
    .limit(200)
)
SERVER_OF: Query[UUID] = Query(
    select(Server.id).where(Server.service_id == bindparam("service", type_=Uuid())),
    lambda server_id: server_id,
)
ASTRAY: Query[UUID] = Query(
    select(Server.id)
    .join(Service, Service.id == Server.service_id)
    .where(
        Server.virtfusion_ref.is_not(None),
        Server.state.in_(("ready", "failed", "deleting")),
        or_(
            and_(Service.state.in_(("suspended", "terminated")), Server.standing != "suspended"),
            and_(Service.state == "active", Server.standing != "free"),
            and_(Service.state == "erased", Server.standing != "gone"),
            # Asked, and nobody knows what came of it.
            Server.standing_asked_at.is_not(None),
        ),
    )
    .order_by(Server.standing_asked_at.nulls_first(), Server.id)
    .limit(bindparam("limit")),
    lambda server_id: server_id,
)
# Whose server is getting another size has none to be compared with meanwhile.
_resizing = exists().where(
    PlanChange.service_id == Server.service_id, PlanChange.state == "applying"
)
# What changed a moment ago is still being followed: `settled_at` is when it last changed.
OURS = Query(
    select(
        Server.id,
        Server.virtfusion_ref,
        Server.account_id,
        Server.service_id,
        Server.hostname,
        Server.state,
        case((_resizing, text("'{}'::jsonb")), else_=Server.plan),
        Service.state,
        func.greatest(
            Server.state_since,
            select(func.max(StateChange.at))
            .where(StateChange.subject_id == Service.id)
            .scalar_subquery(),
        ),
        PanelUser.virtfusion_ref,
        Provision.state.in_(("waiting", "creating", "building", "installing")),
        Server.label,
        Server.panel_name,
    )
    .join(Service, Service.id == Server.service_id)
    .outerjoin(
        PanelUser,
        and_(PanelUser.account_id == Server.account_id, PanelUser.panel_id == Server.panel_id),
    )
    .outerjoin(Provision, Provision.server_id == Server.id)
    .where(Server.virtfusion_ref.is_not(None))
    .order_by(Server.id),
    lambda *columns: columns,
)
CREATING: Query[int] = Query(
    select(PanelUser.virtfusion_ref).where(
        PanelUser.creating_id.is_not(None), PanelUser.virtfusion_ref.is_not(None)
    ),
    lambda ref: ref,
)
ENTRY: Query[PanelEntry] = Query(
    select(
        Server.id,
        Server.account_id,
        PanelUser.relation,
        Server.virtfusion_ref,
        PanelUser.numbered,
    )
    .join(
        PanelUser,
        and_(PanelUser.account_id == Server.account_id, PanelUser.panel_id == Server.panel_id),
    )
    .where(
        Server.id == bindparam("server", type_=Uuid()),
        Server.virtfusion_ref.is_not(None),
        PanelUser.virtfusion_ref.is_not(None),
        PanelUser.relation != "",
    ),
    PanelEntry,
)
RESIZES: Query[UUID] = Query(
    select(PlanChange.id)
    .where(PlanChange.state == "applying", PlanChange.due_at <= bindparam("now"))
    .order_by(PlanChange.due_at)
    .limit(bindparam("limit")),
    lambda change_id: change_id,
)
CLEARINGS: Query[UUID] = Query(
    select(Provision.order_id)
    .where(Provision.state == "clearing", Provision.due_at <= bindparam("now"))
    .order_by(Provision.due_at)
    .limit(bindparam("limit")),
    lambda order_id: order_id,
)
# Paid so long ago, and its server could not be made; one that stood once is another matter.
UNSERVED: Query[UUID] = Query(
    select(Order.id)
    .where(
        Order.state == "failed",
        Order.kind == "bought",
        Order.cycle != "hourly",
        Order.paid_at <= bindparam("before"),
        ~exists().where(StateChange.subject_id == Order.id, StateChange.verb == "reopen"),
    )
    .order_by(Order.paid_at)
    .limit(bindparam("limit")),
    lambda order_id: order_id,
)
DUE: Query[UUID] = Query(
    select(Provision.order_id)
    .where(Provision.state.not_in(ENDED), Provision.due_at <= bindparam("now"))
    .order_by(Provision.due_at)
    .limit(bindparam("limit")),
    lambda order_id: order_id,
)
FORGOTTEN: Query[UUID] = Query(
    select(Order.id)
    .where(
        Order.state == "paid",
        Order.paid_at <= bindparam("before"),
        ~exists().where(Provision.order_id == Order.id),
    )
    .order_by(Order.paid_at)
    .limit(bindparam("limit")),
    lambda order_id: order_id,
)


async def panel_side(read: Read) -> list[tuple[Any, ...]]:
    """Every server of ours that has, or had, one at the panel, as it is to stand there."""
    return list(await read.rows(OURS, {}))


def _can(row: dict[str, Any]) -> dict[str, Any]:
    row["can"] = ["retry"] if "resume" in allowed(PROVISION_STATES, row["state"]) else []
    return row


async def page(read: Read, page: Page, *, state: str) -> dict[str, Any]:
    """All creations, newest first."""
    found = await LIST.page(read, page, state=state)
    found["items"] = [*map(_can, found["items"])]
    return found


async def get(read: Read, provision_or_order_id: UUID) -> dict[str, Any]:
    """One creation with its steps, by its own id or its order's."""
    row = await ONE.one(read, id=provision_or_order_id)
    if row is None:
        raise NotFound
    return {**_can(row), "steps": await STEPS.all(read, provision=row["id"])}


async def of_order(read: Read, order_id: UUID) -> dict[str, Any] | None:
    """The creation of an order with its steps, if it has begun."""
    row = await ONE.one(read, id=order_id)
    if row is None:
        return None
    return {**_can(row), "steps": await STEPS.all(read, provision=row["id"])}


async def panel_entry(read: Read, viewer: Viewer, server_id: UUID) -> PanelEntry:
    """Where a viewer may be let in at the panel, and so to all servers of the account.

    Refuses foreign servers, roles that may not operate all servers, and `panel_closed`.
    """
    server = await get_for(read, viewer, server_id)
    viewer.require("servers.operate", server["account_id"])
    entry = await ENTRY.one(read, server=server_id)
    if "open_panel" not in server["can"]:
        raise PanelClosed
    if entry is None:
        raise PanelUserUnlinked
    return entry


async def server_of(read: Read, service_id: UUID) -> UUID | None:
    """The server of a service, if one was begun."""
    return await SERVER_OF.one(read, service=service_id)


async def astray(read: Read, limit: int) -> list[UUID]:
    """Servers that do not stand at the panel as their services do."""
    return await ASTRAY.all(read, limit=limit)


async def resizes_due(read: Read, limit: int) -> list[UUID]:
    """Changes of plan whose servers do not have their size yet."""
    return await RESIZES.all(read, now=read.now, limit=limit)


async def clearings_due(read: Read, limit: int) -> list[UUID]:
    """Orders that are given up and of which the panel may still have a server."""
    return await CLEARINGS.all(read, now=read.now, limit=limit)


async def unserved(read: Read, span: timedelta, limit: int) -> list[UUID]:
    """Orders that have been without a server for so long after their payment."""
    return await UNSERVED.all(read, before=read.now - span, limit=limit)
