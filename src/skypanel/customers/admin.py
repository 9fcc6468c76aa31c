"""What staff see of an account on paper."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.customers import actions, queries, schemas
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["accounts staff"])


@router.get(
    "/admin/accounts/{account_id}/tax-number-checks",
    response_model=schemas.Checks,
    dependencies=[Depends(staff("customers.view"))],
)
async def tax_number_checks(account_id: UUID, read: TheReader, page: ThePage) -> Response:
    """What the register said of an account's tax numbers, newest first: the proofs."""
    return answer(await queries.checks(read, account_id, page))


@router.post(
    "/admin/accounts/{account_id}/tax-number-checks",
    response_model=schemas.CheckAsked,
    status_code=202,
    dependencies=[Depends(staff("customers.edit"))],
)
async def check_tax_number(account_id: UUID, db: TheDb) -> Response:
    """Ask the register about an account's tax number now."""
    await actions.ask_again(db, account_id)
    return answer({"accepted": True}, 202)
