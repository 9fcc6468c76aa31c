"""Lists of invoices, one whole invoice, and its document."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Integer,
    String,
    Uuid,
    bindparam,
    exists,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import aliased

from skypanel.identity.models import Account
from skypanel.invoices.errors import InvoicePdfNotReady
from skypanel.invoices.models import Invoice, InvoiceDocument, InvoiceLine
from skypanel.invoices.rules import CREDITABLE, PAYABLE, InvoiceState
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query, money

_COLUMNS = (
    Invoice.id,
    Invoice.account_id,
    Invoice.number,
    Invoice.kind,
    Invoice.state,
    Invoice.issued_on,
    Invoice.due_on,
    Invoice.paid_at,
    Invoice.net_minor,
    Invoice.tax_minor,
    Invoice.total_minor,
    Invoice.paid_minor,
    Invoice.credited_minor,
    Invoice.currency,
)
_ROW_COLUMNS = len(_COLUMNS)
_LIMIT: BindParameter[int] = bindparam("limit", type_=Integer())
_BEFORE = Invoice.id < bindparam("before", type_=Uuid())
_PDF_READY = exists().where(
    InvoiceDocument.invoice_id == Invoice.id, InvoiceDocument.kind == Invoice.kind
)
_CORRECTED = aliased(Invoice)


def _row(
    invoice_id: UUID,
    account_id: UUID,
    number: str,
    kind: str,
    state: str,
    issued_on: date,
    due_on: date,
    paid_at: datetime | None,
    net: int,
    tax: int,
    total: int,
    paid: int,
    credited: int,
    currency: str,
) -> dict[str, Any]:
    return {
        "id": invoice_id,
        "account_id": account_id,
        "number": number,
        "kind": kind,
        "state": state,
        "issued_on": issued_on,
        "due_on": due_on,
        "paid_at": paid_at,
        "net": money(net, currency),
        "tax": money(tax, currency),
        "total": money(total, currency),
        "credited": money(credited, currency),
        "open": money(max(0, total - paid - credited) if state in PAYABLE else 0, currency),
    }


def _staff_row(*columns: Any) -> dict[str, Any]:
    return {**_row(*columns[:_ROW_COLUMNS]), "account_name": columns[_ROW_COLUMNS]}


def _whole(*columns: Any) -> dict[str, Any]:
    row = _row(*columns[:_ROW_COLUMNS])
    (
        buyer,
        seller,
        order_id,
        becomes,
        proforma_number,
        void_reason,
        credit_reason,
        corrected_id,
        corrected_number,
        pdf_ready,
        name,
        tax_note,
    ) = columns[_ROW_COLUMNS:]
    corrects = None if corrected_id is None else {"id": corrected_id, "number": corrected_number}
    return {
        **row,
        "currency": columns[_ROW_COLUMNS - 1],
        "account_name": name,
        "buyer": buyer,
        "seller": seller,
        "order_id": order_id,
        "becomes": becomes,
        "proforma_number": proforma_number,
        "reason": credit_reason or void_reason,
        "corrects": corrects,
        "pdf_ready": pdf_ready,
        "tax_note": tax_note,
    }


def _list(*conditions: Any) -> Query[dict[str, Any]]:
    """The newest invoices of some accounts: of each its newest by the index, then the newest."""
    accounts = bindparam("accounts", type_=ARRAY(Uuid()))
    mine = (
        func.unnest(accounts, type_=Uuid()).table_valued("account_id", name="mine").render_derived()
    )
    newest = (
        select(*_COLUMNS)
        .where(Invoice.account_id == mine.c.account_id, Invoice.state != literal(_DRAFT), _BEFORE)
        .where(*conditions)
        .order_by(Invoice.id.desc())
        .limit(_LIMIT)
        .lateral("newest")
    )
    return Query(
        select(*newest.c)
        .select_from(mine.join(newest, true()))
        .order_by(newest.c.id.desc())
        .limit(_LIMIT),
        _row,
    )


def _staff_list(*conditions: Any) -> Query[dict[str, Any]]:
    return Query(
        select(*_COLUMNS, Account.name)
        .join(Account, Account.id == Invoice.account_id)
        .where(_BEFORE, *conditions)
        .order_by(Invoice.id.desc())
        .limit(_LIMIT),
        _staff_row,
    )


_DRAFT = InvoiceState.DRAFT.value
_FILTERS = {
    "account_id": Invoice.account_id == bindparam("account_id", type_=Uuid()),
    "state": Invoice.state == bindparam("state", type_=String()),
    "kind": Invoice.kind == bindparam("kind", type_=String()),
}
# One statement for each choice of filters, so that each is answered by its index.
_CHOICES = tuple(frozenset(names) for count in range(4) for names in combinations(_FILTERS, count))
LIST = _list()
LIST_OF_STATE = _list(_FILTERS["state"])
STAFF_LISTS = {
    chosen: _staff_list(*(_FILTERS[name] for name in sorted(chosen))) for chosen in _CHOICES
}
_ONE: Query[dict[str, Any]] = Query(
    select(
        *_COLUMNS,
        Invoice.buyer,
        Invoice.seller,
        Invoice.order_ref,
        Invoice.becomes,
        Invoice.proforma_number,
        Invoice.void_reason,
        Invoice.credit_reason,
        _CORRECTED.id.label("corrected_id"),
        _CORRECTED.number.label("corrected_number"),
        _PDF_READY,
        Account.name.label("account_name"),
        Invoice.tax_note,
    )
    .join(Account, Account.id == Invoice.account_id)
    .outerjoin(_CORRECTED, _CORRECTED.id == Invoice.credits_id)
    .where(Invoice.id == bindparam("invoice", type_=Uuid())),
    _whole,
)
_CREDIT_NOTES: Query[dict[str, Any]] = Query(
    select(Invoice.id, Invoice.number, Invoice.issued_on, Invoice.total_minor, Invoice.currency)
    .where(Invoice.credits_id == bindparam("invoice", type_=Uuid()))
    .order_by(Invoice.id),
    lambda note_id, number, issued_on, total, currency: {
        "id": note_id,
        "number": number,
        "issued_on": issued_on,
        "total": money(total, currency),
    },
)


def _line(
    line_id: UUID,
    description: str,
    detail: str | None,
    quantity: int,
    unit_price: int,
    net: int,
    tax_rate: Decimal,
    tax: int,
    tax_category: str,
    period_start: datetime | None,
    period_end: datetime | None,
    explanation: dict[str, Any] | None,
    currency: str,
) -> dict[str, Any]:
    return {
        "id": line_id,
        "description": description,
        "detail": detail,
        "quantity": quantity,
        "unit_price": money(unit_price, currency),
        "net": money(net, currency),
        "tax_rate": f"{tax_rate.normalize():f}",
        "tax": money(tax, currency),
        "tax_category": tax_category,
        "period_start": period_start,
        "period_end": period_end,
        "explanation": explanation,
    }


_LINES: Query[dict[str, Any]] = Query(
    select(
        InvoiceLine.id,
        InvoiceLine.description,
        InvoiceLine.detail,
        InvoiceLine.quantity,
        InvoiceLine.unit_price_minor,
        InvoiceLine.net_minor,
        InvoiceLine.tax_rate,
        InvoiceLine.tax_minor,
        InvoiceLine.tax_category,
        InvoiceLine.period_start,
        InvoiceLine.period_end,
        InvoiceLine.explanation,
        Invoice.currency,
    )
    .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
    .where(InvoiceLine.invoice_id == bindparam("invoice", type_=Uuid()))
    .order_by(InvoiceLine.position),
    _line,
)
_DOCUMENT: Query[tuple[str, bytes]] = Query(
    select(InvoiceDocument.number, InvoiceDocument.content)
    .join(Invoice, Invoice.id == InvoiceDocument.invoice_id)
    .where(Invoice.id == bindparam("invoice", type_=Uuid()), InvoiceDocument.kind == Invoice.kind),
    lambda number, content: (number, bytes(content)),
)
_ACCOUNT: Query[UUID] = Query(
    select(Invoice.account_id).where(Invoice.id == bindparam("invoice", type_=Uuid())),
    lambda account_id: account_id,
)


async def page(
    read: Read, viewer: Viewer, page: Page, *, account_id: UUID | None, state: str | None
) -> dict[str, Any]:
    """The invoices a viewer may see, newest first; what staff still write is not among them."""
    accounts = viewer.visible("billing.view", account_id)
    if state is None:
        return await LIST.page(read, page, accounts=accounts)
    return await LIST_OF_STATE.page(read, page, accounts=accounts, state=state)


async def staff_page(read: Read, page: Page, **filters: Any) -> dict[str, Any]:
    """All invoices, newest first, with the names of their accounts.

    `filters` are `account_id`, `state` and `kind`; None asks for all.
    """
    asked = {name: value for name, value in filters.items() if value is not None}
    return await STAFF_LISTS[frozenset(asked)].page(read, page, **asked)


async def find(read: Read, invoice_id: UUID) -> dict[str, Any]:
    """An invoice with its lines and credit notes, for whoever may see everything."""
    found = await _ONE.one(read, invoice=invoice_id)
    if found is None:
        raise NotFound
    return {**found, **await _parts(read, invoice_id), "can": _downloads(found)}


async def _parts(read: Read, invoice_id: UUID) -> dict[str, Any]:
    return {
        "lines": await _LINES.all(read, invoice=invoice_id),
        "credit_notes": await _CREDIT_NOTES.all(read, invoice=invoice_id),
    }


def _downloads(found: dict[str, Any]) -> list[str]:
    return ["download"] if found["pdf_ready"] else []


async def staff_one(read: Read, viewer: Viewer, invoice_id: UUID) -> dict[str, Any]:
    """Any invoice, with what this staff member can do with it."""
    found = await find(read, invoice_id)
    if "invoices.edit" in viewer.staff:
        found["can"] += staff_verbs(found)
    return found


def staff_verbs(found: dict[str, Any]) -> list[str]:
    """What staff can do with an invoice as it stands."""
    state, kind = found["state"], found["kind"]
    if state == InvoiceState.DRAFT:
        return ["edit", "issue", "discard"]
    left = found["total"]["minor"] - found["credited"]["minor"]
    untouched = found["open"]["minor"] == left
    verbs = []
    if state in PAYABLE and untouched:
        verbs.append("void")
    if state == InvoiceState.OPEN:
        verbs.append("write_off")
    if left and state in CREDITABLE and kind in ("tax", "receipt"):
        verbs.append("credit")
    if left and state == InvoiceState.PAID and kind == "tax":
        verbs.append("refund_to_wallet")
    return verbs


async def get_for(read: Read, viewer: Viewer, invoice_id: UUID) -> dict[str, Any]:
    """An invoice with its lines and what the viewer can do with it."""
    found = await _ONE.one(read, invoice=invoice_id)
    if found is None or found["state"] == InvoiceState.DRAFT:
        raise NotFound
    viewer.require("billing.view", found["account_id"])
    can = _downloads(found)
    if found["open"]["minor"] and viewer.may("billing.pay", found["account_id"]):
        can.insert(0, "pay")
        if found["becomes"] == "receipt" and found["open"] == found["total"]:
            can.append("cancel")
    return {**found, **await _parts(read, invoice_id), "can": can}


async def document(read: Read, viewer: Viewer, invoice_id: UUID) -> tuple[str, bytes]:
    """The number and the PDF of an invoice. Refuses `invoice_pdf_not_ready` while it is written."""
    account_id = await _ACCOUNT.one(read, invoice=invoice_id)
    if account_id is None:
        raise NotFound
    viewer.require("billing.view", account_id)
    return await pdf(read, invoice_id)


async def pdf(read: Read, invoice_id: UUID) -> tuple[str, bytes]:
    """The number and the PDF of an invoice's present kind, for other domains."""
    found = await _DOCUMENT.one(read, invoice=invoice_id)
    if found is None:
        raise InvoicePdfNotReady(retry_after_seconds=2)
    return found
