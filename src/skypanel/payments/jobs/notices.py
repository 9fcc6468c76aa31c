"""What PayPal told us, read: never more than a reason to ask, except for what only it can say."""

from __future__ import annotations

from uuid import UUID

from skypanel.integrations.paypal.types import Event
from skypanel.integrations.paypal.webhooks import read_event
from skypanel.payments.actions import (
    close_webhook,
    lose_method,
    payment_of,
    record_given,
)
from skypanel.payments.jobs.checkout import follow
from skypanel.payments.jobs.disputes import follow_dispute
from skypanel.payments.models import Webhook
from skypanel.payments.rules import Given, GivenState
from skypanel.platform.house import House
from skypanel.platform.jobs import job

QUEUE = "payments"
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
        event = read_event(webhook.raw)
    note, payment_id = await _read(house, event)
    async with house.transaction() as db:
        verb = "park" if note else "close"
        await close_webhook(db, webhook_id, verb, note=note, payment_id=payment_id)


async def _read(house: House, event: Event) -> tuple[str | None, UUID | None]:
    """What is to be noted (nothing when all is well), and the payment it was about."""
    kind = event.event_type
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


async def _payment_of(house: House, event: Event) -> UUID | None:
    async with house.transaction() as db:
        return await payment_of(
            db,
            order_ref=event.order_ref,
            capture_ref=event.capture_ref,
            custom_id=event.custom_id,
        )
