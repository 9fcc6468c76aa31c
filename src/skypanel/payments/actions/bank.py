"""What staff saw on the bank statement."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from skypanel.identity.actions import audit
from skypanel.invoices.models import Invoice
from skypanel.payments.actions.settle import lock_payment, settle_money
from skypanel.payments.errors import AmountNotPositive, CurrencyDiffers, ReceivedInFuture
from skypanel.payments.events import PaymentChanged
from skypanel.payments.models import Payment
from skypanel.payments.rules import PAYMENT_STATES, PaymentState
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound, VerbNotAllowed
from skypanel.platform.money import Money
from skypanel.platform.states import advance, allowed


async def confirm_transfer(
    db: Db, payment_id: UUID, amount: Money, received_on: date, note: str = ""
) -> Payment:
    """Money came by bank transfer: the invoice gets what is due, the wallet what is more.

    Less than was asked leaves the invoice open over the rest. Money that comes after the payment
    was given up is booked all the same. Publishes PaymentSettled.
    """
    payment, invoice = await _transfer(db, payment_id)
    if "settle" not in allowed(PAYMENT_STATES, payment.state):
        raise VerbNotAllowed("This transfer was confirmed before.")
    if amount.currency != payment.currency:
        raise CurrencyDiffers
    if amount.minor <= 0:
        raise AmountNotPositive
    if received_on > db.now.date():
        raise ReceivedInFuture
    payment.received_on = received_on
    await settle_money(
        db,
        payment,
        invoice,
        taken=amount,
        key=f"bank:{payment.id}",
        reason=f"Bank transfer {payment.reference}",
    )
    audit(
        db,
        "payment.confirm_transfer",
        "payment",
        payment.id,
        account_id=payment.account_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        received_on=received_on.isoformat(),
        note=note,
    )
    return payment


async def reject_transfer(db: Db, payment_id: UUID, reason: str) -> Payment:
    """The transfer did not come, or was sent back. Publishes PaymentChanged."""
    payment, _ = await _transfer(db, payment_id)
    advance(db, payment, PAYMENT_STATES, "reject", note=reason)
    payment.message = reason[:400]
    payment.ask_at = None
    audit(
        db,
        "payment.reject_transfer",
        "payment",
        payment.id,
        account_id=payment.account_id,
        reason=reason,
    )
    db.publish(PaymentChanged(payment.id, payment.account_id))
    return payment


async def expire_transfer(db: Db, payment_id: UUID) -> None:
    """Nobody saw the money in all that time; if it still comes it can be confirmed."""
    payment, _ = await lock_payment(db, payment_id)
    if payment.state == PaymentState.AWAITING_TRANSFER and payment.expires_at <= db.now:
        advance(db, payment, PAYMENT_STATES, "expire")
        payment.message = "No transfer came in time."
        payment.ask_at = None
        db.publish(PaymentChanged(payment.id, payment.account_id))


async def _transfer(db: Db, payment_id: UUID) -> tuple[Payment, Invoice]:
    payment, invoice = await lock_payment(db, payment_id)
    if payment.gateway != "bank":
        raise NotFound
    return payment, invoice
