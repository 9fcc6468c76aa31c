"""The states of a payment, and what a gateway's word means for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from skypanel.platform.money import Money
from skypanel.platform.settings import Section
from skypanel.platform.states import Table


class PaymentState(StrEnum):
    """How far the money has come."""

    CREATING = "creating"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_TRANSFER = "awaiting_transfer"
    CAPTURING = "capturing"
    PENDING = "pending"
    SETTLED = "settled"
    DECLINED = "declined"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


# Every way to pay, and where its money lies until it reaches the bank. A gateway of the outside
# also has an adapter in `jobs/gateways/`.
GATEWAYS = {"paypal": "paypal_clearing", "bank": "bank_clearing", "wallet": "wallet"}
METHOD_STATES: Table = {
    "active": {"remove": "removed", "lose": "lost"},
    "removed": {"lose": "lost"},
    "lost": {},
}
REFUND_STATES: Table = {
    "asked": {"hold": "pending", "complete": "done", "fail": "failed"},
    "pending": {"complete": "done", "fail": "failed"},
    "failed": {"hold": "pending", "complete": "done"},
    "done": {},
}
DISPUTE_STATES: Table = {
    "open": {"win": "won", "lose": "lost"},
    "won": {"reopen": "open", "lose": "lost"},
    "lost": {"reopen": "open", "win": "won"},
}
_SUBSCRIPTION_ENDS = {"cancel": "cancelled", "expire": "expired"}
SUBSCRIPTION_STATES: Table = {
    "creating": {"await_approval": "awaiting_approval", "fail": "failed"},
    "awaiting_approval": {"activate": "active", **_SUBSCRIPTION_ENDS},
    "active": {"suspend": "suspended", **_SUBSCRIPTION_ENDS},
    "suspended": {"activate": "active", **_SUBSCRIPTION_ENDS},
    "cancelled": {},
    "expired": {},
    "failed": {},
}
TRANSACTION_STATES: Table = {
    "open": {"match": "matched", "dismiss": "dismissed"},
    "matched": {},
    "dismissed": {"match": "matched"},
}
# Money that PayPal did take is money, however the payment stood when we learn of it.
_LATE_MONEY = {"settle": "settled", "hold": "pending", "fail": "failed"}
WEBHOOK_STATES: Table = {
    "waiting": {"close": "done", "park": "parked"},
    "done": {"close": "done", "park": "parked"},
    "parked": {"close": "done", "park": "parked"},
}
PAYMENT_STATES: Table = {
    "creating": {
        "await_approval": "awaiting_approval",
        "await_transfer": "awaiting_transfer",
        "capture": "capturing",
        "cancel": "cancelled",
        "expire": "expired",
        "fail": "failed",
        "settle": "settled",
    },
    "awaiting_transfer": {
        "settle": "settled",
        "reject": "cancelled",
        "cancel": "cancelled",
        "expire": "expired",
    },
    "awaiting_approval": {
        "capture": "capturing",
        "cancel": "cancelled",
        "expire": "expired",
        "decline": "declined",
        **_LATE_MONEY,
    },
    "capturing": {"await_approval": "awaiting_approval", "decline": "declined", **_LATE_MONEY},
    "pending": {"decline": "declined", "settle": "settled", "fail": "failed"},
    "declined": {
        "capture": "capturing",
        "cancel": "cancelled",
        "expire": "expired",
        **_LATE_MONEY,
    },
    "failed": {"settle": "settled", "hold": "pending"},
    "expired": _LATE_MONEY,
    "cancelled": _LATE_MONEY,
    "settled": {},
}
# Money may be on its way: nothing else may be started for the same invoice.
IN_FLIGHT = frozenset({PaymentState.CAPTURING, PaymentState.PENDING})
# The customer may go on with this very payment.
RESUMABLE = frozenset(
    {
        PaymentState.CREATING,
        PaymentState.AWAITING_APPROVAL,
        PaymentState.AWAITING_TRANSFER,
        PaymentState.DECLINED,
    }
)
UNSETTLED = IN_FLIGHT | RESUMABLE
# What a verification still waits for.
UNKNOWN_YET = frozenset(
    {PaymentState.CREATING, PaymentState.AWAITING_APPROVAL, PaymentState.CAPTURING}
)
EXPIRES_AFTER = timedelta(hours=3)
CANCELLABLE = RESUMABLE


def ask_again_after(age: timedelta, state: str) -> timedelta:
    """How long to wait before PayPal is asked again about a payment of this age."""
    if state == PaymentState.PENDING:
        return timedelta(minutes=10)
    return timedelta(minutes=1) if age < timedelta(minutes=20) else timedelta(minutes=5)


class TakenState(StrEnum):
    """How a capture stands, in our words."""

    COMPLETED = "completed"
    PENDING = "pending"
    DECLINED = "declined"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Taken:
    """Money the gateway took, or is taking."""

    ref: str
    state: TakenState
    amount: Money
    fee: Money | None = None
    reason: str | None = None
    payment_ref: str | None = None  # what we wrote on it: our payment's id


class GivenState(StrEnum):
    """How money that goes back stands, in our words."""

    COMPLETED = "completed"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Given:
    """Money the gateway gave back, or is giving back."""

    ref: str
    state: GivenState
    amount: Money | None
    reason: str | None = None
    refund_ref: str | None = None  # what we wrote on it: our refund's id
    reversal: bool = False  # taken from us, not given by us


@dataclass(frozen=True, slots=True)
class SavedAtGateway:
    """A way to pay that the payer let the gateway keep for us."""

    ref: str
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the gateway said about a payment when it was asked."""

    ref: str
    approved: bool
    taken: tuple[Taken, ...] = ()
    given: tuple[Given, ...] = ()
    saved: SavedAtGateway | None = None
    gone: bool = False  # the gateway knows no such order any more


# What the gateway answers when a payer who is not there cannot be charged. The hard ones will not
# change by trying again: the method is lost, and the customer is asked for another.
HARD_DECLINES = frozenset(
    {
        "VAULT_ID_NOT_FOUND",
        "TOKEN_ID_NOT_FOUND",
        "TOKEN_EXPIRED",
        "BILLING_AGREEMENT_NOT_FOUND",
        "AGREEMENT_ALREADY_CANCELLED",
        "PAYER_ACCOUNT_LOCKED_OR_CLOSED",
        "PAYER_ACCOUNT_RESTRICTED",
        "INVALID_PAYER_ID",
        "REFERENCE_TRANSACTION_NOT_ENABLED",
    }
)
SOFT_DECLINES = frozenset(
    {
        "INSTRUMENT_DECLINED",
        "PAYER_CANNOT_PAY",
        "TRANSACTION_REFUSED",
        "TRANSACTION_REFUSED_BY_ISSUER",
        "INSUFFICIENT_FUNDS",
        "TRANSACTION_LIMIT_EXCEEDED",
        "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED",
        "PAYER_ACTION_REQUIRED",
        "COMPLIANCE_VIOLATION",
    }
)
CONSENT = (
    "I agree that {seller} keeps my PayPal account on file and charges it without asking again for"
    " invoices of this account when they fall due, and for wallet top-ups that I set up. I can"
    " remove it at any time on the payment methods page or at PayPal."
)

REASONS = {
    "ECHECK": "PayPal waits for the bank transfer behind this payment.",
    "PENDING_REVIEW": "PayPal is reviewing this payment.",
    "INSTRUMENT_DECLINED": "PayPal declined this way of paying. Choose another one at PayPal.",
    "PAYER_CANNOT_PAY": "PayPal says that this account can't pay this.",
    "INSUFFICIENT_FUNDS": "There was not enough money behind this PayPal account.",
    "PAYER_ACTION_REQUIRED": "PayPal wants you to approve this payment yourself.",
    "VAULT_ID_NOT_FOUND": "PayPal no longer knows this saved method. Save it again.",
    "TOKEN_ID_NOT_FOUND": "PayPal no longer knows this saved method. Save it again.",
    "AGREEMENT_ALREADY_CANCELLED": "The agreement was cancelled at PayPal.",
    "PAYER_ACCOUNT_LOCKED_OR_CLOSED": "This PayPal account is locked or closed.",
    "PAYER_ACCOUNT_RESTRICTED": "This PayPal account is restricted.",
}


def explain(reason: str | None, otherwise: str) -> str:
    """A gateway's reason as a sentence for the customer."""
    return REASONS.get(reason or "", otherwise)


@dataclass(frozen=True, slots=True)
class Contested:
    """A dispute as the gateway tells it."""

    ref: str
    capture_ref: str | None
    payment_ref: str | None
    amount: Money
    reason: str
    stage: str
    status: str
    outcome: str | None
    answer_until: datetime | None

    @property
    def holds_money(self) -> bool:
        """An inquiry is a question; from a claim on the gateway holds the money."""
        return self.stage != "INQUIRY"

    @property
    def verdict(self) -> str | None:
        """How it ended: the verb of our table, or nothing yet."""
        if self.status != "RESOLVED":
            return None
        return "lose" if self.outcome in LOST_OUTCOMES else "win"


@dataclass(frozen=True, slots=True)
class SaleMade:
    """Money of a subscription as PayPal tells it."""

    ref: str
    subscription_ref: str
    amount: Money
    fee: Money | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A subscription as PayPal tells it; `verb` is the one of our table, if it stands elsewhere."""

    ref: str
    verb: str | None
    approve_url: str | None
    next_bill_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement of money in PayPal's own report."""

    ref: str
    related_ref: str | None
    event_code: str
    amount: Money
    invoice_ref: str | None
    custom_id: str | None
    at: datetime

    @property
    def came_in(self) -> bool:
        return self.event_code.startswith("T00")

    @property
    def went_back(self) -> bool:
        return self.event_code.startswith("T11")

    @property
    def was_taken(self) -> bool:
        """A reversal, not a refund of ours."""
        return self.event_code == "T1106"


LOST_OUTCOMES = frozenset({"RESOLVED_BUYER_FAVOUR", "ACCEPTED"})


class PaymentSettings(Section):
    """What may be paid with, and what follows when a payment is contested."""

    section: ClassVar[str] = "payments"
    title: ClassVar[str] = "Payments"
    bank_transfer: bool = True
    bank_transfer_days: int = 14
    save_methods: bool = True
    hold_while_disputed: bool = True
    subscriptions: bool = False


def transfer_reference(payment_id_int: int) -> str:
    """What a payer writes on a bank transfer: short, unmistakable, with a check letter.

    RF creditor reference (ISO 11649) over the random part of the payment's id.
    """
    body = _base36(payment_id_int & (2**62 - 1))[-12:].rjust(12, "0")
    digits = "".join(str(int(letter, 36)) for letter in f"{body}RF00")
    return f"RF{98 - int(digits) % 97:02d}{body}"


def _base36(number: int) -> str:
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    found = ""
    while number:
        number, rest = divmod(number, 36)
        found = letters[rest] + found
    return found


def usable(expires_on: date | None, today: date) -> bool:
    """Whether promotional credit is still good; its last day counts, in UTC."""
    return expires_on is None or expires_on >= today
