"""The customer's doors to invoices; one whole invoice, with its payments, is shown by payments."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.invoices import queries
from skypanel.invoices.schemas import InvoiceList, InvoiceStateName
from skypanel.platform.http.doors import ThePage, TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["billing"])


def pdf_answer(number: str, content: bytes) -> Response:
    """A PDF to look at, named by its number when it is saved."""
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="{number}.pdf"',
            "cache-control": "no-store",
        },
    )


@router.get("/invoices", response_model=InvoiceList)
async def list_invoices(
    read: TheReader,
    viewer: TheViewer,
    page: ThePage,
    account_id: UUID | None = None,
    state: InvoiceStateName | None = None,
) -> Response:
    """Invoices, newest first."""
    return answer(await queries.page(read, viewer, page, account_id=account_id, state=state))


@router.get("/invoices/{invoice_id}/pdf", response_class=Response)
async def show_pdf(read: TheReader, viewer: TheViewer, invoice_id: UUID) -> Response:
    """The document itself."""
    return pdf_answer(*await queries.document(read, viewer, invoice_id))
