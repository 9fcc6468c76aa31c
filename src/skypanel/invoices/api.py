"""The customer's doors to invoices; one whole invoice, with its payments, is shown by payments."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.invoices import actions, queries
from skypanel.invoices.rules import TopUpSettings
from skypanel.invoices.schemas import (
    InvoiceList,
    InvoiceStateName,
    InvoiceWhole,
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
