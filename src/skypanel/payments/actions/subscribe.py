"""Subscriptions at PayPal, for hosts who insist: their money fills the wallet, once per sale.

PayPal decides when it charges, so a sale is never taken for this or that invoice: it comes into the
wallet, and what falls due is collected from there. What is paid twice stays the customer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.rules import TaxCategory
from skypanel.identity.actions import audit
from skypanel.invoices.actions import issue_invoice, lock_invoice
from skypanel.invoices.rules import InvoiceDraft, InvoiceKind, LineDraft
from skypanel.payments.actions.settle import post_fee, settle_money
from skypanel.payments.actions.start import new_payment
from skypanel.payments.errors import SubscriptionExists, SubscriptionsOff
from skypanel.payments.events import SubscriptionAsked, SubscriptionChanged, SubscriptionPaid
from skypanel.payments.models import Payment, PayPalSubscription
from skypanel.payments.rules import (
    SUBSCRIPTION_STATES,
    Agreed,
    PaymentSettings,
    SaleMade,
    Taken,
    TakenState,
)
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound, VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance

ASK_AGAIN_AFTER = timedelta(minutes=10)
APPROVED_WITHIN = timedelta(days=3)
WISHES = {"suspend": "active", "cancel": "active", "revise": "active", "activate": "suspended"}


@dataclass(frozen=True, slots=True)
class SubscriptionIntent:
    """What is to be asked of PayPal for one subscription."""

    id: UUID
    name: str
    price: Money
    months: int
    product_ref: str | None
    plan_ref: str | None
    subscription_ref: str | None
    wish: str | None
    revisions: int


async def subscribe(
    db: Db, account_id: UUID, service_id: UUID, *, name: str, price: Money, months: int
) -> PayPalSubscription:
    """Ask PayPal to charge `price` every so many months. Publishes SubscriptionAsked.

    Refuses `subscriptions_off` and `subscription_exists`.
    """
    if not (await db.house.settings.get(PaymentSettings)).subscriptions:
        raise SubscriptionsOff
    live = select(PayPalSubscription.id).where(
        PayPalSubscription.service_id == service_id, PayPalSubscription.ended_at.is_(None)
    )
    if await db.scalar(live) is not None:
        raise SubscriptionExists
    made = PayPalSubscription(
        id=new_id(),
        account_id=account_id,
        service_id=service_id,
        state="creating",
        amount_minor=price.minor,
        currency=price.currency,
        months=months,
        name=name[:120],
        revisions=0,
        created_at=db.now,
        ask_at=db.now + ASK_AGAIN_AFTER,
    )
    db.add(made)
    await db.flush()
    audit(db, "subscription.ask", "subscription", made.id, account_id=account_id)
    db.publish(SubscriptionAsked(made.id, account_id))
    return made


async def wish_of_subscription(
    db: Db, subscription_id: UUID, wish: str, price: Money | None = None
) -> PayPalSubscription:
    """Have it suspended, activated, cancelled or revised to another price, by a job.

    The wish stays on the row until PayPal has said that it is so. Publishes SubscriptionAsked.
    """
    made = await _locked(db, subscription_id)
    ends = wish == "cancel" and made.state == "suspended"
    if made.state != WISHES[wish] and not ends:
        raise VerbNotAllowed("This can't be done to the subscription now.")
    made.wish = wish
    if wish == "revise":
        assert price is not None
        made.wished_minor = price.minor
        made.revisions += 1
        made.plan_ref = None
    made.ask_at = db.now + ASK_AGAIN_AFTER
    audit(db, f"subscription.{wish}", "subscription", made.id, account_id=made.account_id)
    db.publish(SubscriptionAsked(made.id, made.account_id))
    await db.flush()
    return made


async def subscription_intent(db: Db, subscription_id: UUID) -> SubscriptionIntent | None:
    """What to ask PayPal next; nothing once it has ended."""
    made = await _locked(db, subscription_id)
    if made.ended_at is not None:
        return None
    made.ask_at = db.now + ASK_AGAIN_AFTER
    minor = made.wished_minor or made.amount_minor
    return SubscriptionIntent(
        made.id,
        made.name,
        Money(minor, made.currency),
        made.months,
        made.product_ref,
        made.plan_ref,
        made.subscription_ref,
        made.wish,
        made.revisions,
    )


async def ended_ref(db: Db, subscription_id: UUID) -> str | None:
    """PayPal's reference of a subscription that has ended here."""
    made = await _locked(db, subscription_id)
    return made.subscription_ref if made.ended_at is not None else None


async def record_plan(
    db: Db, subscription_id: UUID, *, product_ref: str | None = None, plan_ref: str | None = None
) -> None:
    """PayPal made a product or a plan for it."""
    made = await _locked(db, subscription_id)
    made.product_ref = made.product_ref or product_ref
    made.plan_ref = made.plan_ref or plan_ref


async def record_agreed(
    db: Db, subscription_id: UUID, agreed: Agreed, *, granted: str | None = None
) -> None:
    """Write down how it stands at PayPal; `granted` is the wish that was just fulfilled.

    Publishes SubscriptionChanged.
    """
    made = await _locked(db, subscription_id)
    made.subscription_ref = made.subscription_ref or agreed.ref
    made.next_bill_at = agreed.next_bill_at
    if made.state == "creating":
        made.approve_url = agreed.approve_url
        advance(db, made, SUBSCRIPTION_STATES, "await_approval")
    if granted is not None and granted == made.wish:
        made.wish = None
        if granted == "revise" and made.wished_minor is not None:
            made.amount_minor, made.wished_minor = made.wished_minor, None
    if agreed.verb is not None and agreed.verb in SUBSCRIPTION_STATES[made.state]:
        advance(db, made, SUBSCRIPTION_STATES, agreed.verb)
        made.approve_url = None
    late = made.state == "awaiting_approval" and made.created_at + APPROVED_WITHIN <= db.now
    if late:
        advance(db, made, SUBSCRIPTION_STATES, "expire")
    if made.state in ("cancelled", "expired"):
        made.ended_at, made.ask_at, made.wish = db.now, None, None
    elif made.wish is None and made.state in ("active", "suspended"):
        made.ask_at = None
    db.publish(SubscriptionChanged(made.id, made.account_id))


async def fail_subscription(db: Db, subscription_id: UUID, said: str) -> None:
    """PayPal would not have it. Publishes SubscriptionChanged."""
    made = await _locked(db, subscription_id)
    made.message, made.wish = said[:400], None
    if made.state == "creating":
        advance(db, made, SUBSCRIPTION_STATES, "fail", note=said[:400])
        made.ended_at, made.ask_at = db.now, None
    db.publish(SubscriptionChanged(made.id, made.account_id))


async def record_sale(db: Db, sale: SaleMade) -> UUID | None:
    """Money of a subscription came: a receipt, and the wallet is fuller by it, once per sale.

    The payment it became, or None when the subscription is not ours. Publishes SubscriptionPaid.
    """
    made = await db.scalar(
        select(PayPalSubscription)
        .where(PayPalSubscription.subscription_ref == sale.subscription_ref)
        .with_for_update()
    )
    if made is None:
        return None
    known: UUID | None = await db.scalar(
        select(Payment.id).where(Payment.gateway == "paypal", Payment.capture_ref == sale.ref)
    )
    if known is not None:
        return known
    asked = await issue_invoice(
        db,
        InvoiceDraft(
            account_id=made.account_id,
            currency=sale.amount.currency,
            kind=InvoiceKind.RECEIPT.value,
            lines=[
                LineDraft(
                    description="PayPal subscription",
                    unit_price=sale.amount,
                    tax_category=TaxCategory.NOT_SUBJECT,
                )
            ],
            due_on=db.now.date(),
        ),
    )
    invoice = await lock_invoice(db, asked.id)
    payment = await new_payment(db, invoice, "paypal", sale.amount)
    payment.capture_ref, payment.automatic = sale.ref, True
    db.add(payment)
    await db.flush()
    booked = await settle_money(
        db,
        payment,
        invoice,
        taken=sale.amount,
        key=f"paypal:{sale.ref}",
        reason="PayPal subscription",
    )
    if not booked:
        raise RuntimeError(f"sale {sale.ref} is in the ledger without a payment")
    taken = Taken(sale.ref, TakenState.COMPLETED, sale.amount, sale.fee)
    await post_fee(db, payment, taken)
    db.publish(SubscriptionPaid(made.id, made.service_id, made.account_id, payment.id))
    return payment.id


async def _locked(db: Db, subscription_id: UUID) -> PayPalSubscription:
    made = await db.get(
        PayPalSubscription, subscription_id, with_for_update=True, populate_existing=True
    )
    if made is None:
        raise NotFound
    return made
