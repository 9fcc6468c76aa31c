"""The staff's doors to invoices; one whole invoice, with its payments, is shown by payments."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response, StreamingResponse

from skypanel.catalog.queries import tax_day, treatment
from skypanel.catalog.rules import TaxSettings
from skypanel.customers.queries import billing_party
from skypanel.invoices import actions, queries
from skypanel.invoices.errors import InvoiceNegative, LogoUnusable
from skypanel.invoices.queries.files import FileFormat, invoices_file, statement_file
from skypanel.invoices.rules import (
    CreditLine,
    InvoiceDraft,
    LineDraft,
    LogoSettings,
    LogoWrong,
    SellerSettings,
    read_logo,
)
from skypanel.invoices.schemas import (
    AmountWish,
    CreditWish,
    DraftChange,
    DraftWish,
    InvoiceKindName,
    InvoiceStateName,
    InvoiceWhole,
    IssueWish,
    LogoWish,
    RefundWish,
    StaffInvoiceList,
    Statement,
    StatementAskedFor,
    StatementWish,
    WithReason,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound
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
from skypanel.platform.money import Money

LOGO_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
router = APIRouter(route_class=DoorRoute, tags=["staff: billing"])
Staff = Annotated[Viewer, Depends(staff("invoices.view"))]
Editor = Annotated[Viewer, Depends(staff("invoices.edit"))]
SettingsEditor = Annotated[Viewer, Depends(staff("settings.edit"))]


@router.get("/admin/invoices", response_model=StaffInvoiceList)
async def list_all_invoices(
    read: TheReader,
    _viewer: Staff,
    page: ThePage,
    state: InvoiceStateName | None = None,
    kind: InvoiceKindName | None = None,
    account_id: UUID | None = None,
) -> Response:
    """Everybody's invoices, newest first."""
    return answer(
        await queries.staff_page(read, page, state=state, kind=kind, account_id=account_id)
    )


@router.post("/admin/invoices", response_model=InvoiceWhole, status_code=201)
async def draft_invoice(db: TheDb, viewer: Editor, wish: DraftWish) -> Response:
    """Begin an invoice by hand: a draft that the customer does not see."""
    draft = await _draft(db, wish.account_id, wish)
    invoice = await actions.draft_invoice(db, draft)
    return answer(await queries.staff_one(db, viewer, invoice.id), 201)


@router.get("/admin/invoices/export", response_class=StreamingResponse)
async def export_all_invoices(
    house: TheHouse,
    _viewer: Staff,
    format: FileFormat = "csv",  # noqa: A002 - the word of the address
    account_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
) -> StreamingResponse:
    """Everybody's invoices of a period as a file, or an account's."""
    rows = queries.exported(house.read(), account_id=account_id, first=first, last=last)
    return invoices_file(rows, format)


@router.get("/admin/statements", response_model=Statement)
async def show_any_statement(
    read: TheReader, _viewer: Staff, account_id: UUID, first: date, last: date
) -> Response:
    """Any account's statement."""
    return answer(await queries.statement(read, account_id, first, last))


@router.get("/admin/statements/csv", response_class=StreamingResponse)
async def export_any_statement(
    house: TheHouse, _viewer: Staff, account_id: UUID, first: date, last: date
) -> StreamingResponse:
    """Any account's statement as CSV."""
    return await statement_file(house.read(), account_id, first, last)


@router.post("/admin/statements/documents", response_model=StatementAskedFor, status_code=202)
async def ask_for_any_statement(db: TheDb, _viewer: Staff, wish: StatementWish) -> Response:
    """Have any account's statement written; it is downloaded like a customer's own."""
    await queries.statement(db, wish.account_id, wish.first, wish.last)
    statement_id = await actions.ask_for_statement(db, wish.account_id, wish.first, wish.last)
    return answer({"id": statement_id, "ready": False}, 202)


@router.put("/admin/invoices/{invoice_id}", response_model=InvoiceWhole)
async def edit_draft(db: TheDb, viewer: Editor, invoice_id: UUID, change: DraftChange) -> Response:
    """Write a draft anew."""
    found = await queries.find(db, invoice_id)
    draft = await _draft(db, found["account_id"], change)
    await actions.edit_draft(db, invoice_id, draft)
    return answer(await queries.staff_one(db, viewer, invoice_id))


@router.post("/admin/invoices/{invoice_id}/issue", response_model=InvoiceWhole)
async def issue_draft(db: TheDb, viewer: Editor, invoice_id: UUID, wish: IssueWish) -> Response:
    """Ask the customer to pay a draft."""
    await actions.issue_draft(db, invoice_id, numbered=wish.numbered)
    return answer(await queries.staff_one(db, viewer, invoice_id))


@router.post("/admin/invoices/{invoice_id}/discard", response_model=InvoiceWhole)
async def discard_draft(db: TheDb, viewer: Editor, invoice_id: UUID) -> Response:
    """Give up a draft."""
    await actions.discard_draft(db, invoice_id)
    return answer(await queries.staff_one(db, viewer, invoice_id))


@router.post("/admin/invoices/{invoice_id}/void", response_model=InvoiceWhole)
async def void_invoice(db: TheDb, viewer: Editor, invoice_id: UUID, wish: WithReason) -> Response:
    """Stop asking for an unpaid invoice; a numbered one gets a credit note."""
    await actions.void_invoice(db, invoice_id, wish.reason)
    return answer(await queries.staff_one(db, viewer, invoice_id))


@router.post("/admin/invoices/{invoice_id}/write-off", response_model=InvoiceWhole)
async def write_off(db: TheDb, viewer: Editor, invoice_id: UUID, wish: WithReason) -> Response:
    """Give up on an open invoice; it can still be paid."""
    await actions.write_off(db, invoice_id, wish.reason)
    return answer(await queries.staff_one(db, viewer, invoice_id))


@router.post("/admin/invoices/{invoice_id}/credit", response_model=InvoiceWhole, status_code=201)
async def credit_invoice(db: TheDb, viewer: Editor, invoice_id: UUID, wish: CreditWish) -> Response:
    """Issue a credit note; of a paid invoice its total stays with the account as a credit.

    It moves no money: refunding to the wallet or to the payment does both.
    """
    if wish.lines is not None and wish.amount is not None:
        raise FieldRefusal("amount", "Name lines or an amount, not both.", "ambiguous")
    wanted: list[CreditLine] | Money | None = _money(wish.amount)
    if wish.lines is not None:
        wanted = [CreditLine(each.line_id, _money(each.amount)) for each in wish.lines]
    note = await actions.credit_invoice(db, invoice_id, wanted, wish.reason)
    return answer(await queries.staff_one(db, viewer, note.id), 201)


@router.post(
    "/admin/invoices/{invoice_id}/refund-to-wallet", response_model=InvoiceWhole, status_code=201
)
async def refund_to_wallet(
    db: TheDb, viewer: Editor, invoice_id: UUID, wish: RefundWish
) -> Response:
    """Give back what was paid, to the wallet; answers the credit note."""
    note = await actions.refund_to_wallet(db, invoice_id, _money(wish.amount), wish.reason)
    return answer(await queries.staff_one(db, viewer, note.id), 201)


@router.put("/admin/invoice-logo", status_code=204)
async def put_logo(db: TheDb, _viewer: SettingsEditor, wish: LogoWish) -> Response:
    """Print this SVG or PNG on documents from now on; what was written stays as it is."""
    try:
        svg = read_logo(wish.content)
    except LogoWrong as wrong:
        raise LogoUnusable(str(wrong)) from None
    await actions.keep_logo(db, svg)
    return nothing()


@router.delete("/admin/invoice-logo", status_code=204)
async def drop_logo(db: TheDb, _viewer: SettingsEditor) -> Response:
    """Print the seller's name again."""
    await actions.keep_logo(db, "")
    return nothing()


@router.get("/admin/invoice-logo", response_class=Response)
async def show_logo(house: TheHouse, _viewer: Staff) -> Response:
    """The logo as an SVG that runs nothing; 404 when there is none."""
    logo = await house.settings.get(LogoSettings)
    if not logo.svg:
        raise NotFound
    headers = {
        "content-security-policy": LOGO_POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return Response(logo.svg, media_type="image/svg+xml", headers=headers)


@router.get("/admin/invoices/{invoice_id}/pdf", response_class=Response)
async def show_any_pdf(read: TheReader, _viewer: Staff, invoice_id: UUID) -> Response:
    """The document of any invoice."""
    number, content = await queries.pdf(read, invoice_id)
    headers = {"content-disposition": f'inline; filename="{number}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _money(wish: AmountWish | None) -> Money | None:
    return None if wish is None else Money(wish.minor, wish.currency)


async def _draft(db: Db, account_id: UUID, change: DraftChange) -> InvoiceDraft:
    """What staff wrote, with the customer's own tax where they named none."""
    party = await billing_party(db, account_id)
    settings = await db.house.settings.get(TaxSettings)
    seller = await db.house.settings.get(SellerSettings)
    usual = await treatment(db, settings, party, tax_day(db, seller.time_zone))
    currency = party["currency"]
    noted = all(line.tax_rate in (None, usual.rate) for line in change.lines)
    lines = [
        LineDraft(
            description=line.description,
            detail=line.detail or None,
            unit_price=Money(line.unit_price_minor, currency),
            quantity=line.quantity,
            tax_rate=usual.rate if line.tax_rate is None else line.tax_rate,
            tax_category=usual.category if noted else "",
        )
        for line in change.lines
    ]
    try:
        return InvoiceDraft(
            account_id=account_id,
            currency=currency,
            due_on=change.due_on,
            lines=lines,
            tax_note=usual.note if noted else "",
        )
    except ValueError:
        raise InvoiceNegative from None
