"""The customer's doors to extra addresses."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.addresses import actions, queries, schemas
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
from skypanel.platform.http.doors import TheDb, TheHouse, TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.servers.queries import account_for

router = APIRouter(route_class=DoorRoute, tags=["servers"])


async def _shown(db: Db, server_id: UUID, status: int = 200) -> Response:
    await db.flush()
    return answer(await queries.shown(db.house, db, server_id, pays=True), status)


async def _payer(db: Db, viewer: Viewer, server_id: UUID) -> None:
    viewer.require("billing.pay", await account_for(db, viewer, server_id, "servers.view"))


@router.get("/servers/{server_id}/extra-addresses", response_model=schemas.ExtraAddresses)
async def extra_addresses(
    server_id: UUID, house: TheHouse, read: TheReader, viewer: TheViewer
) -> Response:
    """A server's extra addresses, and what another one costs to the day."""
    account_id = await account_for(read, viewer, server_id, "servers.view")
    pays = viewer.may("billing.pay", account_id)
    return answer(await queries.shown(house, read, server_id, pays=pays))


@router.post(
    "/servers/{server_id}/extra-addresses", response_model=schemas.ExtraAddresses, status_code=202
)
async def buy_address(
    server_id: UUID, wish: schemas.AddressWish, db: TheDb, viewer: TheViewer
) -> Response:
    """Buy an address for a server that runs; the panel gives it once its invoice is paid."""
    await _payer(db, viewer, server_id)
    await actions.buy(db, server_id, **wish.model_dump())
    return await _shown(db, server_id, 202)


@router.post("/servers/{server_id}/extra-addresses/return", response_model=schemas.ExtraAddresses)
async def return_address(
    server_id: UUID, wish: schemas.AddressReturn, db: TheDb, viewer: TheViewer
) -> Response:
    """Give an address back: it stays until the end of what is paid."""
    await _payer(db, viewer, server_id)
    await actions.give_back(db, server_id, wish.address)
    return await _shown(db, server_id)


@router.post("/extra-addresses/{extra_id}/cancel", response_model=schemas.ExtraAddresses)
async def cancel_address(extra_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Want an address no more that is not paid."""
    server_id = await queries.server_of(db, extra_id)
    await _payer(db, viewer, server_id)
    await actions.cancel(db, extra_id)
    return await _shown(db, server_id)


@router.post("/extra-addresses/{extra_id}/keep", response_model=schemas.ExtraAddresses)
async def keep_address(extra_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Keep an address after all that was given back."""
    server_id = await queries.server_of(db, extra_id)
    await _payer(db, viewer, server_id)
    await actions.keep(db, extra_id)
    return await _shown(db, server_id)
