"""Asking PayPal: open an order, take its money, find out how it stands, read what it told us.

Each talk is three beats, and each try begins by asking how the order stands: whatever a crash or
a lost answer left behind is found before anything is repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from skypanel.integrations.paypal.types import CaptureStatus, OrderStatus
from skypanel.integrations.paypal.webhooks import read_event
from skypanel.integrations.registry import Vendors
from skypanel.payments.actions import (
    OrderIntent,
    begin_capture,
    close_webhook,
    note_reversal,
    order_intent,
    payment_of,
    record_opened,
    record_reading,
    record_refusal,
)
from skypanel.payments.models import Payment, Webhook
from skypanel.payments.rules import Reading, Taken, TakenState
from skypanel.platform.db import Db
from skypanel.platform.events import account_topic
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import Refused, Unknown

if TYPE_CHECKING:
    from skypanel.integrations.paypal.types import Capture, Order

QUEUE = "payments"
DUE_MAX = 100
MONEY_EVENTS = frozenset(
    {
        "CHECKOUT.ORDER.APPROVED",
        "CHECKOUT.ORDER.COMPLETED",
        "PAYMENT.CAPTURE.COMPLETED",
        "PAYMENT.CAPTURE.PENDING",
        "PAYMENT.CAPTURE.DENIED",
        "PAYMENT.CAPTURE.DECLINED",
    }
)
REVERSALS = frozenset({"PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED"})
GONE = frozenset({"INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND"})
NOT_FOUND = 404
NOT_US = frozenset({401, 403})
TAKEN_STATES = {
    CaptureStatus.COMPLETED: TakenState.COMPLETED,
    CaptureStatus.PENDING: TakenState.PENDING,
    CaptureStatus.OTHER: TakenState.PENDING,
    CaptureStatus.DECLINED: TakenState.DECLINED,
    CaptureStatus.FAILED: TakenState.DECLINED,
    CaptureStatus.PARTIALLY_REFUNDED: TakenState.REVERSED,
    CaptureStatus.REFUNDED: TakenState.REVERSED,
}


@job(queue=QUEUE)
async def create_paypal_order(house: House, payment_id: UUID) -> None:
    """Open an order at PayPal for a payment that was started."""
    intent = await _intent(house, payment_id)
    if intent is not None and intent.gateway_ref is None:
        await _open_order(house, intent)


@job(queue=QUEUE)
async def follow_payment(house: House, payment_id: UUID) -> None:
    """Bring a payment as far as PayPal lets it come."""
    await _follow(house, payment_id)


@job(queue=QUEUE)
async def verify_payment(house: House, payment_id: UUID, account_id: UUID) -> None:
    """Follow a payment for somebody who waits, and tell them to look even if nothing changed."""
    await _follow(house, payment_id)
    async with house.transaction() as db:
        for topic in account_topic(account_id, "payment", payment_id):
            db.announce(topic)


@job(queue=QUEUE)
async def read_webhook(house: House, webhook_id: UUID) -> None:
    """Act on what PayPal told us: we only ever take it as a reason to ask."""
    async with house.transaction() as db:
        webhook = await db.get_one(Webhook, webhook_id)
        if webhook.state != "waiting":
            return
        event = read_event(webhook.raw)
        known = event.event_type in MONEY_EVENTS or event.event_type in REVERSALS
        payment_id = await payment_of(
            db,
            order_ref=event.order_ref,
            capture_ref=event.capture_ref,
            custom_id=event.custom_id,
        )
        if payment_id is None or not known:
            note = "This kind of event is not read." if not known else "No payment of ours."
            await close_webhook(db, webhook_id, "park", note=note, payment_id=payment_id)
            return
        if event.event_type in REVERSALS:
            await note_reversal(db, payment_id, event.event_type)
            await close_webhook(db, webhook_id, "close", payment_id=payment_id)
            return
    await _follow(house, payment_id)
    async with house.transaction() as db:
        await close_webhook(db, webhook_id, "close", payment_id=payment_id)


@timer("* * * * * */20")
async def follow_due_payments(db: Db) -> None:
    """Payments that nobody told us about for a while are asked after, each in its own job."""
    found = await db.scalars(
        select(Payment)
        .where(Payment.ask_at <= db.now)
        .order_by(Payment.ask_at)
        .limit(DUE_MAX)
        .with_for_update(skip_locked=True)
    )
    for payment in found:
        payment.ask_at = None  # the job sets when to ask again; see `order_intent`
        db.house.queue.enqueue(db, follow_payment, payment_id=payment.id)


async def _intent(house: House, payment_id: UUID) -> OrderIntent | None:
    async with house.transaction() as db:
        return await order_intent(db, payment_id)


async def _follow(house: House, payment_id: UUID) -> None:
    intent = await _intent(house, payment_id)
    if intent is None:
        return
    if intent.gateway_ref is None:
        await _open_order(house, intent)
        return
    reading = await _look(house, intent.gateway_ref)
    await _record(house, payment_id, reading)
    if not reading.approved or reading.taken:
        return
    async with house.transaction() as db:
        request_id = await begin_capture(db, payment_id)
    if request_id is not None:
        await _capture(house, intent.gateway_ref, payment_id, request_id)


async def _open_order(house: House, intent: OrderIntent) -> None:
    paypal = await Vendors.of(house).paypal()
    page = f"{house.public_url}/payments/{intent.payment_id}/return"
    try:
        order = await paypal.create_order(
            f"order:{intent.payment_id}",
            amount=intent.amount,
            invoice_ref=intent.invoice_ref,
            custom_id=str(intent.payment_id),
            description=f"Invoice {intent.invoice_number}",
            return_url=page,
            cancel_url=f"{page}?cancelled=1",
        )
    except Refused as refusal:
        if refusal.status in NOT_US:
            raise  # our credentials are wrong, not the customer's payment
        async with house.transaction() as db:
            await record_refusal(db, intent.payment_id, refusal.code, refusal.message)
        return
    async with house.transaction() as db:
        await record_opened(db, intent.payment_id, order.ref, order.approve_url)


async def _capture(house: House, ref: str, payment_id: UUID, request_id: str) -> None:
    paypal = await Vendors.of(house).paypal()
    try:
        reading = _reading(await paypal.capture_order(ref, request_id))
    except Unknown:
        reading = await _look(house, ref)
        await _record(house, payment_id, reading)
        if not reading.taken:
            raise  # the next try asks again before it captures again
        return
    except Refused as refusal:
        if refusal.status in NOT_US:
            raise
        reading = await _look(house, ref)
        if not reading.taken:
            async with house.transaction() as db:
                await record_refusal(db, payment_id, refusal.code, refusal.message)
            return
    await _record(house, payment_id, reading)


async def _look(house: House, ref: str) -> Reading:
    paypal = await Vendors.of(house).paypal()
    try:
        return _reading(await paypal.get_order(ref))
    except Refused as refusal:
        if refusal.status == NOT_FOUND or refusal.code in GONE:
            return Reading(ref, approved=False, gone=True)
        raise


async def _record(house: House, payment_id: UUID, reading: Reading) -> None:
    async with house.transaction() as db:
        await record_reading(db, payment_id, reading)


def _reading(order: Order) -> Reading:
    return Reading(
        order.ref,
        approved=order.status == OrderStatus.APPROVED,
        taken=tuple(_taken(each) for each in order.captures),
    )


def _taken(capture: Capture) -> Taken:
    return Taken(
        capture.ref,
        TAKEN_STATES[capture.status],
        capture.amount,
        capture.fee,
        capture.reason,
        capture.custom_id,
    )
