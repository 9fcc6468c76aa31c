"""The staff's doors to invoices; one whole invoice, with its payments, is shown by payments."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.invoices import queries
from skypanel.invoices.schemas import InvoiceStateName, StaffInvoiceList
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["staff: billing"])
Staff = Annotated[Viewer, Depends(staff("invoices.view"))]


@router.get("/admin/invoices", response_model=StaffInvoiceList)
async def list_all_invoices(
    read: TheReader, _viewer: Staff, page: ThePage, state: InvoiceStateName | None = None
) -> Response:
    """Everybody's invoices, newest first."""
    return answer(await queries.staff_page(read, page, state=state))


@router.get("/admin/invoices/{invoice_id}/pdf", response_class=Response)
async def show_any_pdf(read: TheReader, _viewer: Staff, invoice_id: UUID) -> Response:
    """The document of any invoice."""
    number, content = await queries.pdf(read, invoice_id)
    headers = {"content-disposition": f'inline; filename="{number}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)
