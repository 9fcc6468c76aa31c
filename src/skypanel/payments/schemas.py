"""What the payments' API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from skypanel.invoices.schemas import InvoiceStateName, InvoiceWhole
from skypanel.ledger.schemas import Amount

PaymentStateName = Literal[
    "creating",
    "awaiting_approval",
    "capturing",
    "pending",
    "settled",
    "declined",
    "failed",
    "expired",
    "cancelled",
]


class PaymentWish(BaseModel):
    """Which invoice to pay, and how."""

    model_config = ConfigDict(extra="forbid")
    invoice_id: UUID
    gateway: Literal["paypal", "wallet"]


class PaymentShown(BaseModel):
    """One attempt to pay an invoice."""

    id: UUID
    account_id: UUID
    invoice_id: UUID
    gateway: Literal["paypal", "wallet"]
    state: PaymentStateName
    amount: Amount
    approve_url: str | None
    gateway_ref: str | None
    capture_ref: str | None
    message: str | None
    created_at: datetime
    settled_at: datetime | None
    can: list[str]


class StaffPayment(PaymentShown):
    account_name: str
    invoice_number: str
    attention: str | None
    fee: Amount | None
    credited_to_wallet: bool


class StaffPaymentList(BaseModel):
    items: list[StaffPayment]
    next: str | None


class InvoiceStanding(BaseModel):
    id: UUID
    state: InvoiceStateName
    number: str


class Verification(BaseModel):
    """How a payment and its invoice stand now."""

    payment: PaymentShown
    invoice: InvoiceStanding


class InvoiceWithPayments(InvoiceWhole):
    payments: list[PaymentShown]


class StaffInvoice(InvoiceWithPayments):
    account_name: str
