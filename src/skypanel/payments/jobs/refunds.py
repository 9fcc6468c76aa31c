"""Asking a gateway to give money back, in three beats."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from skypanel.payments.actions import (
    RefundIntent,
    record_given,
    record_refund_refusal,
    refund_intent,
)
from skypanel.payments.jobs.gateways import NOT_US, outside
from skypanel.payments.models import Refund
from skypanel.payments.rules import Given
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import Refused, Unknown

QUEUE = "payments"
DUE_MAX = 100


@job(queue=QUEUE)
async def send_refund(house: House, refund_id: UUID) -> None:
    """Give back what was promised.

    What was asked before is looked for first: only what the gateway does not know is asked again,
    and then with the same request id.
    """
    intent = await _refund_intent(house, refund_id)
    if intent is None:
        return
    if intent.repeated and await _seen(house, intent):
        return
    gateway = await outside(house, intent.gateway)
    try:
        given = await gateway.refund(intent)
    except Unknown:
        if await _seen(house, intent):
            return
        raise  # the next try looks again before it asks again
    except Refused as refusal:
        if refusal.status in NOT_US:
            raise
        if not await _seen(house, intent):
            async with house.transaction() as db:
                await record_refund_refusal(db, refund_id, refusal.code, refusal.message)
        return
    await _record_given(house, intent.payment_id, given)


@timer("* * * * * */30")
async def follow_due_refunds(db: Db) -> None:
    """Refunds that nobody told us about for a while are asked after."""
    found = await db.scalars(
        select(Refund)
        .where(Refund.ask_at <= db.now)
        .order_by(Refund.ask_at)
        .limit(DUE_MAX)
        .with_for_update(skip_locked=True)
    )
    for refund in found:
        refund.ask_at = None  # the job sets when to ask again; see `refund_intent`
        db.house.queue.enqueue(db, send_refund, refund_id=refund.id)


async def _refund_intent(house: House, refund_id: UUID) -> RefundIntent | None:
    async with house.transaction() as db:
        return await refund_intent(db, refund_id)


async def _seen(house: House, intent: RefundIntent) -> bool:
    """Write down the refunds that the gateway knows; whether this one is among them."""
    gateway = await outside(house, intent.gateway)
    reading = await gateway.look(intent.order_ref)
    for given in reading.given:
        await _record_given(house, intent.payment_id, given)
    return any(given.refund_ref == str(intent.refund_id) for given in reading.given)


async def _record_given(house: House, payment_id: UUID, given: Given) -> None:
    async with house.transaction() as db:
        await record_given(db, payment_id, given)
