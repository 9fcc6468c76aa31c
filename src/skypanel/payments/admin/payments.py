"""The staff's doors to payments, and to one whole invoice with its payments."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.invoices import queries as invoices
from skypanel.payments import queries
from skypanel.payments.schemas import (
    PaymentStateName,
    StaffInvoice,
    StaffPayment,
    StaffPaymentList,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["staff: billing"])
SeesPayments = Annotated[Viewer, Depends(staff("payments.view"))]
SeesInvoices = Annotated[Viewer, Depends(staff("invoices.view"))]


@router.get("/admin/payments", response_model=StaffPaymentList)
async def list_all_payments(
    read: TheReader, _viewer: SeesPayments, page: ThePage, state: PaymentStateName | None = None
) -> Response:
    """Everybody's payments, newest first."""
    return answer(await queries.staff_page(read, page, state=state))


@router.get("/admin/payments/{payment_id}", response_model=StaffPayment)
async def show_any_payment(read: TheReader, _viewer: SeesPayments, payment_id: UUID) -> Response:
    """Any payment."""
    return answer(await queries.find(read, payment_id))


@router.get("/admin/invoices/{invoice_id}", response_model=StaffInvoice)
async def show_any_invoice(read: TheReader, viewer: SeesInvoices, invoice_id: UUID) -> Response:
    """Any invoice with its lines and its payments."""
    invoice = await invoices.staff_one(read, viewer, invoice_id)
    payments = await queries.of_invoice(read, invoice_id)
    return answer({**invoice, "payments": payments})
