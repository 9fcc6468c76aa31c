"""Contested payments: what the gateway holds is held in our books too, until somebody decides."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from skypanel.identity.actions import audit
from skypanel.ledger.actions import book, post
from skypanel.payments.actions.settle import lock_payment
from skypanel.payments.events import (
    DisputeChanged,
    DisputeEscalated,
    DisputeOpened,
    DisputeResolved,
)
from skypanel.payments.models import Dispute, DisputeNote, Payment, Refund
from skypanel.payments.rules import DISPUTE_STATES, Contested, PaymentSettings
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance


async def record_dispute(db: Db, payment_id: UUID, found: Contested) -> Dispute:
    """Write down how a dispute stands at its gateway, however often and late we are told.

    Publishes DisputeOpened, DisputeEscalated, DisputeResolved or DisputeChanged.
    """
    payment, _ = await lock_payment(db, payment_id)
    policy = await db.house.settings.get(PaymentSettings)
    dispute = await db.scalar(
        select(Dispute)
        .where(Dispute.gateway == payment.gateway, Dispute.dispute_ref == found.ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    ids = (payment.id, payment.invoice_id, payment.account_id)
    hold = policy.hold_while_disputed and found.holds_money
    was_inquiry = False
    if dispute is None:
        dispute = _opened(db, payment, found)
        await db.flush()
        audit(
            db,
            "dispute.open",
            "dispute",
            dispute.id,
            account_id=payment.account_id,
            amount_minor=found.amount.minor,
            currency=found.amount.currency,
            reason=found.reason,
        )
        db.publish(DisputeOpened(dispute.id, *ids, hold))
    else:
        was_inquiry = dispute.stage == "INQUIRY" and found.holds_money
        _follow(db, dispute, found)
    verdict = found.verdict
    if verdict is None:
        if dispute.state != "open":
            advance(db, dispute, DISPUTE_STATES, "reopen")
            dispute.turns += 1
            dispute.resolved_at = None
            db.publish(DisputeOpened(dispute.id, *ids, hold))
        elif was_inquiry:
            db.publish(DisputeEscalated(dispute.id, *ids, hold))
        if found.holds_money:
            await _hold(db, dispute, payment)
    elif verdict in DISPUTE_STATES[dispute.state]:
        await _resolve(db, dispute, payment, verdict)
        db.publish(DisputeResolved(dispute.id, *ids, verdict == "win"))
    await db.flush()
    return dispute


def _opened(db: Db, payment: Payment, found: Contested) -> Dispute:
    dispute = Dispute(
        id=new_id(),
        payment_id=payment.id,
        account_id=payment.account_id,
        gateway=payment.gateway,
        dispute_ref=found.ref,
        state="open",
        amount_minor=found.amount.minor,
        held_minor=0,
        currency=found.amount.currency,
        reason=found.reason[:80],
        stage=found.stage[:40],
        said=found.status[:60],
        outcome=found.outcome,
        turns=0,
        answer_until=found.answer_until,
        opened_at=db.now,
    )
    db.add(dispute)
    return dispute


def _follow(db: Db, dispute: Dispute, found: Contested) -> None:
    dispute.stage, dispute.reason = found.stage[:40], found.reason[:80]
    dispute.said = found.status[:60]
    dispute.answer_until, dispute.outcome = found.answer_until, found.outcome
    if not dispute.held_minor:
        dispute.amount_minor = found.amount.minor
    db.publish(DisputeChanged(dispute.id, dispute.account_id))


async def _hold(db: Db, dispute: Dispute, payment: Payment) -> None:
    """The gateway keeps the money: so do our books, once per turn of the dispute."""
    if dispute.held_minor or dispute.reversal_id is not None:
        return
    reversal = await db.scalar(
        select(Refund)
        .where(Refund.payment_id == payment.id, Refund.reversal, Refund.state == "done")
        .where(~select(Dispute.id).where(Dispute.reversal_id == Refund.id).exists())
        .limit(1)
    )
    if reversal is not None:
        dispute.reversal_id = reversal.id  # taken already; there is nothing left to hold
        return
    amount = Money(dispute.amount_minor, dispute.currency)
    await _move(db, dispute, "held", "paypal_clearing", "disputed", amount)
    dispute.held_minor = amount.minor


async def _resolve(db: Db, dispute: Dispute, payment: Payment, verdict: str) -> None:
    held = Money(dispute.held_minor, dispute.currency)
    advance(db, dispute, DISPUTE_STATES, verdict, note=dispute.outcome)
    dispute.resolved_at = db.now
    if held:
        to = "paypal_clearing" if verdict == "win" else "chargebacks"
        await _move(db, dispute, verdict, "disputed", to, held)
        dispute.held_minor = 0
    if verdict == "win" and dispute.reversal_id is not None:
        reversal = await db.get_one(Refund, dispute.reversal_id)
        if not held:
            back = Money(reversal.amount_minor, reversal.currency)
            await _move(db, dispute, "returned", "chargebacks", "paypal_clearing", back)
        payment.refunded_minor -= reversal.amount_minor
        reversal.message = "Came back: the dispute was won."


async def _move(db: Db, dispute: Dispute, what: str, out_of: str, into: str, amount: Money) -> None:
    """Books of the house that hold money stand below zero: out of one is up, into one is down."""
    source = await book(db, out_of, dispute.currency)
    target = await book(db, into, dispute.currency)
    await post(
        db,
        key=f"dispute-{what}:{dispute.dispute_ref}:{dispute.turns}",
        reason=f"Dispute {dispute.dispute_ref}"[:200],
        entries=[(source.id, amount), (target.id, -amount)],
        account_id=dispute.account_id,
        subject_kind="payment",
        subject_id=dispute.payment_id,
    )


async def note_dispute(db: Db, dispute_id: UUID, text: str) -> DisputeNote:
    """Keep what was found out about a dispute. Publishes DisputeChanged."""
    dispute = await db.get(Dispute, dispute_id)
    if dispute is None:
        raise NotFound
    note = DisputeNote(
        id=new_id(),
        dispute_id=dispute_id,
        author=db.actor.name,
        text=text,
        created_at=db.now,
    )
    db.add(note)
    audit(db, "dispute.note", "dispute", dispute_id, account_id=dispute.account_id)
    db.publish(DisputeChanged(dispute_id, dispute.account_id))
    await db.flush()
    return note
