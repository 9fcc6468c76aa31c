"""The customer's doors to invoices; one whole invoice, with its payments, is shown by payments."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from skypanel.invoices import actions, queries
from skypanel.invoices.errors import InvoicePdfNotReady
from skypanel.invoices.queries.files import FileFormat, invoices_file, statement_file
from skypanel.invoices.rules import TopUpSettings
from skypanel.invoices.schemas import (
    InvoiceList,
    InvoiceStateName,
    InvoiceWhole,
    Statement,
    StatementAskedFor,
    StatementWish,
    TopUpBounds,
    TopUpWish,
)
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.http.doors import TheDb, TheHouse, ThePage, TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.money import Money

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


@router.get("/invoices/export", response_class=StreamingResponse)
async def export_invoices(
    house: TheHouse,
    viewer: TheViewer,
    account_id: UUID,
    format: FileFormat = "csv",  # noqa: A002 - the word of the address
    first: date | None = None,
    last: date | None = None,
) -> StreamingResponse:
    """An account's invoices of a period as a file."""
    viewer.require("billing.view", account_id)
    rows = queries.exported(house.read(), account_id=account_id, first=first, last=last)
    return invoices_file(rows, format)


@router.get("/statements", response_model=Statement)
async def show_statement(
    read: TheReader, viewer: TheViewer, account_id: UUID, first: date, last: date
) -> Response:
    """A statement of account: opening, movements and closing, as the ledger has them."""
    viewer.require("billing.view", account_id)
    return answer(await queries.statement(read, account_id, first, last))


@router.get("/statements/csv", response_class=StreamingResponse)
async def export_statement(
    house: TheHouse, viewer: TheViewer, account_id: UUID, first: date, last: date
) -> StreamingResponse:
    """A statement of any length as CSV."""
    viewer.require("billing.view", account_id)
    return await statement_file(house.read(), account_id, first, last)


@router.post("/statements/documents", response_model=StatementAskedFor, status_code=202)
async def ask_for_statement(db: TheDb, viewer: TheViewer, wish: StatementWish) -> Response:
    """Have a statement written as a PDF; it is kept for a day."""
    viewer.require("billing.view", wish.account_id)
    await queries.statement(db, wish.account_id, wish.first, wish.last)
    statement_id = await actions.ask_for_statement(db, wish.account_id, wish.first, wish.last)
    return answer({"id": statement_id, "ready": False}, 202)


@router.get("/statements/documents/{statement_id}", response_model=StatementAskedFor)
async def show_statement_document(
    read: TheReader, viewer: TheViewer, statement_id: UUID
) -> Response:
    """Whether a statement is written yet."""
    found = await queries.statement_document_for(read, viewer, statement_id)
    return answer({"id": found["id"], "ready": found["content"] is not None})


@router.get("/statements/documents/{statement_id}/pdf", response_class=Response)
async def show_statement_pdf(read: TheReader, viewer: TheViewer, statement_id: UUID) -> Response:
    """A written statement."""
    found = await queries.statement_document_for(read, viewer, statement_id)
    if found["content"] is None:
        raise InvoicePdfNotReady(retry_after_seconds=2)
    name = f"statement-{found['first_on']}-{found['last_on']}"
    return pdf_answer(name, bytes(found["content"]))


@router.get("/invoices/{invoice_id}/pdf", response_class=Response)
async def show_pdf(read: TheReader, viewer: TheViewer, invoice_id: UUID) -> Response:
    """The document itself."""
    return pdf_answer(*await queries.document(read, viewer, invoice_id))


@router.get("/top-ups/bounds", response_model=TopUpBounds)
async def show_top_up_bounds(house: TheHouse, viewer: TheViewer, account_id: UUID) -> Response:
    """The least and the most that one top-up may come to, in the account's currency."""
    viewer.require("billing.view", account_id)
    settings = await house.settings.get(TopUpSettings)
    least, most = settings.bounds(viewer.accounts[account_id].currency)
    return answer({"least": least, "most": most})


@router.post("/top-ups", response_model=InvoiceWhole, status_code=201)
async def top_up(db: TheDb, viewer: TheViewer, wish: TopUpWish) -> Response:
    """Put money into the wallet: answers the proforma to pay, which becomes a receipt."""
    viewer.require("billing.pay", wish.account_id)
    currency = viewer.accounts[wish.account_id].currency
    if wish.amount.currency != currency:
        raise FieldRefusal("amount.currency", f"This account pays in {currency}.", "currency_other")
    amount = Money(wish.amount.minor, currency)
    invoice = await actions.top_up(db, wish.account_id, amount)
    return answer(await queries.get_for(db, viewer, invoice.id), 201)


@router.post("/top-ups/{invoice_id}/cancel", response_model=InvoiceWhole)
async def cancel_top_up(db: TheDb, viewer: TheViewer, invoice_id: UUID) -> Response:
    """Give up an unpaid top-up."""
    found = await queries.get_for(db, viewer, invoice_id)
    viewer.require("billing.pay", found["account_id"])
    await actions.cancel_top_up(db, invoice_id)
    return answer(await queries.get_for(db, viewer, invoice_id))
