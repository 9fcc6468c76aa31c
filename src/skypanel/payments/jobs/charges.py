"""Asking a gateway to charge a saved method, and to forget one."""

from __future__ import annotations

from uuid import UUID

from skypanel.payments.actions import (
    ChargeIntent,
    charge_intent,
    record_charge,
    record_decline,
    record_reading,
)
from skypanel.payments.jobs.gateways import NOT_US, outside
from skypanel.payments.models import SavedMethod
from skypanel.payments.rules import Reading
from skypanel.platform.house import House
from skypanel.platform.jobs import job
from skypanel.platform.outside import Refused

QUEUE = "payments"
FORGOTTEN = frozenset({404})


@job(queue=QUEUE)
async def charge_payment(house: House, payment_id: UUID) -> None:
    """Charge a saved method for a payment that was begun."""
    await charge(house, payment_id)


@job(queue=QUEUE)
async def forget_method(house: House, method_id: UUID) -> None:
    """The customer removed a saved method: the gateway forgets it too."""
    async with house.transaction() as db:
        method = await db.get_one(SavedMethod, method_id)
        gateway, method_ref = method.gateway, method.method_ref
    asked = await outside(house, gateway)
    try:
        await asked.forget(method_ref)
    except Refused as refusal:
        if refusal.status not in FORGOTTEN:
            raise


async def charge(house: House, payment_id: UUID) -> None:
    """Ask, and ask again with the same request id until the gateway has said what became of it."""
    intent = await _charge_intent(house, payment_id)
    if intent is None:
        return
    gateway = await outside(house, intent.gateway)
    try:
        reading = await gateway.charge(intent)
    except Refused as refusal:
        if refusal.status in NOT_US:
            raise
        async with house.transaction() as db:
            await record_decline(db, payment_id, refusal.code, refusal.message)
        return
    await _record_charge(house, payment_id, reading)


async def _charge_intent(house: House, payment_id: UUID) -> ChargeIntent | None:
    async with house.transaction() as db:
        return await charge_intent(db, payment_id)


async def _record_charge(house: House, payment_id: UUID, reading: Reading) -> None:
    async with house.transaction() as db:
        await record_charge(db, payment_id, reading.ref)
        await record_reading(db, payment_id, reading)
