"""Invoices as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, bindparam, exists, or_, select

from skypanel.identity.models import Account
from skypanel.invoices.errors import InvoicePdfNotReady
from skypanel.invoices.models import Invoice, InvoiceDocument, InvoiceLine
from skypanel.invoices.rules import PAYABLE
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
    Invoice.currency,
)
_ROW_COLUMNS = len(_COLUMNS)
_STATE = bindparam("state", type_=String())
_NEWEST_FIRST = (Invoice.id < bindparam("before", type_=Uuid()),)
_OF_STATE = or_(_STATE.is_(None), Invoice.state == _STATE)
_PDF_READY = exists().where(
    InvoiceDocument.invoice_id == Invoice.id, InvoiceDocument.kind == Invoice.kind
)


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
        "open": money(total - paid if state in PAYABLE else 0, currency),
    }


def _staff_row(*columns: Any) -> dict[str, Any]:
    return {**_row(*columns[:_ROW_COLUMNS]), "account_name": columns[_ROW_COLUMNS]}


def _whole(*columns: Any) -> dict[str, Any]:
    row = _row(*columns[:_ROW_COLUMNS])
    buyer, seller, order_id, proforma_number, pdf_ready, name, tax_note = columns[_ROW_COLUMNS:]
    return {
        **row,
        "currency": columns[_ROW_COLUMNS - 1],
        "account_name": name,
        "buyer": buyer,
        "seller": seller,
        "order_id": order_id,
        "proforma_number": proforma_number,
        "pdf_ready": pdf_ready,
        "tax_note": tax_note,
    }


_LIST: Query[dict[str, Any]] = Query(
    select(*_COLUMNS)
    .where(
        Invoice.account_id == bindparam("accounts", type_=ARRAY(Uuid)).any_(),
        *_NEWEST_FIRST,
        _OF_STATE,
    )
    .order_by(Invoice.id.desc())
    .limit(bindparam("limit")),
    _row,
)
_STAFF_LIST: Query[dict[str, Any]] = Query(
    select(*_COLUMNS, Account.name)
    .join(Account, Account.id == Invoice.account_id)
    .where(*_NEWEST_FIRST, _OF_STATE)
    .order_by(Invoice.id.desc())
    .limit(bindparam("limit")),
    _staff_row,
)
_ONE: Query[dict[str, Any]] = Query(
    select(
        *_COLUMNS,
        Invoice.buyer,
        Invoice.seller,
        Invoice.order_ref,
        Invoice.proforma_number,
        _PDF_READY,
        Account.name.label("account_name"),
        Invoice.tax_note,
    )
    .join(Account, Account.id == Invoice.account_id)
    .where(Invoice.id == bindparam("invoice", type_=Uuid())),
    _whole,
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
    period_start: datetime | None,
    period_end: datetime | None,
) -> tuple[Any, ...]:
    rate = f"{tax_rate.normalize():f}"
    return (
        line_id,
        description,
        detail,
        quantity,
        unit_price,
        net,
        rate,
        tax,
        period_start,
        period_end,
    )


_LINES: Query[tuple[Any, ...]] = Query(
    select(
        InvoiceLine.id,
        InvoiceLine.description,
        InvoiceLine.detail,
        InvoiceLine.quantity,
        InvoiceLine.unit_price_minor,
        InvoiceLine.net_minor,
        InvoiceLine.tax_rate,
        InvoiceLine.tax_minor,
        InvoiceLine.period_start,
        InvoiceLine.period_end,
    )
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


def _wire_lines(lines: Sequence[tuple[Any, ...]], currency: str) -> list[dict[str, Any]]:
    return [
        {
            "id": line_id,
            "description": description,
            "detail": detail,
            "quantity": quantity,
            "unit_price": money(unit_price, currency),
            "net": money(net, currency),
            "tax_rate": tax_rate,
            "tax": money(tax, currency),
            "period_start": period_start,
            "period_end": period_end,
        }
        for (
            line_id,
            description,
            detail,
            quantity,
            unit_price,
            net,
            tax_rate,
            tax,
            period_start,
            period_end,
        ) in lines
    ]


async def page(
    read: Read, viewer: Viewer, page: Page, *, account_id: UUID | None, state: str | None
) -> dict[str, Any]:
    """The invoices a viewer may see, newest first."""
    accounts = viewer.visible("billing.view", account_id)
    return await _LIST.page(read, page, accounts=accounts, state=state)


async def staff_page(read: Read, page: Page, *, state: str | None) -> dict[str, Any]:
    """All invoices, newest first, with the names of their accounts."""
    return await _STAFF_LIST.page(read, page, state=state)


async def find(read: Read, invoice_id: UUID) -> dict[str, Any]:
    """An invoice with its lines, for whoever may see everything."""
    found = await _ONE.one(read, invoice=invoice_id)
    if found is None:
        raise NotFound
    lines = await _LINES.all(read, invoice=invoice_id)
    can = ["download"] if found["pdf_ready"] else []
    return {**found, "lines": _wire_lines(lines, found["currency"]), "can": can}


async def get_for(read: Read, viewer: Viewer, invoice_id: UUID) -> dict[str, Any]:
    """An invoice with its lines and what the viewer can do with it."""
    found = await _ONE.one(read, invoice=invoice_id)
    if found is None:
        raise NotFound
    viewer.require("billing.view", found["account_id"])
    lines = await _LINES.all(read, invoice=invoice_id)
    can = ["download"] if found["pdf_ready"] else []
    if found["open"]["minor"] and viewer.may("billing.pay", found["account_id"]):
        can.insert(0, "pay")
    return {**found, "lines": _wire_lines(lines, found["currency"]), "can": can}


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
