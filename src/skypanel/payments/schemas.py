"""What the payments' API takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from skypanel.invoices.schemas import InvoiceStateName, InvoiceWhole
from skypanel.ledger.schemas import Amount
from skypanel.platform.http.fields import Reason

PaymentStateName = Literal[
    "creating",
    "awaiting_approval",
    "awaiting_transfer",
    "capturing",
    "pending",
    "settled",
    "declined",
    "failed",
    "expired",
    "cancelled",
]


GatewayName = Literal["paypal", "bank", "wallet"]


class PaymentWish(BaseModel):
    """Which invoice to pay, and how.

    `use_wallet` lets credit and wallet pay what they can, the gateway the rest; `save_method` is
    the payer's consent to be charged later.
    """

    model_config = ConfigDict(extra="forbid")
    invoice_id: UUID
    gateway: GatewayName
    use_wallet: bool = False
    save_method: bool = False


class PaymentShown(BaseModel):
    """One attempt to pay an invoice."""

    id: UUID
    account_id: UUID
    invoice_id: UUID
    gateway: GatewayName
    state: PaymentStateName
    amount: Amount
    approve_url: str | None
    gateway_ref: str | None
    capture_ref: str | None
    message: str | None
    created_at: datetime
    settled_at: datetime | None
    from_wallet: Amount
    from_credit: Amount
    refunded: Amount
    automatic: bool
    reference: str | None
    expires_at: datetime | None
    can: list[str]


class StaffPayment(PaymentShown):
    account_name: str
    invoice_number: str
    attention: str | None
    fee: Amount | None
    taken: Amount | None
    to_wallet: Amount
    refundable: Amount
    received_on: date | None
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


class WalletStanding(BaseModel):
    """What lies in the wallet, what promotional credit adds, and both together."""

    balance: Amount
    promotional: Amount
    spendable: Amount


class WaysToPay(BaseModel):
    """What an invoice can be paid with; no wallet when the invoice fills the wallet."""

    due: Amount
    wallet: WalletStanding | None
    paypal: bool
    bank: bool
    saves_methods: bool
    consent: str


class TransferInstructions(BaseModel):
    payment_id: UUID
    amount: Amount
    reference: str
    holder: str
    iban: str
    bic: str
    bank_name: str
    expires_at: datetime | None


class TransferReceived(BaseModel):
    """What staff saw on the bank statement, in minor units of the payment's currency."""

    model_config = ConfigDict(extra="forbid")
    amount_minor: int = Field(gt=0)
    received_on: date
    note: str = Field(default="", max_length=400)


class PaymentReason(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: Reason


class PaymentRefundWish(BaseModel):
    """How much goes back, where to and why."""

    model_config = ConfigDict(extra="forbid")
    amount_minor: int = Field(gt=0)
    destination: Literal["payment", "wallet"]
    reason: Reason


class RefundShown(BaseModel):
    """Money that goes back; `ours` is false when it was made at PayPal."""

    id: UUID
    destination: Literal["payment", "wallet"]
    state: Literal["asked", "pending", "done", "failed"]
    amount: Amount
    reason: str
    ours: bool
    reversal: bool
    refund_ref: str | None
    credit_note_id: UUID | None
    message: str | None
    created_at: datetime
    done_at: datetime | None


class RefundList(BaseModel):
    items: list[RefundShown]
    next: str | None


class LedgerEffect(BaseModel):
    """What one book would gain (positive) or lose."""

    book: str
    amount: Amount


class RefundPreview(BaseModel):
    """What a refund would do, reckoned by the code that does it."""

    amount: Amount
    refundable: Amount
    refundable_at_gateway: Amount
    credited: Amount
    from_wallet: Amount
    effects: list[LedgerEffect]


class SavedMethodShown(BaseModel):
    """A payment method kept with the payer's consent."""

    id: UUID
    account_id: UUID
    gateway: GatewayName
    label: str
    preferred: bool
    consent: str
    created_at: datetime
    last_used_at: datetime | None
    can: list[str]


class SavedMethodList(BaseModel):
    items: list[SavedMethodShown]
    next: str | None


class CreditShown(BaseModel):
    """Promotional credit; `good` while it can still be spent."""

    id: UUID
    amount: Amount
    left: Amount
    expired: Amount
    reason: str
    expires_on: date | None
    created_at: datetime
    good: bool


class CreditList(BaseModel):
    items: list[CreditShown]
    next: str | None


class CreditGrant(BaseModel):
    """Credit that pays invoices and never becomes money."""

    model_config = ConfigDict(extra="forbid")
    amount_minor: int = Field(gt=0, le=100_000_000)
    reason: Reason
    expires_on: date | None = None


class AutoTopUpShown(BaseModel):
    enabled: bool
    threshold: Amount
    amount: Amount
    month_max: Amount
    message: str | None


class AutoTopUpAnswer(BaseModel):
    settings: AutoTopUpShown | None
    currency: str


class AutoTopUpWish(BaseModel):
    """Below the threshold the saved method fills the wallet, within a month's bound."""

    model_config = ConfigDict(extra="forbid")
    account_id: UUID
    enabled: bool
    threshold_minor: int = Field(gt=0)
    amount_minor: int = Field(gt=0)
    month_max_minor: int = Field(gt=0)


class DisputeShown(BaseModel):
    """A payment that its payer contests; `held` is what PayPal keeps from us."""

    id: UUID
    account_id: UUID
    account_name: str
    payment_id: UUID
    dispute_ref: str
    state: Literal["open", "won", "lost"]
    amount: Amount
    held: Amount
    reason: str
    stage: str
    gateway_status: str
    outcome: str | None
    answer_until: datetime | None
    opened_at: datetime
    resolved_at: datetime | None


class DisputeList(BaseModel):
    items: list[DisputeShown]
    next: str | None


class DisputeNoteShown(BaseModel):
    id: UUID
    author: str
    text: str
    created_at: datetime


class DisputeWhole(DisputeShown):
    notes: list[DisputeNoteShown]


class DisputeNoteWish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class SubscriptionWish(BaseModel):
    """Which service PayPal is to charge for by itself."""

    model_config = ConfigDict(extra="forbid")
    service_id: UUID


class SubscriptionShown(BaseModel):
    """A standing agreement at PayPal; `wish` is what was asked for and is not so yet."""

    id: UUID
    account_id: UUID
    service_id: UUID
    name: str
    state: Literal[
        "creating", "awaiting_approval", "active", "suspended", "cancelled", "expired", "failed"
    ]
    amount: Amount
    months: int
    approve_url: str | None
    wish: str | None
    message: str | None
    next_bill_at: datetime | None
    can: list[str]


class SubscriptionList(BaseModel):
    items: list[SubscriptionShown]
    next: str | None


class UnmatchedTransactionShown(BaseModel):
    """A movement in PayPal's report that our books do not know."""

    id: UUID
    transaction_ref: str
    related_ref: str | None
    event_code: str
    amount: Amount
    invoice_ref: str | None
    custom_id: str | None
    happened_at: datetime
    state: Literal["open", "matched", "dismissed"]
    note: str | None
    can: list[str]


class UnmatchedList(BaseModel):
    items: list[UnmatchedTransactionShown]
    next: str | None
