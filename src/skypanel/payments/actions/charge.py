"""Charging a saved method of a payer who is not there, and collecting what falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from skypanel.invoices.actions import lock_invoice
from skypanel.invoices.errors import InvoiceNotPayable
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import PAYABLE, InvoiceKind
from skypanel.payments.actions.gateways.checkout import FIRST_LOOK_AFTER
from skypanel.payments.actions.methods import lose_method, preferred_method
from skypanel.payments.actions.settle import amount_of, due, lock_payment, park
from skypanel.payments.actions.start import make_way, new_payment, start_payment
from skypanel.payments.actions.wallet import spendable
from skypanel.payments.errors import NoSavedMethod, PaymentInProgress
from skypanel.payments.events import ChargeAsked, ChargeDeclined, PaymentChanged
from skypanel.payments.models import Payment, SavedMethod
from skypanel.payments.rules import (
    HARD_DECLINES,
    PAYMENT_STATES,
    SOFT_DECLINES,
    UNSETTLED,
    PaymentState,
    explain,
)
from skypanel.platform.db import Db
from skypanel.platform.money import Money
from skypanel.platform.states import advance

# PayPal keeps a request id for six hours: until then the same question has the same answer.
REPEAT_WITHIN = timedelta(hours=5)
# Nobody knows whether it went through: nothing else is charged until PayPal's report has told.
UNKNOWN = "UNKNOWN"
TOLD_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChargeIntent:
    """What is to be asked of the gateway for one charge."""

    payment_id: UUID
    gateway: str
    method_ref: str
    request_id: str
    amount: Money
    invoice_number: str
    invoice_ref: str


class Collected(StrEnum):
    """What collecting an invoice came to."""

    PAID = "paid"  # nothing is due any more
    CHARGING = "charging"  # the saved method is being charged: PaymentSettled or ChargeDeclined
    UNDER_WAY = "under_way"  # another payment of this invoice is on its way
    SHORT = "short"  # credit and wallet are not enough and there is no saved method


async def collect(db: Db, invoice_id: UUID) -> Collected:
    """Take what is due without the customer: promotional credit, wallet, saved method.

    What credit and wallet hold is taken at once when it is enough; when it is not, their part is
    taken together with the charge, or not at all. Nothing is taken when the whole can't be.
    """
    invoice = await lock_invoice(db, invoice_id)
    amount = due(invoice)
    if not amount:
        return Collected.PAID
    from_wallet = Money.zero(amount.currency)
    if invoice.becomes != InvoiceKind.RECEIPT:
        from_wallet = await spendable(db, invoice.account_id, amount.currency)
    try:
        if amount <= from_wallet:
            await start_payment(db, invoice_id, "wallet")
            return Collected.PAID
        await charge_saved_method(db, invoice_id, from_wallet=from_wallet)
    except PaymentInProgress:
        return Collected.UNDER_WAY
    except NoSavedMethod:
        return Collected.SHORT
    return Collected.CHARGING


async def charge_saved_method(
    db: Db, invoice_id: UUID, *, from_wallet: Money | None = None
) -> Payment:
    """Charge the account's preferred method for what is due less `from_wallet`.

    The row is the intent; a job asks. Publishes ChargeAsked. Refuses `invoice_not_payable`,
    `no_saved_method`, and `payment_in_progress` while any other payment may still bring money.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state not in PAYABLE or not due(invoice):
        raise InvoiceNotPayable
    method = await preferred_method(db, invoice.account_id)
    if method is None:
        raise NoSavedMethod
    await _refuse_awaited(db, invoice)
    amount = due(invoice)
    if from_wallet:
        amount -= from_wallet
    await make_way(db, invoice_id, "The saved method is charged instead.")
    payment = await new_payment(db, invoice, method.gateway, amount)
    payment.wallet_minor = from_wallet.minor if from_wallet else 0
    payment.method_id, payment.automatic = method.id, True
    payment.ask_at = db.now + FIRST_LOOK_AFTER
    db.add(payment)
    await db.flush()
    db.publish(ChargeAsked(payment.id, payment.account_id))
    return payment


async def _refuse_awaited(db: Db, invoice: Invoice) -> None:
    """A transfer may be on its way, another charge may not have been asked for yet."""
    waiting = await db.scalar(
        select(Payment.id)
        .where(Payment.invoice_id == invoice.id)
        .where(Payment.state.in_((*UNSETTLED, PaymentState.FAILED.value)))
        .where(
            (Payment.state == PaymentState.AWAITING_TRANSFER.value)
            | (Payment.automatic & (Payment.state == PaymentState.CREATING.value))
            | (Payment.decline_code == UNKNOWN)
        )
        .limit(1)
    )
    if waiting is not None:
        raise PaymentInProgress


async def charge_intent(db: Db, payment_id: UUID) -> ChargeIntent | None:
    """Announce a charge that is about to be asked for; what to ask, or nothing any more.

    The same intent answers again while the gateway keeps its request id; later nobody may repeat
    it, and staff look.
    """
    payment, invoice = await lock_payment(db, payment_id)
    if not payment.automatic or payment.gateway_ref is not None:
        return None
    if payment.state not in (PaymentState.CREATING, PaymentState.CAPTURING):
        return None
    method = await db.get(SavedMethod, payment.method_id)
    assert method is not None
    if payment.state == PaymentState.CREATING:
        if due(invoice) < amount_of(payment) or invoice.state not in PAYABLE:
            _give_up(db, payment, "The invoice is not open any more; nothing was taken.")
            return None
        if method.state != "active":
            _give_up(db, payment, "The saved method was removed; nothing was taken.")
            return None
        advance(db, payment, PAYMENT_STATES, "capture")
    elif db.now - payment.created_at > REPEAT_WITHIN:
        payment.decline_code = UNKNOWN
        await park(db, payment, "Nobody knows whether this charge went through.", None)
        return None
    payment.ask_at = db.now + FIRST_LOOK_AFTER
    return ChargeIntent(
        payment.id,
        payment.gateway,
        method.method_ref,
        f"charge:{payment.id}",
        amount_of(payment),
        invoice.number,
        f"{invoice.number}-{payment.attempt}",
    )


def _give_up(db: Db, payment: Payment, said: str) -> None:
    advance(db, payment, PAYMENT_STATES, "cancel", note=said)
    payment.message, payment.ask_at = said, None
    db.publish(PaymentChanged(payment.id, payment.account_id))


async def give_up_unknown(db: Db) -> None:
    """Charges that nobody knew of and that PayPal's report does not know either took nothing."""
    found = await db.scalars(
        select(Payment)
        .where(
            Payment.decline_code == UNKNOWN,
            Payment.state == PaymentState.FAILED.value,
            Payment.created_at < db.now - TOLD_WITHIN,
        )
        .with_for_update(skip_locked=True)
    )
    for payment in found:
        payment.decline_code = "NOT_TAKEN"
        payment.attention, payment.message = None, "PayPal does not know it: nothing was taken."
        db.publish(PaymentChanged(payment.id, payment.account_id))


async def record_charge(db: Db, payment_id: UUID, gateway_ref: str) -> None:
    """The gateway made an order of our charge: from now on it can be asked about."""
    payment, _ = await lock_payment(db, payment_id)
    payment.gateway_ref = payment.gateway_ref or gateway_ref
    method = await db.get(SavedMethod, payment.method_id)
    if method is not None:
        method.last_used_at = db.now


async def record_decline(db: Db, payment_id: UUID, code: str, said: str) -> None:
    """The gateway would not charge: nothing was taken. Publishes ChargeDeclined."""
    payment, _ = await lock_payment(db, payment_id)
    if payment.state != PaymentState.CAPTURING:
        return
    if code not in SOFT_DECLINES and code not in HARD_DECLINES:
        await park(db, payment, f"PayPal refused: {code} {said}"[:400], None)
        return
    decline_charge(db, payment, code)
    if code in HARD_DECLINES and payment.method_id is not None:
        method = await db.get_one(SavedMethod, payment.method_id)
        await lose_method(db, method.gateway, method.method_ref)


def decline_charge(db: Db, payment: Payment, code: str) -> None:
    """A dead end: nobody is there to approve it anew."""
    advance(db, payment, PAYMENT_STATES, "decline", note=code)
    payment.declines += 1
    payment.decline_code = code[:80]
    payment.ask_at, payment.approve_url = None, None
    payment.message = explain(code, "PayPal declined the payment.")
    final = code in HARD_DECLINES
    db.publish(ChargeDeclined(payment.id, payment.invoice_id, payment.account_id, final))
    db.publish(PaymentChanged(payment.id, payment.account_id))
