"""The one place where money that arrived enters the ledger."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from skypanel.identity.actions import audit
from skypanel.invoices.actions import apply_payment, lock_invoice
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceKind
from skypanel.ledger.actions import book, post
from skypanel.ledger.models import Transfer
from skypanel.payments.actions.credit import take_credit
from skypanel.payments.errors import TopUpFromWallet
from skypanel.payments.events import PaymentChanged, PaymentSettled
from skypanel.payments.models import Payment
from skypanel.payments.rules import GATEWAYS, PAYMENT_STATES, PaymentState, Taken
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
    """What is still to be paid of an invoice; nothing once it is not asked for any more."""
    return Money(invoice.due_minor, invoice.currency)


def amount_of(payment: Payment) -> Money:
    """What a payment's gateway is asked for."""
    return Money(payment.amount_minor, payment.currency)


async def settle_from_wallet(db: Db, payment: Payment, invoice: Invoice) -> None:
    """Pay with the account's own credit and money, all of it or nothing.

    Refuses `balance_too_low`, and `top_up_from_wallet`: money does not fill what it comes from.
    """
    if invoice.becomes == InvoiceKind.RECEIPT:
        raise TopUpFromWallet
    amount = amount_of(payment)
    payment.promotional_minor = (await _spend(db, payment, invoice, amount)).minor
    payment.wallet_minor = amount.minor
    await _settled(db, payment, amount)


async def settle_money(
    db: Db, payment: Payment, invoice: Invoice, *, taken: Money, key: str, reason: str
) -> bool:
    """Book money that a gateway took: to the invoice what is due there, the rest to the wallet.

    When the wallet was to add its part it does so now, in the same transfer: if it no longer can,
    the invoice stays open over what is missing. False when the key was booked before.
    """
    if await db.scalar(select(Transfer.id).where(Transfer.key == key)) is not None:
        return False
    to_invoice = Money(min(taken.minor, due(invoice).minor), taken.currency)
    wanted = min(payment.wallet_minor, due(invoice).minor - to_invoice.minor)
    promotional, from_wallet = await _available(db, payment, Money(wanted, payment.currency))
    receivable = await book(db, "receivable", payment.currency, payment.account_id)
    wallet = await book(db, "wallet", payment.currency, payment.account_id)
    clearing = await book(db, GATEWAYS[payment.gateway], payment.currency)
    entries = [
        (clearing.id, -taken),
        (receivable.id, to_invoice + promotional + from_wallet),
        (wallet.id, taken - to_invoice - from_wallet),
    ]
    if promotional:
        credit = await book(db, "promotional", payment.currency, payment.account_id)
        entries.append((credit.id, -promotional))
    posted = await post(
        db,
        key=key,
        reason=reason,
        entries=entries,
        account_id=payment.account_id,
        subject_kind="payment",
        subject_id=payment.id,
    )
    if posted is None:  # booked between our look and our post: look again
        raise RuntimeError(f"{key} was booked by somebody else at this moment")
    payment.taken_minor = taken.minor
    payment.to_wallet_minor = taken.minor - to_invoice.minor
    payment.promotional_minor = promotional.minor
    missing = payment.wallet_minor - promotional.minor - from_wallet.minor
    payment.wallet_minor = promotional.minor + from_wallet.minor
    payment.message = _message(payment, to_invoice, Money(max(missing, 0), payment.currency))
    await _settled(db, payment, to_invoice + promotional + from_wallet)
    return True


def _message(payment: Payment, to_invoice: Money, missing: Money) -> str | None:
    over = Money(payment.to_wallet_minor, payment.currency)
    if over and to_invoice:
        return f"{over} was more than was due; it is in the wallet."
    if over:
        return "The invoice was settled; the money is in the wallet."
    if missing:
        return f"The wallet held {missing} less than when you began; that is still to be paid."
    return None


async def _available(db: Db, payment: Payment, wanted: Money) -> tuple[Money, Money]:
    """Of the wallet's wanted part, what it has: promotional credit (taken) and money (locked)."""
    if not wanted:
        return wanted, wanted
    promotional = await take_credit(db, payment.account_id, wanted)
    wallet = await book(db, "wallet", payment.currency, payment.account_id)
    await db.refresh(wallet, with_for_update=True)
    rest = min(wanted.minor - promotional.minor, max(wallet.balance_minor, 0))
    return promotional, Money(rest, wanted.currency)


async def _spend(db: Db, payment: Payment, invoice: Invoice, amount: Money) -> Money:
    """Take `amount` from promotional credit, then the wallet; how much was promotional."""
    promotional = await take_credit(db, payment.account_id, amount)
    await _post_spent(db, payment, invoice, promotional, amount - promotional)
    return promotional


async def _post_spent(
    db: Db, payment: Payment, invoice: Invoice, promotional: Money, from_wallet: Money
) -> None:
    account_id, currency = payment.account_id, payment.currency
    wallet = await book(db, "wallet", currency, account_id)
    receivable = await book(db, "receivable", currency, account_id)
    entries = [(wallet.id, -from_wallet), (receivable.id, promotional + from_wallet)]
    if promotional:
        credit = await book(db, "promotional", currency, account_id)
        entries.append((credit.id, -promotional))
    await post(
        db,
        key=f"wallet:{payment.id}",
        reason=f"Paid {invoice.number} from the wallet",
        entries=entries,
        account_id=account_id,
        subject_kind="payment",
        subject_id=payment.id,
    )


async def settle_capture(db: Db, payment: Payment, invoice: Invoice, taken: Taken) -> None:
    """Book money that a gateway of the outside took.

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
    where = invoice.number if due(invoice) else "your wallet"
    payment.capture_ref = taken.ref
    booked = await settle_money(
        db,
        payment,
        invoice,
        taken=amount,
        key=f"paypal:{taken.ref}",
        reason=f"PayPal payment for {where}",
    )
    if not booked:
        payment.capture_ref = None
        await park(db, payment, "PayPal's capture is already booked for another payment.", None)
        return
    await post_fee(db, payment, taken)


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


async def _settled(db: Db, payment: Payment, applied: Money) -> None:
    advance(db, payment, PAYMENT_STATES, "settle")
    payment.settled_at = db.now
    payment.ask_at = None
    payment.approve_url = None
    await db.flush()
    if applied:
        await apply_payment(db, payment.invoice_id, applied, payment_id=payment.id)
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
