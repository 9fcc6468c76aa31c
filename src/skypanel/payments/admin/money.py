"""What staff decide about money: transfers that came, refunds, promotional credit."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.payments import queries
from skypanel.payments.actions import (
    confirm_transfer,
    grant_credit,
    preview_refund,
    refund_payment,
    reject_transfer,
)
from skypanel.payments.queries import refunds, wallet
from skypanel.payments.schemas import (
    CreditGrant,
    CreditList,
    PaymentReason,
    PaymentRefundWish,
    RefundList,
    RefundPreview,
    StaffPayment,
    TransferReceived,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.money import Money

router = APIRouter(route_class=DoorRoute, tags=["staff: billing"])
Sees = Annotated[Viewer, Depends(staff("payments.view"))]
Edits = Annotated[Viewer, Depends(staff("payments.edit"))]


@router.post("/admin/payments/{payment_id}/confirm-transfer", response_model=StaffPayment)
async def confirm_bank_transfer(
    db: TheDb, _viewer: Edits, payment_id: UUID, seen: TransferReceived
) -> Response:
    """Money came by bank transfer."""
    found = await queries.find(db, payment_id)
    amount = Money(seen.amount_minor, found["amount"]["currency"])
    await confirm_transfer(db, payment_id, amount, seen.received_on, seen.note)
    return answer(await queries.find(db, payment_id))


@router.post("/admin/payments/{payment_id}/reject-transfer", response_model=StaffPayment)
async def reject_bank_transfer(
    db: TheDb, _viewer: Edits, payment_id: UUID, why: PaymentReason
) -> Response:
    """A transfer will not come."""
    await reject_transfer(db, payment_id, why.reason)
    return answer(await queries.find(db, payment_id))


@router.get("/admin/payments/{payment_id}/refunds", response_model=RefundList)
async def list_refunds(read: TheReader, _viewer: Sees, payment_id: UUID) -> Response:
    """The refunds of a payment, newest first."""
    return answer({"items": await refunds.of_payment(read, payment_id), "next": None})


@router.post("/admin/payments/{payment_id}/refunds", response_model=RefundList, status_code=202)
async def begin_refund(
    db: TheDb, _viewer: Edits, payment_id: UUID, wish: PaymentRefundWish
) -> Response:
    """Give money back: 202 while the gateway is asked, 201 when it is in the wallet."""
    found = await queries.find(db, payment_id)
    amount = Money(wish.amount_minor, found["amount"]["currency"])
    refund = await refund_payment(db, payment_id, amount, wish.reason, wish.destination)
    shown = {"items": await refunds.of_payment(db, payment_id), "next": None}
    return answer(shown, 201 if refund.state == "done" else 202)


@router.get("/admin/payments/{payment_id}/refund-preview", response_model=RefundPreview)
async def show_refund_preview(
    db: TheDb, _viewer: Sees, payment_id: UUID, amount_minor: int, destination: str
) -> Response:
    """What a refund would do to the books."""
    found = await queries.find(db, payment_id)
    amount = Money(amount_minor, found["amount"]["currency"])
    return answer(await preview_refund(db, payment_id, amount, destination))


@router.get("/admin/accounts/{account_id}/credits", response_model=CreditList)
async def list_account_credits(
    read: TheReader, _viewer: Sees, page: ThePage, account_id: UUID
) -> Response:
    """An account's promotional credit, newest first."""
    return answer(await wallet.credits_page(read, page, account_id))


@router.post("/admin/accounts/{account_id}/credits", response_model=CreditList, status_code=201)
async def give_credit(
    db: TheDb, _viewer: Edits, page: ThePage, account_id: UUID, grant: CreditGrant
) -> Response:
    """Give an account promotional credit in its currency."""
    currency = await wallet.currency_of(db, account_id)
    await grant_credit(
        db, account_id, Money(grant.amount_minor, currency), grant.reason, grant.expires_on
    )
    return answer(await wallet.credits_page(db, page, account_id), 201)
