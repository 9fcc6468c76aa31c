"""Orders as staff see them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.catalog.rules import Move
from skypanel.catalog.schemas.prices import PriceChangeWish
from skypanel.orders import queries, schemas
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.ids import new_id

router = APIRouter(route_class=DoorRoute, tags=["orders staff"])
Sees = Annotated[Viewer, Depends(staff("orders.view"))]


@router.get("/admin/orders", response_model=schemas.StaffOrders)
async def orders(
    read: TheReader,
    viewer: Sees,
    page: ThePage,
    state: schemas.State | Literal[""] = "",
    q: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """All orders."""
    return answer(await queries.staff_page(read, viewer, page, state=state, q=q))


@router.get("/admin/orders/{order_id}", response_model=schemas.StaffOrder)
async def staff_order(order_id: UUID, read: TheReader, viewer: Sees) -> Response:
    """One order; what hangs on it is asked for by its ids."""
    return answer(await queries.staff_one(read, viewer, order_id))


@router.post(
    "/admin/price-changes/preview",
    response_model=schemas.PricePreview,
    dependencies=[Depends(staff("catalog.view"))],
)
async def preview_change(wish: PriceChangeWish, read: TheReader) -> Response:
    """Whose services a change of a price would touch; nothing is changed or announced."""
    move = Move(new_id(), wish.plan_id, wish.currency, wish.cycle, wish.price, wish.effective_on)
    return answer(await queries.preview(read, move, moves=wish.policy == "move"))
