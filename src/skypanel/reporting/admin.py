"""Staff's doors to the reports."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.catalog.rules import BrandSettings
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheHouse, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.reporting import queries
from skypanel.reporting.schemas import Customer, Customers, FoundList, Home, Hypervisors, WorkList

router = APIRouter(route_class=DoorRoute, tags=["reporting"])
TheStaff = Annotated[Viewer, Depends(staff("customers.view"))]


@router.get("/admin/home", response_model=Home)
async def staff_home(_: TheStaff, house: TheHouse, read: TheReader) -> Response:
    """What needs a person, and the last fourteen days."""
    brand = await house.settings.get(BrandSettings)
    figures = await queries.figures(read, brand.time_zone, brand.default_currency)
    return answer({"attention": await queries.attention(read, brand.time_zone), **figures})


@router.get("/admin/hypervisors", response_model=Hypervisors)
async def list_hypervisors(
    _: Annotated[Viewer, Depends(staff("servers.view"))], read: TheReader
) -> Response:
    """The host's machines, what is sold on them, and when they will be full. Nobody is asked."""
    return answer(await queries.hypervisors(read))


@router.get("/admin/work", response_model=WorkList)
async def list_work(
    viewer: Annotated[Viewer, Depends(staff("servers.view"))],
    read: TheReader,
    page: ThePage,
    state: Literal["", "under_way", "failed"] = "",
) -> Response:
    """What is being done at the panel or could not be: creations and tasks, newest first."""
    return answer(await queries.work_page(read, viewer, page, state=state))


@router.get("/admin/customers", response_model=Customers)
async def list_customers(
    _: TheStaff,
    read: TheReader,
    page: ThePage,
    q: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Customers, newest first, by name, company or a member's address."""
    return answer(await queries.customer_page(read, page, q))


@router.get("/admin/customers/{account_id}", response_model=Customer)
async def get_customer(viewer: TheStaff, read: TheReader, account_id: UUID) -> Response:
    """One customer and everything that happened."""
    return answer(await queries.get_customer(read, viewer, account_id))


@router.get("/admin/search", response_model=FoundList)
async def search(
    viewer: TheStaff,
    read: TheReader,
    q: Annotated[str, Query(min_length=2, max_length=100)],
) -> Response:
    """Customers, servers, invoices and orders that match what was typed."""
    return answer({"items": await queries.search(read, viewer, q)})
