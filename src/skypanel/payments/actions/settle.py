"""The one place where money that arrived enters the ledger."""

from __future__ import annotations

from uuid import UUID

from skypanel.identity.actions import audit
from skypanel.invoices.actions import apply_payment, lock_invoice
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import PAYABLE
from skypanel.ledger.actions import book, post
from skypanel.payments.events import PaymentChanged, PaymentSettled
from skypanel.payments.models import Payment
from skypanel.payments.rules import PAYMENT_STATES, PaymentState, Taken
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.money import Money
from skypanel.platform.states import advance


async def lock_payment(db: Db, payment_id: UUID) -> tuple[Payment, Invoice]:
    """A payment and its invoice as they stand now; everybody locks the invoice first."""
    seen = await db.get(Payment, payment_id)
    if seen is None:
        raise NotFound
    invoice = await lock_invoice(db, seen.invoice_id)
    payment = await db.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)
    return payment, invoice


def due(invoice: Invoice) -> Money:
    """What is still to be paid of an invoice."""
    return Money(invoice.due_minor, invoice.currency)


def amount_of(payment: Payment) -> Money:
    """What a payment is over."""
    return Money(payment.amount_minor, payment.currency)


async def settle_from_wallet(db: Db, payment: Payment, invoice: Invoice) -> None:
    """Pay with money that lies in the wallet. Refuses `balance_too_low`."""
    amount = amount_of(payment)
    wallet = await book(db, "wallet", payment.currency, payment.account_id)
    receivable = await book(db, "receivable", payment.currency, payment.account_id)
    await post(
        db,
        key=f"wallet:{payment.id}",
        reason=f"Paid {invoice.number} from the wallet",
        entries=[(wallet.id, -amount), (receivable.id, amount)],
        account_id=payment.account_id,
        subject_kind="payment",
        subject_id=payment.id,
    )
    await _settled(db, payment, to_invoice=True)


async def settle_capture(db: Db, payment: Payment, invoice: Invoice, taken: Taken) -> None:
    """Book money that PayPal took: to the invoice, or to the wallet when nothing is due there.

    One ledger key per capture, whatever told us of it. A capture of another amount or currency,
    or written for another payment, never settles: staff look at it.
    """
    amount = amount_of(payment)
    if taken.amount != amount:
        await park(db, payment, f"PayPal took {taken.amount} instead of {amount}.", taken)
        return
    if taken.payment_ref not in (None, str(payment.id)):
        await park(db, payment, "PayPal's capture names another payment.", taken)
        return
    to_invoice = invoice.state in PAYABLE and amount <= due(invoice)
    kind = "receivable" if to_invoice else "wallet"
    credited = await book(db, kind, payment.currency, payment.account_id)
    clearing = await book(db, "paypal_clearing", payment.currency)
    where = invoice.number if to_invoice else "your wallet"
    posted = await post(
        db,
        key=f"paypal:{taken.ref}",
        reason=f"PayPal payment for {where}",
        entries=[(clearing.id, -amount), (credited.id, amount)],
        account_id=payment.account_id,
        subject_kind="payment",
        subject_id=payment.id,
    )
    if posted is None:
        await park(db, payment, "PayPal's capture is already booked for another payment.", None)
        return
    payment.capture_ref = taken.ref
    payment.credited_to_wallet = not to_invoice
    payment.message = None if to_invoice else "The invoice was settled; the money is in the wallet."
    await post_fee(db, payment, taken)
    await _settled(db, payment, to_invoice=to_invoice)


async def post_fee(db: Db, payment: Payment, taken: Taken) -> None:
    """Book PayPal's fee, once, when it is known and in the payment's currency."""
    fee = taken.fee
    if fee is None or not fee or fee.currency != payment.currency or payment.fee_minor is not None:
        return
    clearing = await book(db, "paypal_clearing", payment.currency)
    fees = await book(db, "paypal_fees", payment.currency)
    await post(
        db,
        key=f"paypal-fee:{taken.ref}",
        reason="PayPal's fee",
        entries=[(clearing.id, fee), (fees.id, -fee)],
        subject_kind="payment",
        subject_id=payment.id,
    )
    payment.fee_minor = fee.minor


async def _settled(db: Db, payment: Payment, *, to_invoice: bool) -> None:
    advance(db, payment, PAYMENT_STATES, "settle")
    payment.settled_at = db.now
    payment.ask_at = None
    payment.approve_url = None
    await db.flush()
    if to_invoice:
        await apply_payment(db, payment.invoice_id, amount_of(payment), payment_id=payment.id)
    db.publish(PaymentSettled(payment.id, payment.invoice_id, payment.account_id))


async def park(db: Db, payment: Payment, attention: str, taken: Taken | None) -> None:
    """Set a payment aside for staff, with the reason in the audit; nothing is booked."""
    if payment.state == PaymentState.FAILED and payment.attention == attention:
        return
    if payment.state not in (PaymentState.FAILED, PaymentState.SETTLED):
        advance(db, payment, PAYMENT_STATES, "fail", note=attention)
    payment.attention = attention
    payment.message = "Something about this payment needs a look by our staff."
    payment.ask_at = None
    if taken is not None:
        payment.capture_ref = taken.ref
    audit(
        db,
        "payment.park",
        "payment",
        payment.id,
        account_id=payment.account_id,
        reason=attention,
        capture_ref=taken.ref if taken else None,
    )
    db.publish(PaymentChanged(payment.id, payment.account_id))
