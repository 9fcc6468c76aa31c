"""Giving money back: promised once, done once, whoever tells us of it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from skypanel.identity.actions import audit
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceKind, InvoiceState
from skypanel.ledger.actions import book, post
from skypanel.payments.actions.credit_note import write_credit_note
from skypanel.payments.actions.settle import lock_payment
from skypanel.payments.errors import (
    AmountNotPositive,
    CurrencyDiffers,
    PaymentDisputed,
    RefundNotPossible,
    RefundTooMuch,
)
from skypanel.payments.events import (
    PaymentChanged,
    PaymentRefunded,
    RefundAsked,
)
from skypanel.payments.models import Dispute, Payment, Refund
from skypanel.payments.rules import REFUND_STATES, PaymentState
from skypanel.platform.db import Db
from skypanel.platform.errors import VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance

ASK_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class RefundIntent:
    """What is to be asked of the gateway for one refund."""

    refund_id: UUID
    payment_id: UUID
    gateway: str
    order_ref: str
    capture_ref: str
    request_id: str
    amount: Money
    note: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """Out of what a refund comes: the invoice (by credit note), and what went to the wallet."""

    credited: Money
    from_wallet: Money


async def refund_payment(
    db: Db, payment_id: UUID, amount: Money, reason: str, destination: str
) -> Refund:
    """Promise money back, to the payment it came by or to the wallet.

    To the wallet it is done at once; through the gateway it is promised here and asked for by a
    job. Money of the wallet is set aside until the gateway has answered. Never more than was
    taken, whoever asks at the same time. Publishes RefundAsked or PaymentRefunded. Refuses
    `refund_too_much`, `refund_not_possible`, `payment_disputed`, `balance_too_low`.
    """
    payment, invoice = await lock_payment(db, payment_id)
    if payment.state != PaymentState.SETTLED:
        raise VerbNotAllowed("Only a settled payment can be refunded.")
    if amount.currency != payment.currency:
        raise CurrencyDiffers
    if amount.minor <= 0:
        raise AmountNotPositive
    await _refuse_disputed(db, payment)
    parts = await parts_of(db, payment, invoice, amount)
    await _refuse_given_already(db, invoice, parts)
    if destination == "payment":
        _promise(payment, amount)
    elif parts.from_wallet:
        raise RefundNotPossible("This money lies in the wallet already.")
    elif refundable(payment) < amount:
        raise RefundTooMuch
    else:
        payment.returned_minor += amount.minor
    refund = new_refund(db, payment, amount, reason, destination)
    refund.credited_minor = parts.credited.minor
    refund.from_wallet_minor = parts.from_wallet.minor
    await db.flush()
    audit(
        db,
        "payment.refund",
        "payment",
        payment.id,
        account_id=payment.account_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        destination=destination,
        reason=reason,
    )
    if destination == "wallet":
        await complete(db, refund, payment, invoice)
        return refund
    if parts.from_wallet:
        await _set_aside(db, refund, parts.from_wallet, back=False)
    refund.ask_at = db.now + ASK_AFTER
    db.publish(RefundAsked(refund.id, refund.account_id))
    return refund


def refundable(payment: Payment) -> Money:
    """What of a payment can still go back; promotional credit was never money."""
    paid = (payment.taken_minor or 0) + payment.wallet_minor - payment.promotional_minor
    return Money(paid - payment.refunded_minor - payment.returned_minor, payment.currency)


def refundable_at_gateway(payment: Payment) -> Money:
    """What of it can go back through its gateway."""
    if not _captured_by_us(payment):
        return Money.zero(payment.currency)
    left = (payment.taken_minor or 0) - payment.refunded_minor
    return Money(min(left, refundable(payment).minor), payment.currency)


def _captured_by_us(payment: Payment) -> bool:
    """A sale of a subscription has no order of ours: it is refunded at PayPal, and booked here."""
    return (
        payment.gateway == "paypal"
        and payment.capture_ref is not None
        and payment.gateway_ref is not None
    )


def _promise(payment: Payment, amount: Money) -> None:
    if not _captured_by_us(payment):
        raise RefundNotPossible
    if refundable_at_gateway(payment) < amount:
        raise RefundTooMuch
    payment.refunded_minor += amount.minor


async def _refuse_given_already(db: Db, invoice: Invoice, parts: Parts) -> None:
    """An invoice that is not paid can't be credited; one credited before must still owe the money.

    Staff may have given an invoice's money to the wallet without looking at its payments.
    """
    if not parts.credited:
        return
    if invoice.state != InvoiceState.PAID:
        raise RefundNotPossible("Its invoice is not paid yet: take the invoice back first.")
    owed_minor = parts.credited.minor - (invoice.total_minor - invoice.credited_minor)
    if owed_minor > 0:
        receivable = await book(db, "receivable", invoice.currency, invoice.account_id)
        if receivable.balance_minor < owed_minor:
            raise RefundTooMuch("This invoice was credited and its money given back already.")


async def _refuse_disputed(db: Db, payment: Payment) -> None:
    found = await db.scalar(
        select(Dispute.id).where(Dispute.payment_id == payment.id, Dispute.state == "open").limit(1)
    )
    if found is not None:
        raise PaymentDisputed


async def parts_of(db: Db, payment: Payment, invoice: Invoice, amount: Money) -> Parts:
    """First what paid the invoice goes back, then what went to the wallet."""
    credited_minor = 0
    if invoice.becomes != InvoiceKind.RECEIPT:
        before = await db.scalar(
            select(func.coalesce(func.sum(Refund.credited_minor), 0)).where(
                Refund.payment_id == payment.id, Refund.state != "failed"
            )
        )
        applied = (payment.taken_minor or 0) + payment.wallet_minor - payment.to_wallet_minor
        credited_minor = max(0, min(amount.minor, applied - int(before or 0)))
    credited = Money(credited_minor, amount.currency)
    return Parts(credited, amount - credited)


def new_refund(db: Db, payment: Payment, amount: Money, reason: str, destination: str) -> Refund:
    """The row of a refund that is promised."""
    refund = Refund(
        id=new_id(),
        payment_id=payment.id,
        account_id=payment.account_id,
        destination=destination,
        state="asked",
        amount_minor=amount.minor,
        credited_minor=0,
        from_wallet_minor=0,
        currency=amount.currency,
        reason=reason[:400],
        ours=True,
        reversal=False,
        tries=0,
        created_at=db.now,
    )
    db.add(refund)
    return refund


def amount_of_refund(refund: Refund) -> Money:
    """What goes back."""
    return Money(refund.amount_minor, refund.currency)


async def complete(db: Db, refund: Refund, payment: Payment, invoice: Invoice) -> None:
    """The money has gone back: credit note and ledger. Publishes PaymentRefunded."""
    amount = amount_of_refund(refund)
    credited = Money(refund.credited_minor, refund.currency)
    advance(db, refund, REFUND_STATES, "complete")
    refund.done_at, refund.ask_at, refund.message = db.now, None, None
    await db.flush()
    if refund.from_wallet_minor and invoice.becomes == InvoiceKind.RECEIPT:
        credited = Money(refund.from_wallet_minor, refund.currency)
        await _out_of_transit(db, refund, credited)
    if credited:
        refund.credit_note_id = await write_credit_note(db, invoice, credited, refund.reason)
    receivable = await book(db, "receivable", refund.currency, refund.account_id)
    entries = [(receivable.id, -credited)]
    if refund.destination == "wallet":
        key = f"refund:{refund.id}"
        wallet = await book(db, "wallet", refund.currency, refund.account_id)
        entries.append((wallet.id, amount))
    else:
        key = f"paypal-refund:{refund.refund_ref}"
        clearing = await book(db, "paypal_clearing", refund.currency)
        transit = await book(db, "in_transit", refund.currency)
        entries += [(clearing.id, amount), (transit.id, credited - amount)]
    await post(
        db,
        key=key,
        reason=f"Refund of {invoice.number}"[:200],
        entries=entries,
        account_id=refund.account_id,
        subject_kind="payment",
        subject_id=payment.id,
    )
    db.publish(PaymentRefunded(refund.id, payment.id, refund.account_id))
    db.publish(PaymentChanged(payment.id, payment.account_id))


async def _set_aside(db: Db, refund: Refund, part: Money, *, back: bool) -> None:
    """Money of the wallet is kept from being spent while the gateway gives it back."""
    wallet = await book(db, "wallet", refund.currency, refund.account_id)
    transit = await book(db, "in_transit", refund.currency)
    moved = -part if back else part
    await post(
        db,
        key=f"refund-{'kept' if back else 'aside'}:{refund.id}:{refund.tries}",
        reason="Refund did not go through" if back else "Refund on its way",
        entries=[(wallet.id, -moved), (transit.id, moved)],
        account_id=refund.account_id,
        subject_kind="payment",
        subject_id=refund.payment_id,
    )


async def _out_of_transit(db: Db, refund: Refund, part: Money) -> None:
    """A top-up's receipt is taken back out of the wallet: for that instant the money lies there."""
    wallet = await book(db, "wallet", refund.currency, refund.account_id)
    transit = await book(db, "in_transit", refund.currency)
    await post(
        db,
        key=f"refund-taken:{refund.id}",
        reason="Refund of a top-up",
        entries=[(wallet.id, part), (transit.id, -part)],
        account_id=refund.account_id,
        subject_kind="payment",
        subject_id=refund.payment_id,
    )


async def release(db: Db, refund: Refund, payment: Payment) -> None:
    """A refund that failed: what was promised and set aside is free again."""
    payment.refunded_minor -= refund.amount_minor
    part = Money(refund.from_wallet_minor, refund.currency)
    if part:
        await _set_aside(db, refund, part, back=True)


async def claim_again(db: Db, refund: Refund, payment: Payment) -> None:
    """A refund that had failed went through after all: promised and set aside once more."""
    payment.refunded_minor += refund.amount_minor
    part = Money(refund.from_wallet_minor, refund.currency)
    if part:
        refund.tries += 1
        await take_from_wallet(db, refund, part)


async def take_from_wallet(db: Db, refund: Refund, part: Money) -> None:
    """What the wallet still has; what it has not the account owes us."""
    wallet = await book(db, "wallet", refund.currency, refund.account_id)
    await db.refresh(wallet, with_for_update=True)
    had = Money(max(0, min(part.minor, wallet.balance_minor)), part.currency)
    receivable = await book(db, "receivable", refund.currency, refund.account_id)
    transit = await book(db, "in_transit", refund.currency)
    await post(
        db,
        key=f"refund-aside:{refund.id}:{refund.tries}",
        reason="Refund on its way",
        entries=[(wallet.id, -had), (receivable.id, had - part), (transit.id, part)],
        account_id=refund.account_id,
        subject_kind="payment",
        subject_id=refund.payment_id,
    )


async def preview_refund(
    db: Db, payment_id: UUID, amount: Money, destination: str
) -> dict[str, object]:
    """What a refund of this amount would do, reckoned by the same code; nothing is written."""
    payment, invoice = await lock_payment(db, payment_id)
    nothing = Money.zero(payment.currency)
    parts = await parts_of(db, payment, invoice, amount)
    in_wallet = destination == "wallet"
    gains = {
        "wallet": amount if in_wallet else -parts.from_wallet,
        "paypal_clearing": nothing if in_wallet else amount,
        "revenue and tax": -parts.credited,
    }
    return {
        "amount": amount,
        "refundable": refundable(payment),
        "refundable_at_gateway": refundable_at_gateway(payment),
        "credited": parts.credited,
        "from_wallet": parts.from_wallet,
        "effects": [{"book": name, "amount": gain} for name, gain in gains.items() if gain],
    }
