"""How far imports are, and what is in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import String, bindparam, func, or_, select

from skypanel.catalog.models import Plan
from skypanel.identity.models import Account
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query
from skypanel.provisioning.models import ImportRow, PanelImport
from skypanel.servers.models import Server

IMPORT = (
    PanelImport.id,
    PanelImport.state,
    PanelImport.asked_by,
    PanelImport.total,
    PanelImport.known,
    PanelImport.error,
    PanelImport.created_at,
    PanelImport.read_at,
)
_ROWS = select(func.count()).where(ImportRow.import_id == PanelImport.id)
_COUNTS = (
    _ROWS.scalar_subquery().label("rows"),
    _ROWS.where(ImportRow.state == "queued").scalar_subquery().label("queued"),
    _ROWS.where(ImportRow.state == "done").scalar_subquery().label("done"),
    _ROWS.where(ImportRow.state == "refused").scalar_subquery().label("refused"),
)
LIST: Query[dict[str, Any]] = Query(
    select(*IMPORT, *_COUNTS)
    .where(PanelImport.id < bindparam("before"))
    .order_by(PanelImport.id.desc())
    .limit(bindparam("limit"))
)
ONE: Query[dict[str, Any]] = Query(
    select(*IMPORT, *_COUNTS).where(PanelImport.id == bindparam("id"))
)
WHERE: Query[tuple[str, int]] = Query(
    select(PanelImport.state, PanelImport.read_to).where(PanelImport.id == bindparam("id")),
    lambda *columns: columns,
)
ROWS: Query[dict[str, Any]] = Query(
    select(
        ImportRow.id,
        ImportRow.virtfusion_ref.label("panel_server"),
        ImportRow.state,
        ImportRow.facts,
        ImportRow.account_id,
        Account.name.label("account_name"),
        ImportRow.plan_id,
        Plan.name.label("plan_name"),
        ImportRow.image_id,
        ImportRow.cycle,
        ImportRow.starts_on,
        ImportRow.server_id,
        ImportRow.note,
    )
    .outerjoin(Account, Account.id == ImportRow.account_id)
    .outerjoin(Plan, Plan.id == ImportRow.plan_id)
    .where(
        ImportRow.import_id == bindparam("import"),
        ImportRow.id < bindparam("before"),
        or_(
            bindparam("state", type_=String) == "",
            ImportRow.state == bindparam("state", type_=String),
        ),
    )
    .order_by(ImportRow.id.desc())
    .limit(bindparam("limit"))
)
QUEUED: Query[int] = Query(
    select(ImportRow.virtfusion_ref).where(
        ImportRow.id == bindparam("id"), ImportRow.state == "queued"
    ),
    lambda ref: ref,
)
KNOWN: Query[int] = Query(
    select(Server.virtfusion_ref).where(Server.virtfusion_ref.is_not(None)), lambda ref: ref
)
SHOWN = ("called", "hostname", "ipv4", "size", "suspended")


def _can(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "can": ["resume"] if row["state"] == "stopped" else []}


async def imports_page(read: Read, page: Page) -> dict[str, Any]:
    """Readings of the panel, newest first."""
    found = await LIST.page(read, page)
    return {**found, "items": [*map(_can, found["items"])]}


async def get_import(read: Read, import_id: UUID) -> dict[str, Any]:
    """One reading and how far it is."""
    row = await ONE.one(read, id=import_id)
    if row is None:
        raise NotFound
    return _can(row)


async def import_rows(read: Read, import_id: UUID, page: Page, state: str) -> dict[str, Any]:
    """The servers of a reading, those read last first."""
    found = await ROWS.page(read, page, **{"import": import_id}, state=state)
    return {**found, "items": [*map(_row, found["items"])]}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    facts = row.pop("facts")
    owner = {name: facts[f"owner_{name}"] for name in ("ref", "name", "email")}
    shown = {name: facts[name] for name in SHOWN}
    return {**row, **shown, "owner": owner, "can": [] if row["state"] == "done" else ["choose"]}


async def reading(read: Read, import_id: UUID) -> int | None:
    """Behind which server a reading goes on; nothing when it does not go on."""
    found = await WHERE.one(read, id=import_id)
    return None if found is None or found[0] != "reading" else found[1]


async def queued_ref(read: Read, row_id: UUID) -> int | None:
    """The panel's id of a server that is to be taken over."""
    return await QUEUED.one(read, id=row_id)


async def bound_refs(read: Read) -> set[int]:
    """Every server of the panel that is bound here."""
    return set(await KNOWN.all(read))
