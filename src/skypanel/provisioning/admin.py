"""Creations as staff see them, and servers of the panel that staff take over."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from skypanel.findings.events import PanelAsked
from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.types import Missing
from skypanel.platform.errors import NotFound
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    TheActor,
    TheDb,
    TheHouse,
    ThePage,
    TheReader,
    answer,
    staff,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.provisioning import actions, queries, schemas
from skypanel.provisioning.rules import PanelSide, side_of

router = APIRouter(route_class=DoorRoute, tags=["provisioning staff"])
SEES = [Depends(staff("servers.view"))]
OPERATES = [Depends(staff("servers.operate"))]
ADOPTS = [Depends(staff("orders.edit"))]
Ref = Annotated[int, Path(ge=1, le=2_000_000_000)]


@router.get("/admin/provisions", response_model=schemas.Provisions, dependencies=SEES)
async def provisions(
    read: TheReader, page: ThePage, state: schemas.State | Literal[""] = ""
) -> Response:
    """All creations."""
    return answer(await queries.page(read, page, state=state))


@router.get(
    "/admin/provisions/{provision_id}", response_model=schemas.ProvisionWhole, dependencies=SEES
)
async def provision(provision_id: UUID, read: TheReader) -> Response:
    """One creation with its log, by its own id or its order's."""
    return answer(await queries.get(read, provision_id))


@router.post(
    "/admin/provisions/{provision_id}/retry",
    response_model=schemas.ProvisionWhole,
    status_code=202,
    dependencies=OPERATES,
)
async def retry(provision_id: UUID, db: TheDb) -> Response:
    """Let a stopped creation go on."""
    await actions.resume(db, provision_id)
    return answer(await queries.get(db, provision_id), 202)


async def _look(house: House, ref: int) -> PanelSide:
    """The server as the panel has it now; only its plain no means that there is none."""
    panel = await Vendors.of(house).virtfusion()
    try:
        found = await panel.owned_server(ref, live=True)
    except Missing:
        raise NotFound("The panel has no such server.") from None
    return side_of(found.server, found.owner)


@router.get("/admin/panel-servers/{ref}", response_model=schemas.AdoptionChoices, dependencies=SEES)
async def panel_server(ref: Ref, house: TheHouse, read: TheReader) -> Response:
    """A server as the panel has it now, and what it could be taken over as."""
    return answer(await queries.adoption_of(read, await _look(house, ref)))


@router.post(
    "/admin/panel-servers/{ref}/adoption",
    response_model=schemas.Adopted,
    status_code=201,
    dependencies=ADOPTS,
)
async def adopt(ref: Ref, wish: schemas.AdoptionAsk, house: TheHouse, actor: TheActor) -> Response:
    """Make a server of the panel an account's, billed from a day on; the panel is only read."""
    seen = await _look(house, ref)
    async with house.transaction(actor) as db:
        server = await actions.adopt(db, seen, wish.wish())
        db.publish(PanelAsked())
    shown = {
        "server_id": server.id,
        "service_id": server.service_id,
        "order_id": server.order_id,
        "account_id": server.account_id,
    }
    return answer(shown, 201)


@router.post(
    "/admin/orders/{order_id}/refund",
    response_model=schemas.ProvisionWhole,
    status_code=202,
    dependencies=ADOPTS,
)
async def refund_order(order_id: UUID, wish: schemas.RefundAndClose, db: TheDb) -> Response:
    """Close an order without a server; its money goes back once the panel has nothing of it."""
    await actions.give_up_order(db, order_id, wish.reason, wish.destination)
    return answer(await queries.get(db, order_id), 202)


@router.post(
    "/admin/imports", response_model=schemas.ImportShown, status_code=202, dependencies=ADOPTS
)
async def begin_import(db: TheDb) -> Response:
    """Have the panel read for servers that nobody here knows; nothing is taken over by that."""
    import_id = await actions.begin_import(db)
    return answer(await queries.get_import(db, import_id), 202)


@router.get("/admin/imports", response_model=schemas.Imports, dependencies=SEES)
async def list_imports(read: TheReader, page: ThePage) -> Response:
    """Readings of the panel, newest first."""
    return answer(await queries.imports_page(read, page))


@router.get("/admin/imports/{import_id}", response_model=schemas.ImportShown, dependencies=SEES)
async def get_import(import_id: UUID, read: TheReader) -> Response:
    """One reading of the panel and how far it is."""
    return answer(await queries.get_import(read, import_id))


@router.get("/admin/imports/{import_id}/rows", response_model=schemas.ImportRows, dependencies=SEES)
async def list_import_rows(
    import_id: UUID, read: TheReader, page: ThePage, state: schemas.RowState | Literal[""] = ""
) -> Response:
    """The servers of a reading, with what they could be here, or what came of them."""
    return answer(await queries.import_rows(read, import_id, page, state))


@router.post(
    "/admin/imports/{import_id}/resume",
    response_model=schemas.ImportShown,
    status_code=202,
    dependencies=ADOPTS,
)
async def resume_import(import_id: UUID, db: TheDb) -> Response:
    """Read on where the panel stopped answering."""
    await actions.resume_reading(db, import_id)
    return answer(await queries.get_import(db, import_id), 202)


@router.post(
    "/admin/imports/{import_id}/rows",
    response_model=schemas.ImportShown,
    status_code=202,
    dependencies=ADOPTS,
)
async def run_import(import_id: UUID, wish: schemas.ImportRun, db: TheDb) -> Response:
    """Take the chosen servers over, one job each; those that are done already stay as they are."""
    await actions.choose_rows(
        db,
        import_id,
        [row.choice() for row in wish.rows],
        currency=wish.currency,
        invite=wish.invite,
        reason=wish.reason,
    )
    return answer(await queries.get_import(db, import_id), 202)
