"""Starting and giving up a payment."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from skypanel.invoices.actions import lock_invoice
from skypanel.invoices.errors import InvoiceNotPayable
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import PAYABLE, InvoiceKind
from skypanel.payments.actions.gateways import BEGINS
from skypanel.payments.actions.settle import due, lock_payment
from skypanel.payments.actions.wallet import spendable
from skypanel.payments.errors import PaymentInProgress
from skypanel.payments.events import PaymentChanged
from skypanel.payments.models import Payment
from skypanel.payments.rules import (
    EXPIRES_AFTER,
    IN_FLIGHT,
    PAYMENT_STATES,
    UNSETTLED,
    PaymentState,
)
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance


async def start_payment(
    db: Db, invoice_id: UUID, gateway: str, *, use_wallet: bool = False, save_method: bool = False
) -> Payment:
    """Pay what is due on an invoice: goes on with a payment that waits, or begins one.

    With `use_wallet` promotional credit and wallet pay what they can: all of it, or their part
    when the gateway's part is certain. Publishes PaymentStarted (PayPal), TransferAwaited (bank)
    or PaymentSettled (wallet). Refuses `invoice_not_payable`, `payment_in_progress`,
    `balance_too_low`, `top_up_from_wallet`.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state not in PAYABLE:
        raise InvoiceNotPayable
    amount = due(invoice)
    from_wallet = Money.zero(amount.currency)
    if use_wallet and gateway != "wallet" and invoice.becomes != InvoiceKind.RECEIPT:
        from_wallet = await spendable(db, invoice.account_id, amount.currency)
        if amount <= from_wallet:
            gateway, from_wallet = "wallet", Money.zero(amount.currency)
    amount -= from_wallet
    resumed = await _resumable(db, invoice_id, gateway, amount, from_wallet, save_method)
    if resumed is not None:
        return resumed
    payment = await new_payment(db, invoice, gateway, amount)
    payment.wallet_minor = from_wallet.minor
    payment.save_method = save_method
    db.add(payment)
    await db.flush()
    await BEGINS[gateway].begin(db, payment, invoice)
    await db.flush()
    return payment


async def _resumable(
    db: Db, invoice_id: UUID, gateway: str, amount: Money, from_wallet: Money, save_method: bool
) -> Payment | None:
    """Give up other payments that wait; the one like this that can be gone on with."""
    resumed: Payment | None = None
    for other in await _waiting(db, invoice_id):
        same = (other.gateway, other.amount_minor, other.wallet_minor, other.save_method) == (
            gateway,
            amount.minor,
            from_wallet.minor,
            save_method,
        )
        if same and not _dead_end(other) and other.expires_at > db.now and resumed is None:
            resumed = other
        elif not _dead_end(other):
            _cancel(db, other, "Another way of paying was chosen.")
    return resumed


async def make_way(db: Db, invoice_id: UUID, why: str) -> None:
    """Give up the payments of an invoice that wait. Refuses `payment_in_progress`."""
    for other in await _waiting(db, invoice_id):
        if not _dead_end(other):
            _cancel(db, other, why)


async def _waiting(db: Db, invoice_id: UUID) -> list[Payment]:
    """Payments that bring no money yet; refuses when one is on its way."""
    found = await db.scalars(
        select(Payment)
        .where(Payment.invoice_id == invoice_id, Payment.state.in_(UNSETTLED))
        .order_by(Payment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    waiting = list(found)
    if any(
        each.state in IN_FLIGHT or (each.automatic and each.state == PaymentState.CREATING)
        for each in waiting
    ):
        raise PaymentInProgress
    return waiting


def _dead_end(payment: Payment) -> bool:
    return payment.state == PaymentState.DECLINED and payment.approve_url is None


async def new_payment(db: Db, invoice: Invoice, gateway: str, amount: Money) -> Payment:
    """The row of the next attempt to pay an invoice, not yet written."""
    attempts = await db.scalar(
        select(func.count()).select_from(Payment).where(Payment.invoice_id == invoice.id)
    )
    return Payment(
        id=new_id(),
        account_id=invoice.account_id,
        invoice_id=invoice.id,
        attempt=(attempts or 0) + 1,
        gateway=gateway,
        state=PaymentState.CREATING.value,
        amount_minor=amount.minor,
        currency=amount.currency,
        wallet_minor=0,
        promotional_minor=0,
        to_wallet_minor=0,
        refunded_minor=0,
        returned_minor=0,
        declines=0,
        automatic=False,
        save_method=False,
        created_at=db.now,
        expires_at=db.now + EXPIRES_AFTER,
    )


async def cancel_payment(db: Db, payment_id: UUID) -> Payment:
    """Give up a payment that was not approved. Refuses `verb_not_allowed` when money moves."""
    payment, _ = await lock_payment(db, payment_id)
    _cancel(db, payment, None)
    await db.flush()
    return payment


def _cancel(db: Db, payment: Payment, message: str | None) -> None:
    advance(db, payment, PAYMENT_STATES, "cancel", note=message)
    payment.message = message
    payment.ask_at = None
    db.publish(PaymentChanged(payment.id, payment.account_id))
