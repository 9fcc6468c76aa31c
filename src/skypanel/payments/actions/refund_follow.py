"""What the gateway said about money going back, written down once per refund of its own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from skypanel.identity.actions import audit
from skypanel.invoices.models import Invoice
from skypanel.ledger.actions import book, post
from skypanel.ledger.models import Transfer
from skypanel.payments.actions.refund import (
    ASK_AFTER,
    RefundIntent,
    amount_of_refund,
    claim_again,
    complete,
    new_refund,
    parts_of,
    release,
    take_from_wallet,
)
from skypanel.payments.actions.settle import lock_payment
from skypanel.payments.events import (
    PaymentChanged,
    PaymentReversed,
    RefundFailed,
)
from skypanel.payments.models import Dispute, Payment, Refund
from skypanel.payments.rules import REFUND_STATES, Given, GivenState, PaymentState
from skypanel.platform.db import Db
from skypanel.platform.money import Money
from skypanel.platform.states import advance


async def refund_intent(db: Db, refund_id: UUID) -> RefundIntent | None:
    """What to ask the gateway about a refund; nothing when that is settled.

    Also counts the try and sets when to ask again, so that a killed worker forgets nothing.
    """
    seen = await db.get_one(Refund, refund_id)
    payment, _ = await lock_payment(db, seen.payment_id)
    refund = await db.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    if refund.destination != "payment" or refund.state not in ("asked", "pending"):
        return None
    assert payment.capture_ref is not None
    repeated = refund.tries > 0
    refund.tries += 1
    refund.ask_at = db.now + ASK_AFTER * min(refund.tries, 30)
    return RefundIntent(
        refund.id,
        payment.id,
        payment.gateway,
        payment.gateway_ref or "",
        payment.capture_ref,
        f"refund:{refund.id}",
        amount_of_refund(refund),
        refund.reason,
        repeated,
    )


async def record_given(db: Db, payment_id: UUID, given: Given) -> None:
    """Write down one refund or reversal of a payment at its gateway.

    Ours is known by its reference, or by our id written on it; any other was made at PayPal
    itself. Publishes PaymentRefunded, PaymentReversed or RefundFailed when anything changed.
    """
    payment, invoice = await lock_payment(db, payment_id)
    if payment.state != PaymentState.SETTLED:
        return  # the money is not booked yet; whoever books it reads its refunds too
    refund = await _known(db, payment, given)
    if refund is None:
        if given.state != GivenState.FAILED:
            await _foreign(db, payment, invoice, given)
        return
    if refund.state == "done":
        return
    refund.refund_ref = given.ref
    if given.state == GivenState.FAILED:
        await _fail(db, refund, payment, given.reason or "PayPal did not give it back.")
        return
    if refund.state == "failed":
        await claim_again(db, refund, payment)
    if given.state == GivenState.COMPLETED:
        await complete(db, refund, payment, invoice)
    elif refund.state != "pending":
        advance(db, refund, REFUND_STATES, "hold")
        refund.message = "PayPal is still working on this refund."
        db.publish(PaymentChanged(payment.id, payment.account_id))


async def record_refund_refusal(db: Db, refund_id: UUID, code: str, said: str) -> None:
    """The gateway refused: nothing went back. Publishes RefundFailed."""
    seen = await db.get_one(Refund, refund_id)
    payment, _ = await lock_payment(db, seen.payment_id)
    refund = await db.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    if refund.state == "asked":
        await _fail(db, refund, payment, f"{code}: {said}")


async def _known(db: Db, payment: Payment, given: Given) -> Refund | None:
    mine = select(Refund).where(Refund.payment_id == payment.id).with_for_update()
    found = await db.scalar(mine.where(Refund.refund_ref == given.ref))
    if found is None and given.refund_ref is not None:
        for each in await db.scalars(mine.where(Refund.refund_ref.is_(None))):
            if str(each.id) == given.refund_ref:
                return each
    return found


async def _fail(db: Db, refund: Refund, payment: Payment, said: str) -> None:
    if refund.state == "failed":
        return
    advance(db, refund, REFUND_STATES, "fail", note=said[:400])
    refund.message, refund.ask_at = said[:400], None
    await release(db, refund, payment)
    payment.attention = f"A refund did not go through: {said}"[:400]
    db.publish(RefundFailed(refund.id, payment.account_id))
    db.publish(PaymentChanged(payment.id, payment.account_id))


async def _foreign(db: Db, payment: Payment, invoice: Invoice, given: Given) -> None:
    """Made at PayPal: what happened is booked, staff see it."""
    left = Money((payment.taken_minor or 0) - payment.refunded_minor, payment.currency)
    amount = given.amount or left
    if left < amount or not amount:
        payment.attention = f"PayPal gave back {amount}, more than we know of."
        db.publish(PaymentChanged(payment.id, payment.account_id))
        return
    if given.state == GivenState.PENDING:
        return  # told again when it is done
    payment.refunded_minor += amount.minor
    why = "Reversed at PayPal" if given.reversal else "Refunded at PayPal"
    refund = new_refund(db, payment, amount, why, "payment")
    refund.ours, refund.reversal, refund.refund_ref = False, given.reversal, given.ref
    await db.flush()
    audit(
        db,
        "payment.reversal" if given.reversal else "payment.refunded_elsewhere",
        "payment",
        payment.id,
        account_id=payment.account_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        refund_ref=given.ref,
    )
    payment.attention = f"{why}: {amount}."
    if given.reversal:
        await _reverse(db, refund, payment, amount)
        return
    parts = await parts_of(db, payment, invoice, amount)
    refund.credited_minor = parts.credited.minor
    refund.from_wallet_minor = parts.from_wallet.minor
    if parts.from_wallet:
        await take_from_wallet(db, refund, parts.from_wallet)
    await complete(db, refund, payment, invoice)


async def _reverse(db: Db, refund: Refund, payment: Payment, amount: Money) -> None:
    """Money taken from us: a loss, unless a dispute about it holds it already."""
    advance(db, refund, REFUND_STATES, "complete")
    refund.done_at = db.now
    await db.flush()
    held = await db.scalar(
        select(Dispute)
        .where(Dispute.payment_id == payment.id, Dispute.reversal_id.is_(None))
        .where(Dispute.state.in_(("open", "lost")))
        .limit(1)
        .with_for_update()
    )
    if held is not None and await _was_held(db, held):
        held.reversal_id = refund.id
    else:
        clearing = await book(db, "paypal_clearing", refund.currency)
        lost = await book(db, "chargebacks", refund.currency)
        await post(
            db,
            key=f"paypal-refund:{refund.refund_ref}",
            reason="Reversed by PayPal",
            entries=[(clearing.id, amount), (lost.id, -amount)],
            account_id=payment.account_id,
            subject_kind="payment",
            subject_id=payment.id,
        )
    db.publish(PaymentReversed(refund.id, payment.id, payment.account_id))
    db.publish(PaymentChanged(payment.id, payment.account_id))


async def _was_held(db: Db, dispute: Dispute) -> bool:
    key = f"dispute-held:{dispute.dispute_ref}:{dispute.turns}"
    return await db.scalar(select(Transfer.id).where(Transfer.key == key)) is not None
