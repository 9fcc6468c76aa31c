"""Staff's doors to the billing run, policies and services."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import (
    TheDb,
    TheHouse,
    ThePage,
    TheReader,
    answer,
    nothing,
    staff,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.renewals import actions, queries, schemas
from skypanel.services import actions as services
from skypanel.services.rules import Hold

router = APIRouter(route_class=DoorRoute, tags=["billing run"])
Sees = Annotated[Viewer, Depends(staff("invoices.view"))]
Edits = Annotated[Viewer, Depends(staff("renewals.edit"))]
Days = Annotated[int, Query(ge=1, le=92)]


@router.get("/admin/billing-run/preview", response_model=schemas.RunPreview)
async def preview(_: Sees, house: TheHouse, read: TheReader, days: Days = 30) -> Response:
    """The next days as the run will live them, beside the sums of the last ones."""
    found = await queries.preview(house, read, days)
    before = await queries.lived(read, days)
    parked = await queries.parked(read)
    return answer({**found, "days": days, "before": before, "parked": parked})


@router.get("/admin/billing-run/gate", response_model=schemas.RunGateShown)
async def get_gate(_: Sees, read: TheReader) -> Response:
    """Whether the run waits for staff, and how far they let it go."""
    return answer(await queries.gate(read))


@router.put("/admin/billing-run/gate", response_model=schemas.RunGateShown)
async def change_gate(_: Edits, db: TheDb, wish: schemas.RunGateWish) -> Response:
    """Let the run wait for staff from now on, or go on by itself."""
    await actions.need_approval(db, needed=wish.needed, reason=wish.reason)
    return answer(await queries.gate(db))


@router.post("/admin/billing-run/approvals", response_model=schemas.RunGateShown)
async def approve_run(_: Edits, db: TheDb, wish: schemas.RunApproval) -> Response:
    """Let the run do what the preview showed, until its end."""
    await actions.approve(db, wish.until, wish.reason)
    return answer(await queries.gate(db))


@router.get("/admin/billing-run/acts", response_model=schemas.ActsDone)
async def acts(_: Sees, read: TheReader, page: ThePage) -> Response:
    """What the run did, latest first."""
    return answer(await queries.done_page(read, page))


@router.get("/admin/services", response_model=schemas.Services)
async def list_services(
    viewer: Sees, read: TheReader, page: ThePage, state: schemas.ServiceState | None = None
) -> Response:
    """Every service, newest first."""
    return answer(await queries.staff_service_page(read, viewer, page, state=state))


@router.get("/admin/services/{service_id}", response_model=schemas.ServiceWhole)
async def get_service(service_id: UUID, viewer: Sees, house: TheHouse, read: TheReader) -> Response:
    """One service with its periods, what comes next, and the policy it follows."""
    return answer(await queries.get_service(house, read, viewer, service_id, staff=True))


@router.post("/admin/services/{service_id}/park", status_code=204, response_class=Response)
async def park(_: Edits, db: TheDb, service_id: UUID, wish: schemas.WithReason) -> Response:
    """Let the run pass over a service."""
    await actions.park(db, service_id, wish.reason)
    return nothing()


@router.post("/admin/services/{service_id}/unpark", status_code=204, response_class=Response)
async def unpark(_: Edits, db: TheDb, service_id: UUID, wish: schemas.WithReason) -> Response:
    """Let the run take a service again."""
    await actions.unpark(db, service_id, wish.reason)
    return nothing()


@router.post("/admin/services/{service_id}/hold", status_code=204, response_class=Response)
async def hold(_: Edits, db: TheDb, service_id: UUID, wish: schemas.HoldWish) -> Response:
    """Suspend a service for a reason that no payment lifts."""
    await services.hold(db, service_id, Hold(wish.hold), wish.reason)
    return nothing()


@router.post("/admin/services/{service_id}/release", status_code=204, response_class=Response)
async def release(_: Edits, db: TheDb, service_id: UUID, wish: schemas.HoldWish) -> Response:
    """Lift that hold; with the last one the service runs again."""
    await services.release(db, service_id, Hold(wish.hold), wish.reason)
    return nothing()


@router.post("/admin/services/{service_id}/terminate", status_code=204, response_class=Response)
async def terminate(_: Edits, db: TheDb, service_id: UUID, wish: schemas.WithReason) -> Response:
    """End a service now; its data is kept as its policy says."""
    await services.terminate(db, service_id, wish.reason)
    return nothing()


@router.post("/admin/services/{service_id}/undo", status_code=204, response_class=Response)
async def undo(_: Edits, db: TheDb, service_id: UUID, wish: schemas.WithReason) -> Response:
    """Take a termination back while the data is there."""
    await services.undo_termination(db, service_id, wish.reason)
    return nothing()


@router.get("/admin/renewal-policies", response_model=schemas.Policies)
async def list_policies(_: Sees, read: TheReader) -> Response:
    """The policies, each as a timeline."""
    return answer({"items": await queries.policies(read)})


@router.post("/admin/renewal-policies", status_code=201, response_model=schemas.Policies)
async def add_policy(_: Edits, db: TheDb, wish: schemas.PolicyWish) -> Response:
    """Keep a new policy."""
    await actions.save_policy(db, None, wish.terms, default=wish.default)
    return answer({"items": await queries.policies(db)}, 201)


@router.put("/admin/renewal-policies/{policy_id}", response_model=schemas.Policies)
async def change_policy(_: Edits, db: TheDb, policy_id: UUID, wish: schemas.PolicyWish) -> Response:
    """Change a policy; agendas follow within minutes."""
    await actions.save_policy(db, policy_id, wish.terms, default=wish.default)
    return answer({"items": await queries.policies(db)})


@router.delete("/admin/renewal-policies/{policy_id}", status_code=204, response_class=Response)
async def drop_policy(_: Edits, db: TheDb, policy_id: UUID) -> Response:
    """Forget a policy that no plan follows."""
    await actions.drop_policy(db, policy_id)
    return nothing()


@router.put("/admin/plans/{plan_id}/renewal-policy", status_code=204, response_class=Response)
async def follow_policy(
    _: Edits, db: TheDb, plan_id: UUID, wish: schemas.PlanPolicyWish
) -> Response:
    """Let a plan follow a policy."""
    await actions.follow_policy(db, plan_id, wish.policy_id)
    return nothing()


@router.get("/admin/accounts/{account_id}/terms", response_model=schemas.TermsShown)
async def get_terms(_: Sees, read: TheReader, account_id: UUID) -> Response:
    """What was agreed with an account."""
    return answer(await queries.terms(read, account_id))


@router.put("/admin/accounts/{account_id}/terms", response_model=schemas.TermsShown)
async def agree_terms(_: Edits, db: TheDb, account_id: UUID, wish: schemas.TermsWish) -> Response:
    """Exempt an account, or wait for it until a day."""
    await actions.agree_terms(
        db,
        account_id,
        exempt=wish.exempt,
        promise_until=wish.promise_until,
        reason=wish.reason,
    )
    return answer(await queries.terms(db, account_id))


@router.get("/admin/services/{service_id}/plan-changes", response_model=schemas.PlanChoices)
async def plan_choices(
    _: Sees,
    house: TheHouse,
    read: TheReader,
    service_id: UUID,
    cycle: schemas.Term | None = None,
) -> Response:
    """The plans that a service can change to, and the changes there were."""
    return answer(await queries.choices(house, read, service_id, cycle))


@router.get(
    "/admin/services/{service_id}/plan-changes/quote", response_model=schemas.PlanChangeQuote
)
async def plan_change_quote(
    _: Sees,
    house: TheHouse,
    read: TheReader,
    service_id: UUID,
    plan_id: UUID,
    timing: schemas.Timing,
    cycle: schemas.Term | None = None,
) -> Response:
    """What a change of plan costs, to the day, or why it can't be made."""
    asked = queries.ChangeAsk(plan_id, timing, cycle)
    return answer(await queries.quote(house, read, service_id, asked))


@router.post(
    "/admin/services/{service_id}/plan-changes",
    response_model=schemas.PlanChangeShown,
    status_code=201,
)
async def change_plan(
    _: Edits, db: TheDb, service_id: UUID, wish: schemas.StaffPlanChangeWish
) -> Response:
    """Change a service's plan on its customer's behalf."""
    change = await actions.ask_change(db, service_id, **wish.model_dump())
    return answer(await queries.change(db, change.id), 201)


@router.post("/admin/plan-changes/{change_id}/cancel", response_model=schemas.PlanChangeShown)
async def cancel_plan_change(
    _: Edits, db: TheDb, change_id: UUID, wish: schemas.WithReason
) -> Response:
    """Take back a change that is not paid or does not begin yet."""
    await actions.cancel_change(db, change_id, wish.reason)
    return answer(await queries.change(db, change_id))


@router.post("/admin/plan-changes/{change_id}/retry", response_model=schemas.PlanChangeShown)
async def retry_plan_change(
    _: Edits, db: TheDb, change_id: UUID, wish: schemas.WithReason
) -> Response:
    """Let the panel be asked again for a server's new size."""
    await actions.retry_resize(db, change_id, wish.reason)
    return answer(await queries.change(db, change_id))
