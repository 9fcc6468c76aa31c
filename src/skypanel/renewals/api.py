"""The customer's doors to what is billed over time."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from skypanel.platform.http.doors import (
    TheDb,
    TheHouse,
    ThePage,
    TheReader,
    TheViewer,
    answer,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.renewals import actions, queries, schemas

router = APIRouter(route_class=DoorRoute, tags=["services"])
Days = Annotated[int, Query(ge=1, le=400)]


@router.get("/services", response_model=schemas.Services)
async def list_services(
    read: TheReader,
    viewer: TheViewer,
    page: ThePage,
    account_id: UUID | None = None,
    state: schemas.ServiceState | None = None,
) -> Response:
    """What one's accounts are billed for."""
    found = await queries.service_page(read, viewer, page, account_id=account_id, state=state)
    return answer(found)


@router.get("/services/{service_id}", response_model=schemas.ServiceWhole)
async def get_service(
    service_id: UUID, house: TheHouse, read: TheReader, viewer: TheViewer
) -> Response:
    """One service: its periods, what comes next, and by which policy."""
    return answer(await queries.get_service(house, read, viewer, service_id))


@router.post("/services/{service_id}/cancel", response_model=schemas.ServiceWhole)
async def cancel_service(
    service_id: UUID, wish: schemas.CancelWish, house: TheHouse, db: TheDb, viewer: TheViewer
) -> Response:
    """End a service with its period, or let it go on after all."""
    await queries.account_of(db, viewer, service_id, "billing.pay")
    await actions.cancel_at_period_end(db, service_id, wanted=wish.at_period_end)
    await db.flush()
    return answer(await queries.get_service(house, db, viewer, service_id))


@router.post("/services/{service_id}/end", response_model=schemas.ServiceWhole)
async def end_service(
    service_id: UUID, wish: schemas.EndWish, house: TheHouse, db: TheDb, viewer: TheViewer
) -> Response:
    """End a service now: its server stops, its data is kept for some days."""
    await queries.account_of(db, viewer, service_id, "billing.pay")
    await actions.end_now(db, service_id, wish.confirm)
    await db.flush()
    return answer(await queries.get_service(house, db, viewer, service_id))


@router.post("/services/{service_id}/undo-end", response_model=schemas.ServiceWhole)
async def undo_service_end(
    service_id: UUID, house: TheHouse, db: TheDb, viewer: TheViewer
) -> Response:
    """Take back the end that one wished, while the data is there."""
    await queries.account_of(db, viewer, service_id, "billing.pay")
    await actions.undo_end(db, service_id)
    await db.flush()
    return answer(await queries.get_service(house, db, viewer, service_id))


@router.get("/upcoming", response_model=schemas.Upcoming)
async def upcoming(
    house: TheHouse, read: TheReader, viewer: TheViewer, account_id: UUID, days: Days = 60
) -> Response:
    """Invoices, charges and reminders that an account can expect if nothing else changes."""
    return answer(await queries.expected(house, read, viewer, account_id, days))


@router.get("/services/{service_id}/plan-changes", response_model=schemas.PlanChoices)
async def plan_choices(
    service_id: UUID,
    house: TheHouse,
    read: TheReader,
    viewer: TheViewer,
    cycle: schemas.Term | None = None,
) -> Response:
    """The plans that a service can change to, and the changes there were."""
    account_id = await queries.account_of(read, viewer, service_id, "billing.view")
    found = await queries.choices(house, read, service_id, cycle)
    pays = viewer.may("billing.pay", account_id)
    changes = [queries.for_customer(each, pays=pays) for each in found["changes"]]
    return answer({**found, "changes": changes})


@router.get("/services/{service_id}/plan-changes/quote", response_model=schemas.PlanChangeQuote)
async def plan_change_quote(
    service_id: UUID,
    house: TheHouse,
    read: TheReader,
    viewer: TheViewer,
    plan_id: UUID,
    timing: schemas.Timing,
    cycle: schemas.Term | None = None,
) -> Response:
    """What a change of plan costs, to the day, or why it can't be made; nothing is written."""
    await queries.account_of(read, viewer, service_id, "billing.view")
    asked = queries.ChangeAsk(plan_id, timing, cycle)
    return answer(await queries.quote(house, read, service_id, asked))


@router.post(
    "/services/{service_id}/plan-changes",
    response_model=schemas.PlanChangeShown,
    status_code=201,
)
async def change_plan(
    service_id: UUID, wish: schemas.PlanChangeWish, db: TheDb, viewer: TheViewer
) -> Response:
    """Change a service's plan for the amount that was quoted."""
    await queries.account_of(db, viewer, service_id, "billing.pay")
    change = await actions.ask_change(db, service_id, **wish.model_dump())
    return answer(queries.for_customer(await queries.change(db, change.id), pays=True), 201)


@router.post("/plan-changes/{change_id}/cancel", response_model=schemas.PlanChangeShown)
async def cancel_plan_change(change_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Take back a change that is not paid or does not begin yet."""
    await queries.change_for(db, viewer, change_id)
    await actions.cancel_change(db, change_id)
    return answer(queries.for_customer(await queries.change(db, change_id), pays=True))
