"""Asking a gateway of the outside: open an order, take its money, find out how it stands.

Each talk is three beats, and each try begins by asking how the order stands: whatever a crash or
a lost answer left behind is found before anything is repeated.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from skypanel.payments.actions import (
    OrderIntent,
    begin_capture,
    expire_transfer,
    order_intent,
    record_opened,
    record_reading,
    record_refusal,
)
from skypanel.payments.jobs.charges import charge
from skypanel.payments.jobs.gateways import NOT_US, outside
from skypanel.payments.models import Payment
from skypanel.payments.rules import Reading
from skypanel.platform.db import Db
from skypanel.platform.events import account_topic
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import Refused, Unknown

QUEUE = "payments"
DUE_MAX = 100


@job(queue=QUEUE)
async def create_paypal_order(house: House, payment_id: UUID) -> None:
    """Open an order at the gateway for a payment that was started."""
    intent = await _intent(house, payment_id)
    if intent is not None and intent.gateway_ref is None:
        await _open_order(house, intent)


@job(queue=QUEUE)
async def follow_payment(house: House, payment_id: UUID) -> None:
    """Bring a payment as far as PayPal lets it come."""
    await follow(house, payment_id)


@job(queue=QUEUE)
async def verify_payment(house: House, payment_id: UUID, account_id: UUID) -> None:
    """Follow a payment for somebody who waits, and tell them to look even if nothing changed."""
    await follow(house, payment_id)
    async with house.transaction() as db:
        for topic in account_topic(account_id, "payment", payment_id):
            db.announce(topic)


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


async def follow(house: House, payment_id: UUID) -> None:
    """Ask how a payment stands and go on from there."""
    intent = await _intent(house, payment_id)
    if intent is None:
        return
    if intent.gateway == "bank":
        async with house.transaction() as db:
            await expire_transfer(db, payment_id)
        return
    if intent.gateway_ref is None:
        await (charge(house, payment_id) if intent.automatic else _open_order(house, intent))
        return
    reading = await _look(house, intent)
    await _record(house, payment_id, reading)
    if not reading.approved or reading.taken:
        return
    async with house.transaction() as db:
        request_id = await begin_capture(db, payment_id)
    if request_id is not None:
        await _capture(house, intent, request_id)


async def _open_order(house: House, intent: OrderIntent) -> None:
    gateway = await outside(house, intent.gateway)
    page = f"{house.public_url}/payments/{intent.payment_id}/return"
    try:
        opened = await gateway.open(intent, return_url=page, cancel_url=f"{page}?cancelled=1")
    except Refused as refusal:
        if refusal.status in NOT_US:
            raise  # our credentials are wrong, not the customer's payment
        async with house.transaction() as db:
            await record_refusal(db, intent.payment_id, refusal.code, refusal.message)
        return
    async with house.transaction() as db:
        await record_opened(db, intent.payment_id, opened.ref, opened.approve_url)


async def _capture(house: House, intent: OrderIntent, request_id: str) -> None:
    gateway = await outside(house, intent.gateway)
    assert intent.gateway_ref is not None
    payment_id = intent.payment_id
    try:
        reading = await gateway.capture(intent.gateway_ref, request_id)
    except Unknown:
        reading = await _look(house, intent)
        await _record(house, payment_id, reading)
        if not reading.taken:
            raise  # the next try asks again before it captures again
        return
    except Refused as refusal:
        if refusal.status in NOT_US:
            raise
        reading = await _look(house, intent)
        if not reading.taken:
            async with house.transaction() as db:
                await record_refusal(db, payment_id, refusal.code, refusal.message)
            return
    await _record(house, payment_id, reading)


async def _look(house: House, intent: OrderIntent) -> Reading:
    gateway = await outside(house, intent.gateway)
    assert intent.gateway_ref is not None
    return await gateway.look(intent.gateway_ref)


async def _record(house: House, payment_id: UUID, reading: Reading) -> None:
    async with house.transaction() as db:
        await record_reading(db, payment_id, reading)
