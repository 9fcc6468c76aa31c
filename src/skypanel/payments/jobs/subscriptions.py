"""Asking PayPal about subscriptions, and reading its v1 shaped sales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from skypanel.integrations.paypal.types import Sale, read_sale
from skypanel.integrations.registry import Vendors
from skypanel.payments.actions import (
    SubscriptionIntent,
    ended_ref,
    fail_subscription,
    payment_of,
    record_agreed,
    record_given,
    record_plan,
    record_sale,
    subscription_intent,
)
from skypanel.payments.jobs.gateways import NOT_US
from skypanel.payments.models import PayPalSubscription
from skypanel.payments.rules import Agreed, Given, GivenState, SaleMade
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import Refused

if TYPE_CHECKING:
    from skypanel.integrations.paypal.client import PayPal
    from skypanel.integrations.paypal.types import Subscription

QUEUE = "payments"
DUE_MAX = 100
VERBS = {
    "ACTIVE": "activate",
    "SUSPENDED": "suspend",
    "CANCELLED": "cancel",
    "EXPIRED": "expire",
}
WHY = "Asked for by the customer or the shop"
# It stands where it was wanted already, or cannot get there any more: looking tells which.
STANDS_OTHERWISE = frozenset({"SUBSCRIPTION_STATUS_INVALID"})


@job(queue=QUEUE)
async def work_on_subscription(house: House, subscription_id: UUID) -> None:
    """Bring a subscription one wish further, and write down how it stands."""
    await follow_subscription(house, subscription_id)


@timer("*/5 * * * *")
async def follow_due_subscriptions(db: Db) -> None:
    """Subscriptions that wait for something are asked after."""
    found = await db.scalars(
        select(PayPalSubscription)
        .where(PayPalSubscription.ask_at <= db.now)
        .order_by(PayPalSubscription.ask_at)
        .limit(DUE_MAX)
        .with_for_update(skip_locked=True)
    )
    for each in found:
        each.ask_at = None
        db.house.queue.enqueue(db, work_on_subscription, subscription_id=each.id)


async def follow_subscription(house: House, subscription_id: UUID) -> None:
    """Product, plan, agreement, wish: whatever is missing is asked for, then PayPal is asked."""
    intent = await _intent(house, subscription_id)
    paypal = await Vendors.of(house).paypal()
    if intent is None:
        await _end_stray(house, paypal, subscription_id)
        return
    try:
        granted = await _ask(house, paypal, intent)
    except Refused as refusal:
        if refusal.status in NOT_US:
            raise
        async with house.transaction() as db:
            await fail_subscription(db, subscription_id, refusal.message)
        return
    intent = await _intent(house, subscription_id)
    if intent is not None and intent.subscription_ref is not None:
        found = await paypal.get_subscription(intent.subscription_ref)
        async with house.transaction() as db:
            await record_agreed(db, subscription_id, _agreed(found), granted=granted)


async def _end_stray(house: House, paypal: PayPal, subscription_id: UUID) -> None:
    """What ended here and was approved at PayPal all the same charges nobody."""
    async with house.transaction() as db:
        ref = await ended_ref(db, subscription_id)
    if ref is not None and (await paypal.get_subscription(ref)).status in ("ACTIVE", "SUSPENDED"):
        await paypal.cancel_subscription(ref, WHY)


async def _ask(house: House, paypal: PayPal, intent: SubscriptionIntent) -> str | None:
    """The wish that was granted, if there was one."""
    product_ref, plan_ref = intent.product_ref, intent.plan_ref
    if product_ref is None:
        product_ref = await paypal.create_product(f"product:{intent.id}", intent.name)
        await _record(house, intent.id, product_ref=product_ref)
    if plan_ref is None:
        plan_ref = await paypal.create_plan(
            f"plan:{intent.id}:{intent.revisions}",
            product_ref=product_ref,
            name=intent.name,
            price=intent.price,
            months=intent.months,
        )
        await _record(house, intent.id, plan_ref=plan_ref)
    if intent.subscription_ref is None:
        page = f"{house.public_url}/payment-methods"
        made = await paypal.create_subscription(
            f"subscription:{intent.id}",
            plan_ref=plan_ref,
            custom_id=str(intent.id),
            return_url=page,
            cancel_url=page,
        )
        async with house.transaction() as db:
            await record_agreed(db, intent.id, _agreed(made))
        return None
    return await _grant(paypal, intent, intent.subscription_ref, plan_ref)


async def _grant(paypal: PayPal, intent: SubscriptionIntent, ref: str, plan_ref: str) -> str | None:
    try:
        if intent.wish == "revise":
            await paypal.revise_subscription(ref, plan_ref)
        elif intent.wish == "suspend":
            await paypal.suspend_subscription(ref, WHY)
        elif intent.wish == "activate":
            await paypal.activate_subscription(ref, WHY)
        elif intent.wish == "cancel":
            await paypal.cancel_subscription(ref, WHY)
    except Refused as refusal:
        if refusal.code not in STANDS_OTHERWISE:
            raise
    return intent.wish


async def look_at_subscription(house: House, subscription_ref: str) -> bool:
    """Something happened to a subscription: ask how it stands. False when it is not ours."""
    async with house.transaction() as db:
        found = await db.scalar(
            select(PayPalSubscription.id).where(
                PayPalSubscription.subscription_ref == subscription_ref
            )
        )
    if found is not None:
        await follow_subscription(house, found)
    return found is not None


async def take_sale(house: House, resource: dict[str, Any]) -> UUID | None:
    """Book a completed sale; the payment it became."""
    sale = read_sale(resource)
    if sale.subscription_ref is None or sale.state not in ("completed", ""):
        return None
    made = SaleMade(sale.ref, sale.subscription_ref, sale.amount, sale.fee)
    async with house.transaction() as db:
        return await record_sale(db, made)


async def take_sale_back(house: House, resource: dict[str, Any], *, reversal: bool) -> UUID | None:
    """A sale was refunded or reversed at PayPal."""
    back: Sale = read_sale(resource)
    async with house.transaction() as db:
        payment_id = await payment_of(
            db, order_ref=None, capture_ref=back.parent_ref or back.ref, custom_id=None
        )
        if payment_id is not None:
            given = Given(back.ref, GivenState.COMPLETED, back.amount, reversal=reversal)
            await record_given(db, payment_id, given)
        return payment_id


async def _intent(house: House, subscription_id: UUID) -> SubscriptionIntent | None:
    async with house.transaction() as db:
        return await subscription_intent(db, subscription_id)


async def _record(house: House, subscription_id: UUID, **refs: str) -> None:
    async with house.transaction() as db:
        await record_plan(db, subscription_id, **refs)


def _agreed(found: Subscription) -> Agreed:
    return Agreed(found.ref, VERBS.get(found.status), found.approve_url, found.next_bill_at)
