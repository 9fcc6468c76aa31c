"""What the invoices' API gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from skypanel.ledger.schemas import Amount

InvoiceKindName = Literal["proforma", "tax", "receipt", "credit_note"]
InvoiceStateName = Literal["draft", "open", "paid", "void", "uncollectible"]


class InvoiceRow(BaseModel):
    """An invoice in a list."""

    id: UUID
    account_id: UUID
    number: str
    kind: InvoiceKindName
    state: InvoiceStateName
    issued_on: date
    due_on: date
    paid_at: datetime | None
    net: Amount
    tax: Amount
    total: Amount
    open: Amount


class InvoiceList(BaseModel):
    items: list[InvoiceRow]
    next: str | None


class StaffInvoiceRow(InvoiceRow):
    account_name: str


class StaffInvoiceList(BaseModel):
    items: list[StaffInvoiceRow]
    next: str | None


class InvoiceLineShown(BaseModel):
    """One thing on an invoice."""

    id: UUID
    description: str
    detail: str | None
    quantity: int
    unit_price: Amount
    net: Amount
    tax_rate: str
    tax: Amount
    period_start: datetime | None
    period_end: datetime | None


class InvoiceWhole(InvoiceRow):
    """An invoice with all that stands on it."""

    lines: list[InvoiceLineShown]
    buyer: dict[str, Any]
    seller: dict[str, Any]
    order_id: UUID | None
    proforma_number: str
    pdf_ready: bool
    tax_note: str
    can: list[str]
