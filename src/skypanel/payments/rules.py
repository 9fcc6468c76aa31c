"""The states of a payment, and what a gateway's word means for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from skypanel.platform.money import Money
from skypanel.platform.states import Table


class PaymentState(StrEnum):
    """How far the money has come."""

    CREATING = "creating"
    AWAITING_APPROVAL = "awaiting_approval"
    CAPTURING = "capturing"
    PENDING = "pending"
    SETTLED = "settled"
    DECLINED = "declined"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


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
        "cancel": "cancelled",
        "expire": "expired",
        "fail": "failed",
        "settle": "settled",
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
    {PaymentState.CREATING, PaymentState.AWAITING_APPROVAL, PaymentState.DECLINED}
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


@dataclass(frozen=True, slots=True)
class Reading:
    """What the gateway said about a payment when it was asked."""

    ref: str
    approved: bool
    taken: tuple[Taken, ...] = ()
    gone: bool = False  # the gateway knows no such order any more


REASONS = {
    "ECHECK": "PayPal waits for the bank transfer behind this payment.",
    "PENDING_REVIEW": "PayPal is reviewing this payment.",
    "INSTRUMENT_DECLINED": "PayPal declined this way of paying. Choose another one at PayPal.",
}


def explain(reason: str | None, otherwise: str) -> str:
    """A gateway's reason as a sentence for the customer."""
    return REASONS.get(reason or "", otherwise)
