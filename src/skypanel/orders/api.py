"""Ordering servers."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.catalog import queries as catalog
from skypanel.catalog.rules import BrandSettings, Cycle, TaxSettings
from skypanel.catalog.schemas.shop import Quote
from skypanel.orders import actions, queries, schemas
from skypanel.platform.http.doors import (
    TheDb,
    TheHouse,
    ThePage,
    TheReader,
    TheViewer,
    answer,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.limits import Limit, count

router = APIRouter(route_class=DoorRoute, tags=["orders"])
ORDERS = Limit("orders", times=60, seconds=60)


async def not_too_many(house: TheHouse, viewer: TheViewer) -> None:
    """One person places at most sixty orders a minute."""
    await count(house, ORDERS, str(viewer.user_id))


@router.post(
    "/orders",
    response_model=schemas.OrderShown,
    status_code=201,
    dependencies=[Depends(not_too_many)],
)
async def place(wish: schemas.OrderWish, db: TheDb, viewer: TheViewer) -> Response:
    """Order a server; room is held for an hour while it is paid."""
    order = await actions.place_order(db, viewer, wish.wish())
    return answer(await queries.get_for(db, viewer, order.id, "orders.place"), 201)


@router.post("/accounts/{account_id}/quotes", response_model=Quote)
async def quote_account(
    account_id: UUID, wish: schemas.OfferWish, read: TheReader, house: TheHouse, viewer: TheViewer
) -> Response:
    """What this would cost the account: its own prices, its tax, its coupon; nothing is held."""
    viewer.require("orders.place", account_id)
    asked = queries.OfferAsk(
        account_id=account_id,
        plan_id=wish.plan_id,
        location_id=wish.location_id,
        cycle=wish.cycle,
        currency=viewer.accounts[account_id].currency,
        coupon=wish.coupon,
        addons=tuple((one.addon_id, one.quantity) for one in wish.addons),
    )
    tax = await house.settings.get(TaxSettings)
    brand = await house.settings.get(BrandSettings)
    found = await queries.offer_for(read, asked, tax, brand)
    shown = await catalog.quote(read, found)
    if asked.cycle == Cycle.HOURLY:
        shown["hourly"] = await queries.hourly_quote(house, read, account_id, found)
    return answer(shown)


@router.get("/orders", response_model=schemas.Orders)
async def orders(
    read: TheReader, viewer: TheViewer, page: ThePage, account_id: UUID | None = None
) -> Response:
    """The orders of one's accounts."""
    return answer(await queries.page(read, viewer, page, account_id))


@router.get("/orders/{order_id}", response_model=schemas.OrderShown)
async def order(order_id: UUID, read: TheReader, viewer: TheViewer) -> Response:
    """One order and how far it is."""
    return answer(await queries.get_for(read, viewer, order_id))


@router.post("/orders/{order_id}/cancel", response_model=schemas.OrderShown)
async def cancel(order_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Withdraw an order that is not paid."""
    await queries.get_for(db, viewer, order_id, "orders.place")
    await actions.cancel_order(db, order_id)
    return answer(await queries.get_for(db, viewer, order_id, "orders.place"))
