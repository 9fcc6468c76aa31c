"""Giving back everything that was paid for an invoice, whatever it was paid with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from skypanel.payments.actions.credit import grant_credit
from skypanel.payments.actions.refund import refund_payment, refundable, refundable_at_gateway
from skypanel.payments.actions.settle import lock_payment
from skypanel.payments.models import Payment, Refund
from skypanel.payments.rules import PaymentState
from skypanel.platform.db import Db
from skypanel.platform.money import Money


async def give_back(db: Db, invoice_id: UUID, reason: str, destination: str) -> None:
    """Refund what paid an invoice: to the payments it came by, or to the wallet.

    What no gateway can give back goes to the wallet; promotional credit, which was never money, is
    granted anew. What was given back before is not given twice. Publishes RefundAsked and
    PaymentRefunded. Refuses `payment_disputed`.
    """
    ids = await db.scalars(
        select(Payment.id)
        .where(Payment.invoice_id == invoice_id, Payment.state == PaymentState.SETTLED)
        .order_by(Payment.id)
    )
    for payment_id in list(ids):
        await _payment(db, payment_id, reason, destination)


async def _payment(db: Db, payment_id: UUID, reason: str, destination: str) -> None:
    payment, _ = await lock_payment(db, payment_id)
    before = await db.scalar(
        select(func.coalesce(func.sum(Refund.credited_minor), 0)).where(
            Refund.payment_id == payment_id, Refund.state != "failed"
        )
    )
    paid = (payment.taken_minor or 0) + payment.wallet_minor - payment.to_wallet_minor
    owed = paid - payment.promotional_minor - int(before or 0)
    amount = Money(max(0, min(owed, refundable(payment).minor)), payment.currency)
    if destination == "payment":
        part = min(amount, refundable_at_gateway(payment))
        if part:
            await refund_payment(db, payment_id, part, reason, "payment")
            amount -= part
    if amount:
        await refund_payment(db, payment_id, amount, reason, "wallet")
    if payment.promotional_minor and not before:
        credit = Money(payment.promotional_minor, payment.currency)
        await grant_credit(db, payment.account_id, credit, reason)
