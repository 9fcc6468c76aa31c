"""Asking PayPal how a dispute stands."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from skypanel.integrations.paypal.types import PayPalDispute
from skypanel.integrations.registry import Vendors
from skypanel.payments.actions import payment_of, record_dispute
from skypanel.payments.models import Dispute
from skypanel.payments.rules import Contested
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer

QUEUE = "payments"
OPEN_MAX = 200


@job(queue=QUEUE)
async def look_at_dispute(house: House, dispute_ref: str) -> None:
    """Bring one dispute up to date."""
    await follow_dispute(house, dispute_ref)


@timer("17 */6 * * *")
async def look_at_open_disputes(house: House) -> None:
    """Open disputes are asked after, in case a notice was lost."""
    async with house.transaction() as db:
        found = await db.scalars(
            select(Dispute.dispute_ref)
            .where(Dispute.state == "open")
            .order_by(Dispute.id)
            .limit(OPEN_MAX)
        )
        for ref in found:
            house.queue.enqueue(db, look_at_dispute, dispute_ref=ref)


async def follow_dispute(house: House, dispute_ref: str) -> UUID | None:
    """Write down how a dispute stands; the payment it is about, if it is ours."""
    paypal = await Vendors.of(house).paypal()
    found = contested(await paypal.get_dispute(dispute_ref))
    async with house.transaction() as db:
        payment_id = await payment_of(
            db, order_ref=None, capture_ref=found.capture_ref, custom_id=found.payment_ref
        )
        if payment_id is not None:
            await record_dispute(db, payment_id, found)
        return payment_id


def contested(found: PayPalDispute) -> Contested:
    """A dispute in our words."""
    return Contested(
        found.ref,
        found.capture_ref,
        found.custom_id,
        found.amount,
        found.reason,
        found.stage,
        found.status,
        found.outcome,
        found.answer_until,
    )
