"""What PayPal told us, read: never more than a reason to ask, except for what only it can say."""

from __future__ import annotations

from uuid import UUID

from skypanel.integrations.paypal.ipn import read_notice
from skypanel.integrations.paypal.types import Event
from skypanel.integrations.paypal.webhooks import read_event, read_resource
from skypanel.payments.actions import (
    close_webhook,
    lose_method,
    payment_of,
    record_given,
    record_sale,
)
from skypanel.payments.jobs.checkout import follow
from skypanel.payments.jobs.disputes import follow_dispute
from skypanel.payments.jobs.subscriptions import (
    look_at_subscription,
    take_sale,
    take_sale_back,
)
from skypanel.payments.models import Webhook
from skypanel.payments.rules import Given, GivenState, SaleMade
from skypanel.platform.house import House
from skypanel.platform.jobs import job

QUEUE = "payments"
IPN = "paypal_ipn"
SUBSCRIPTION = "BILLING.SUBSCRIPTION."
SALE = "PAYMENT.SALE."
Outcome = tuple[str | None, UUID | None]
# The payment is looked at whole: its captures, its refunds and what was saved with it.
LOOKED_AT = frozenset(
    {
        "CHECKOUT.ORDER.APPROVED",
        "CHECKOUT.ORDER.COMPLETED",
        "PAYMENT.CAPTURE.COMPLETED",
        "PAYMENT.CAPTURE.PENDING",
        "PAYMENT.CAPTURE.DENIED",
        "PAYMENT.CAPTURE.DECLINED",
        "PAYMENT.CAPTURE.REFUNDED",
        "VAULT.PAYMENT-TOKEN.CREATED",
    }
)
REVERSED = "PAYMENT.CAPTURE.REVERSED"
METHOD_GONE = frozenset({"VAULT.PAYMENT-TOKEN.DELETED"})
DISPUTES = frozenset(
    {"CUSTOMER.DISPUTE.CREATED", "CUSTOMER.DISPUTE.UPDATED", "CUSTOMER.DISPUTE.RESOLVED"}
)


@job(queue=QUEUE)
async def read_webhook(house: House, webhook_id: UUID) -> None:
    """Act on what PayPal told us."""
    async with house.transaction() as db:
        webhook = await db.get_one(Webhook, webhook_id)
        if webhook.state != "waiting":
            return
        provider, raw = webhook.provider, webhook.raw
    if provider == IPN:
        note, payment_id = await _read_ipn(house, raw)
    else:
        note, payment_id = await _read(house, read_event(raw), raw)
    async with house.transaction() as db:
        verb = "park" if note else "close"
        await close_webhook(db, webhook_id, verb, note=note, payment_id=payment_id)


async def _read(house: House, event: Event, raw: bytes) -> Outcome:
    """What is to be noted (nothing when all is well), and the payment it was about."""
    kind = event.event_type
    if kind.startswith((SUBSCRIPTION, SALE)):
        return await _read_subscribed(house, kind, event.resource_ref, raw)
    if kind in METHOD_GONE:
        async with house.transaction() as db:
            await lose_method(db, "paypal", event.resource_ref)
        return None, None
    if kind in DISPUTES:
        payment_id = await follow_dispute(house, event.resource_ref)
        return (None if payment_id else "No payment of ours is disputed."), payment_id
    payment_id = await _payment_of(house, event)
    if kind not in LOOKED_AT and kind != REVERSED:
        return "This kind of event is not read.", payment_id
    if payment_id is None:
        return "No payment of ours.", None
    await follow(house, payment_id)
    if kind == REVERSED:
        taken = Given(
            event.resource_ref, GivenState.COMPLETED, event.amount, "REVERSED", reversal=True
        )
        async with house.transaction() as db:
            await record_given(db, payment_id, taken)
    return None, payment_id


async def _read_subscribed(house: House, kind: str, ref: str, raw: bytes) -> Outcome:
    if kind.startswith(SUBSCRIPTION):
        known = await look_at_subscription(house, ref)
        return (None if known else "No subscription of ours."), None
    resource = read_resource(raw)
    if kind == SALE + "COMPLETED":
        payment_id = await take_sale(house, resource)
    elif kind in (SALE + "REFUNDED", SALE + "REVERSED"):
        payment_id = await take_sale_back(house, resource, reversal=kind.endswith("REVERSED"))
    else:
        return "This kind of event is not read.", None
    return (None if payment_id else "No subscription of ours."), payment_id


async def _read_ipn(house: House, raw: bytes) -> Outcome:
    """An IPN is a reason to ask, as a webhook is: both land on one ledger key."""
    notice = read_notice(raw)
    if notice is None:
        return "It names no transaction.", None
    if notice.subscription_ref and await look_at_subscription(house, notice.subscription_ref):
        if notice.status == "Completed" and notice.amount is not None:
            sale = SaleMade(notice.ref, notice.subscription_ref, notice.amount, None)
            async with house.transaction() as db:
                return None, await record_sale(db, sale)
        return None, None
    async with house.transaction() as db:
        payment_id = await payment_of(
            db,
            order_ref=None,
            capture_ref=notice.parent_ref or notice.ref,
            custom_id=notice.custom_id,
        )
    if payment_id is None:
        return "No payment of ours.", None
    await follow(house, payment_id)
    if notice.status == "Reversed" and notice.amount is not None:
        taken = Given(notice.ref, GivenState.COMPLETED, notice.amount, reversal=True)
        async with house.transaction() as db:
            await record_given(db, payment_id, taken)
    return None, payment_id


async def _payment_of(house: House, event: Event) -> UUID | None:
    async with house.transaction() as db:
        return await payment_of(
            db,
            order_ref=event.order_ref,
            capture_ref=event.capture_ref,
            custom_id=event.custom_id,
        )
