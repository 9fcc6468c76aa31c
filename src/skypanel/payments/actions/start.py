"""Starting and giving up a payment."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select

from skypanel.invoices.actions import lock_invoice
from skypanel.invoices.errors import InvoiceNotPayable
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import PAYABLE
from skypanel.payments.actions.settle import due, lock_payment, settle_from_wallet
from skypanel.payments.errors import PaymentInProgress
from skypanel.payments.events import PaymentChanged, PaymentStarted
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
from skypanel.platform.states import advance

FIRST_LOOK_AFTER = timedelta(minutes=1)


class Gateway(Protocol):
    """A way to pay."""

    async def begin(self, db: Db, payment: Payment, invoice: Invoice) -> None:
        """Do what can be done in this unit of work: settle at once, or have an order opened."""
        ...


class Wallet:
    """The customer's own money: settled at once or refused."""

    async def begin(self, db: Db, payment: Payment, invoice: Invoice) -> None:
        await settle_from_wallet(db, payment, invoice)


class PayPalCheckout:
    """PayPal: the worker opens an order there, the customer approves it, the worker captures it."""

    async def begin(self, db: Db, payment: Payment, invoice: Invoice) -> None:  # noqa: ARG002
        payment.ask_at = db.now + FIRST_LOOK_AFTER
        db.publish(PaymentStarted(payment.id, payment.account_id))


GATEWAYS: dict[str, Gateway] = {"paypal": PayPalCheckout(), "wallet": Wallet()}


async def start_payment(db: Db, invoice_id: UUID, gateway: str) -> Payment:
    """Pay what is due on an invoice: goes on with a payment that waits, or begins one.

    Publishes PaymentStarted (PayPal) or PaymentSettled (wallet). Refuses `invoice_not_payable`,
    `payment_in_progress`, `balance_too_low`.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state not in PAYABLE:
        raise InvoiceNotPayable
    amount = due(invoice)
    waiting = await db.scalars(
        select(Payment)
        .where(Payment.invoice_id == invoice_id, Payment.state.in_(UNSETTLED))
        .order_by(Payment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    resumed: Payment | None = None
    for other in waiting:
        if other.state in IN_FLIGHT:
            raise PaymentInProgress
        dead_end = other.state == PaymentState.DECLINED and other.approve_url is None
        same = other.gateway == gateway and other.amount_minor == amount.minor
        if same and not dead_end and other.expires_at > db.now and resumed is None:
            resumed = other
        elif not dead_end:
            _cancel(db, other, "Another way of paying was chosen.")
    if resumed is not None:
        return resumed
    attempts = await db.scalar(
        select(func.count()).select_from(Payment).where(Payment.invoice_id == invoice_id)
    )
    payment = Payment(
        id=new_id(),
        account_id=invoice.account_id,
        invoice_id=invoice_id,
        attempt=(attempts or 0) + 1,
        gateway=gateway,
        state=PaymentState.CREATING.value,
        amount_minor=amount.minor,
        currency=amount.currency,
        declines=0,
        credited_to_wallet=False,
        created_at=db.now,
        expires_at=db.now + EXPIRES_AFTER,
    )
    db.add(payment)
    await db.flush()
    await GATEWAYS[gateway].begin(db, payment, invoice)
    await db.flush()
    return payment


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
