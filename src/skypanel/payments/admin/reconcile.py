"""The staff's doors to what PayPal knows and our books do not."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.payments.actions import dismiss_transaction
from skypanel.payments.queries import subscriptions
from skypanel.payments.schemas import PaymentReason, UnmatchedList
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["staff: billing"])
Sees = Annotated[Viewer, Depends(staff("payments.view"))]
Edits = Annotated[Viewer, Depends(staff("payments.edit"))]


@router.get("/admin/unmatched-transactions", response_model=UnmatchedList)
async def list_unmatched_transactions(
    read: TheReader,
    _viewer: Sees,
    page: ThePage,
    state: Literal["open", "matched", "dismissed"] | None = None,
) -> Response:
    """Movements at PayPal that the books do not know, newest first."""
    return answer(await subscriptions.unmatched_paypal_transactions(read, page, state=state))


@router.post("/admin/unmatched-transactions/{transaction_id}/dismiss", response_model=UnmatchedList)
async def dismiss_unmatched_transaction(
    db: TheDb, _viewer: Edits, page: ThePage, transaction_id: UUID, why: PaymentReason
) -> Response:
    """Staff know what it is."""
    await dismiss_transaction(db, transaction_id, why.reason)
    return answer(await subscriptions.unmatched_paypal_transactions(db, page, state="open"))
