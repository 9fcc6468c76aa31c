"""What the gateway said, written down: each outcome moves the payment along its table once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import PAYABLE
from skypanel.payments.actions.charge import decline_charge
from skypanel.payments.actions.methods import keep_method
from skypanel.payments.actions.refund_follow import record_given
from skypanel.payments.actions.settle import (
    amount_of,
    due,
    lock_payment,
    park,
    post_fee,
    settle_capture,
)
from skypanel.payments.events import PaymentChanged
from skypanel.payments.models import Payment
from skypanel.payments.rules import (
    CANCELLABLE,
    PAYMENT_STATES,
    PaymentState,
    Reading,
    Taken,
    TakenState,
    ask_again_after,
    explain,
)
from skypanel.platform.db import Db
from skypanel.platform.money import Money
from skypanel.platform.states import advance, allowed

PAYER_MUST_RETURN = frozenset({"ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"})
DECLINED = frozenset({"INSTRUMENT_DECLINED", "PAYER_CANNOT_PAY", "TRANSACTION_REFUSED"})
APPROVE_URL_CHARACTERS_MAX = 2000


@dataclass(frozen=True, slots=True)
class OrderIntent:
    """What is to be asked of the gateway for one payment."""

    payment_id: UUID
    gateway_ref: str | None
    amount: Money
    invoice_number: str
    attempt: int
    gateway: str
    automatic: bool
    save: bool

    @property
    def invoice_ref(self) -> str:
        """Unique per attempt: PayPal refuses an invoice reference that was paid before."""
        return f"{self.invoice_number}-{self.attempt}"


async def order_intent(db: Db, payment_id: UUID) -> OrderIntent | None:
    """What to ask PayPal about a payment; nothing when there is nothing left to ask.

    Also sets when to ask again, so that a payment whose worker dies is not forgotten.
    """
    payment, invoice = await lock_payment(db, payment_id)
    if payment.gateway == "wallet":
        return None
    if payment.gateway == "paypal" and payment.gateway_ref is None and not payment.automatic:
        if payment.state != PaymentState.CREATING:
            return None
        if payment.expires_at <= db.now:
            _move(db, payment, "expire")
            return None
    if payment.gateway == "paypal":
        _ask_later(db, payment)
    return OrderIntent(
        payment.id,
        payment.gateway_ref,
        amount_of(payment),
        invoice.number,
        payment.attempt,
        payment.gateway,
        payment.automatic,
        payment.save_method,
    )


async def record_opened(db: Db, payment_id: UUID, ref: str, approve_url: str | None) -> None:
    """PayPal opened an order: the customer may approve it. Publishes PaymentChanged."""
    payment, _ = await lock_payment(db, payment_id)
    if payment.gateway_ref is not None:
        return
    payment.gateway_ref = ref
    if payment.state == PaymentState.CREATING:
        if approve_url is None or len(approve_url) > APPROVE_URL_CHARACTERS_MAX:
            await park(db, payment, "PayPal gave no address to approve the payment at.", None)
            return
        payment.approve_url = approve_url
        _move(db, payment, "await_approval")


async def begin_capture(db: Db, payment_id: UUID) -> str | None:
    """Announce that the money is about to be taken; the request id to do it with.

    Nothing when it must not be taken: settled, given up, or nothing is due on the invoice.
    """
    payment, invoice = await lock_payment(db, payment_id)
    if payment.state != PaymentState.CAPTURING:
        if "capture" not in allowed(PAYMENT_STATES, payment.state):
            return None
        if not _due_on(invoice, payment):
            _move(db, payment, "cancel", "The invoice is not open any more; nothing was taken.")
            return None
        _move(db, payment, "capture")
    tries = f":{payment.declines}" if payment.declines else ""
    return f"capture:{payment.id}{tries}"


def _due_on(invoice: Invoice, payment: Payment) -> bool:
    return invoice.state in PAYABLE and amount_of(payment) <= due(invoice)


async def record_reading(db: Db, payment_id: UUID, reading: Reading) -> None:
    """Write down how an order stands at PayPal; a completed capture settles the payment.

    Publishes PaymentSettled or PaymentChanged when anything changed.
    """
    payment, invoice = await lock_payment(db, payment_id)
    money = _telling(reading)
    if payment.state == PaymentState.SETTLED:
        if money is not None and money.ref == payment.capture_ref:
            await post_fee(db, payment, money)
        await _record_beside(db, payment, reading)
        return
    if money is None:
        await _record_no_money(db, payment, reading)
    elif money.state in (TakenState.COMPLETED, TakenState.REVERSED):
        # What was given back since was taken before: it is booked, then given back.
        await settle_capture(db, payment, invoice, money)
        await _record_beside(db, payment, reading)
    elif money.state == TakenState.PENDING:
        payment.capture_ref = money.ref
        said = explain(money.reason, "PayPal has the payment and is still checking it.")
        if payment.state != PaymentState.PENDING:
            _move(db, payment, "hold", said)
    else:
        _record_declined(db, payment, money)


def _record_declined(db: Db, payment: Payment, money: Taken) -> None:
    if payment.automatic:
        if "decline" in allowed(PAYMENT_STATES, payment.state):
            decline_charge(db, payment, money.reason or "INSTRUMENT_DECLINED")
        return
    payment.approve_url = None  # what was captured can't be approved anew
    if payment.state != PaymentState.DECLINED:
        verb = "decline" if "decline" in allowed(PAYMENT_STATES, payment.state) else "fail"
        if verb in allowed(PAYMENT_STATES, payment.state):
            _move(db, payment, verb, explain(money.reason, "PayPal declined the payment."))


async def _record_beside(db: Db, payment: Payment, reading: Reading) -> None:
    """What an order tells beside its capture: what was given back, what was saved."""
    if payment.state != PaymentState.SETTLED:
        return
    for given in reading.given:
        await record_given(db, payment.id, given)
    if reading.saved is not None:
        await keep_method(db, payment, reading.saved)


def _telling(reading: Reading) -> Taken | None:
    """Of an order's captures, the one that says most: money before promises before refusals."""
    ranks = list(TakenState)
    return min(reading.taken, key=lambda each: ranks.index(each.state), default=None)


async def _record_no_money(db: Db, payment: Payment, reading: Reading) -> None:
    state = payment.state
    late = payment.expires_at <= db.now
    if state == PaymentState.CAPTURING:
        if reading.gone:
            await park(db, payment, "PayPal no longer knows this order.", None)
        elif payment.automatic:
            decline_charge(db, payment, "PAYER_ACTION_REQUIRED")
        elif not reading.approved:
            _move(db, payment, "await_approval")
    elif state in CANCELLABLE and (reading.gone or (late and not reading.approved)):
        _move(db, payment, "expire", "It was not approved in time. Nothing was taken.")


async def record_refusal(db: Db, payment_id: UUID, code: str, said: str) -> None:
    """PayPal refused to open or to capture: nothing was taken. Publishes PaymentChanged."""
    payment, _ = await lock_payment(db, payment_id)
    if payment.state not in (PaymentState.CREATING, PaymentState.CAPTURING):
        return
    if code in PAYER_MUST_RETURN and payment.state == PaymentState.CAPTURING:
        _move(db, payment, "await_approval")
    elif code in DECLINED and payment.state == PaymentState.CAPTURING:
        payment.declines += 1
        _move(db, payment, "decline", explain("INSTRUMENT_DECLINED", ""))
    else:
        await park(db, payment, f"PayPal refused: {said}"[:400], None)


def _move(db: Db, payment: Payment, verb: str, message: str | None = None) -> None:
    advance(db, payment, PAYMENT_STATES, verb, note=message)
    payment.message = message
    _ask_later(db, payment)
    db.publish(PaymentChanged(payment.id, payment.account_id))


def _ask_later(db: Db, payment: Payment) -> None:
    moving = payment.state in CANCELLABLE or payment.state in ("capturing", "pending")
    dead_end = payment.state == PaymentState.DECLINED and payment.approve_url is None
    pause = ask_again_after(db.now - payment.created_at, payment.state)
    payment.ask_at = db.now + pause if moving and not dead_end else None
