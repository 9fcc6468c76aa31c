"""What the invoices' API gives."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, StringConstraints

from skypanel.ledger.schemas import Amount
from skypanel.platform.http.fields import Reason

InvoiceKindName = Literal["proforma", "tax", "receipt", "credit_note"]
InvoiceStateName = Literal["draft", "open", "paid", "void", "uncollectible", "issued"]


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
    credited: Amount
    open: Amount


class InvoiceList(BaseModel):
    items: list[InvoiceRow]
    next: str | None


class StaffInvoiceRow(InvoiceRow):
    account_name: str


class StaffInvoiceList(BaseModel):
    items: list[StaffInvoiceRow]
    next: str | None


class Figure(BaseModel):
    """A name and what it comes to."""

    label: str
    value: str


class Explanation(BaseModel):
    """How a line came to its amount: the price it was sold at, what was used, and the sums."""

    price_version: int | None = None
    usage: list[Figure] = []
    steps: list[Figure] = []


class InvoiceLineShown(BaseModel):
    """One thing on an invoice."""

    id: UUID
    description: str
    detail: str | None
    quantity: int
    unit_price: Amount
    net: Amount
    tax_rate: str
    tax_category: Literal["S", "Z", "E", "AE", "K", "G", "O"]
    tax: Amount
    period_start: datetime | None
    period_end: datetime | None
    explanation: Explanation | None


class NumberedRef(BaseModel):
    """A document that another one corrects."""

    id: UUID
    number: str


class CreditNoteRef(NumberedRef):
    """A document that corrects this one."""

    issued_on: date
    total: Amount


class InvoiceWhole(InvoiceRow):
    """An invoice with all that stands on it."""

    becomes: InvoiceKindName
    lines: list[InvoiceLineShown]
    credit_notes: list[CreditNoteRef]
    corrects: NumberedRef | None
    reason: str | None
    buyer: dict[str, Any]
    seller: dict[str, Any]
    order_id: UUID | None
    proforma_number: str | None
    pdf_ready: bool
    tax_note: str
    can: list[str]


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
MINOR_MAX = 10**13


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AmountWish(Wish):
    """Money asked for: more than nothing, in whole minor units."""

    minor: Annotated[int, Field(gt=0, le=MINOR_MAX)]
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]


class LineWish(Wish):
    """A line staff write; `tax_rate` is a fraction, and the customer's own when left out."""

    description: Words
    detail: Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)] | None = None
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    unit_price_minor: Annotated[int, Field(ge=-MINOR_MAX, le=MINOR_MAX)]
    tax_rate: Annotated[Decimal, Field(ge=0, le=1, decimal_places=5)] | None = None


class DraftChange(Wish):
    """What a draft says."""

    due_on: date
    lines: Annotated[list[LineWish], Field(min_length=1, max_length=200)]


class DraftWish(DraftChange):
    """A new draft for an account, in the account's currency."""

    account_id: UUID


class IssueWish(Wish):
    """`numbered`: the final number is taken now, not when it is paid (postpaid)."""

    numbered: bool = False


class WithReason(Wish):
    reason: Reason


class CreditLineWish(Wish):
    """A line to credit: an amount with its tax, or all that is left of it."""

    line_id: UUID
    amount: AmountWish | None = None


class CreditWish(WithReason):
    """What to credit: lines, or an amount with its tax, or all that is left."""

    lines: Annotated[list[CreditLineWish], Field(min_length=1, max_length=200)] | None = None
    amount: AmountWish | None = None


class RefundWish(WithReason):
    """What to give back to the wallet; all that is left when no amount is named."""

    amount: AmountWish | None = None


class TopUpWish(Wish):
    """Money for the wallet."""

    account_id: UUID
    amount: AmountWish


class TopUpBounds(BaseModel):
    """What one top-up may come to."""

    least: Amount
    most: Amount


class LogoWish(Wish):
    """An SVG or PNG, in base64."""

    content: Annotated[Base64Bytes, Field(max_length=400_000)]


class StatementRow(BaseModel):
    """A movement: a charge lowers the balance, a credit raises it."""

    id: UUID
    on: date
    kind: Literal["document", "payment", "write_off"]
    description: str
    invoice_id: UUID | None
    charge: Amount | None
    credit: Amount | None
    balance: Amount


class Statement(BaseModel):
    """What became of an account's balance in a period; above nothing it is the customer's."""

    account_id: UUID
    party: dict[str, Any]
    first: date
    last: date
    opening: Amount
    movements: list[StatementRow]
    charges: Amount
    credits: Amount
    closing: Amount


class StatementWish(Wish):
    """A statement to be written as a PDF."""

    account_id: UUID
    first: date
    last: date


class StatementAskedFor(BaseModel):
    """A statement that is being written, or is ready to be downloaded."""

    id: UUID
    ready: bool
