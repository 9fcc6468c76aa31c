"""The nightly look into PayPal's own report: what no notice told is found and booked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from skypanel.integrations.paypal.types import Transaction
from skypanel.integrations.registry import Vendors
from skypanel.payments.actions import (
    booked_refs,
    give_up_unknown,
    match_known,
    note_unmatched,
    payment_of,
    record_charge,
    record_given,
    record_sale,
)
from skypanel.payments.jobs.checkout import follow
from skypanel.payments.models import Payment
from skypanel.payments.rules import Given, GivenState, Moved, SaleMade
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer

LOOK_BACK = timedelta(days=3)
BATCH = 100
SUCCEEDED = frozenset({"S", "P", ""})


@timer("23 3 * * *")
async def read_paypal_report(house: House) -> None:
    """Compare the last days of PayPal's report with the books."""
    async with house.transaction() as db:
        house.queue.enqueue(db, compare_paypal_report, days=LOOK_BACK.days)


@job(queue="payments")
async def compare_paypal_report(house: House, days: int) -> None:
    """Every movement is known, found out about, or laid before staff."""
    paypal = await Vendors.of(house).paypal()
    now = house.clock.now()
    batch: list[Moved] = []
    async for each in paypal.transactions(now - timedelta(days=days), now):
        moved = _moved(each)
        if each.status in SUCCEEDED and (moved.came_in or moved.went_back):
            batch.append(moved)
        if len(batch) >= BATCH:
            await _compare(house, batch)
            batch = []
    await _compare(house, batch)
    async with house.transaction() as db:
        await match_known(db)
        await give_up_unknown(db)


async def _compare(house: House, batch: list[Moved]) -> None:
    unknown = await _unknown(house, batch)
    for moved in unknown:
        await _find_out(house, moved)
    for moved in await _unknown(house, unknown):
        async with house.transaction() as db:
            await note_unmatched(db, moved)


async def _unknown(house: House, batch: list[Moved]) -> list[Moved]:
    if not batch:
        return []
    async with house.transaction() as db:
        known = await booked_refs(db, [each.ref for each in batch])
    return [each for each in batch if each.ref not in known]


async def _find_out(house: House, moved: Moved) -> None:
    """Ask PayPal about the payment a movement names; what it says is booked as ever."""
    async with house.transaction() as db:
        payment_id = await _payment_of(db, moved)
    if payment_id is not None:
        if moved.came_in:
            await _name_order(house, payment_id, moved.ref)
        await follow(house, payment_id)
        if moved.was_taken:
            back = Given(moved.ref, GivenState.COMPLETED, -moved.amount, reversal=True)
            async with house.transaction() as db:
                await record_given(db, payment_id, back)
    elif moved.came_in and moved.related_ref is not None:
        sale = SaleMade(moved.ref, moved.related_ref, moved.amount, None)
        async with house.transaction() as db:
            await record_sale(db, sale)


async def _name_order(house: House, payment_id: UUID, capture_ref: str) -> None:
    """A charge whose answer never came has no order of ours yet: its capture names it."""
    async with house.transaction() as db:
        payment = await db.get_one(Payment, payment_id)
        nameless = payment.automatic and payment.gateway_ref is None
    if not nameless:
        return
    paypal = await Vendors.of(house).paypal()
    order_ref = (await paypal.get_capture(capture_ref)).order_ref
    if order_ref is not None:
        async with house.transaction() as db:
            await record_charge(db, payment_id, order_ref)


async def _payment_of(db: Db, moved: Moved) -> UUID | None:
    ref = moved.related_ref if moved.went_back else moved.ref
    return await payment_of(db, order_ref=None, capture_ref=ref, custom_id=moved.custom_id)


def _moved(found: Transaction) -> Moved:
    return Moved(
        found.ref,
        found.related_ref,
        found.event_code,
        found.amount,
        found.invoice_ref,
        found.custom_id,
        found.at,
    )
