"""A change of plan or cycle begins: the service is billed so, and its server follows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.actions import end_redemption
from skypanel.catalog.models import AddonPrice
from skypanel.catalog.queries import discounts_for
from skypanel.catalog.rules import is_finer, price_money
from skypanel.platform.db import Db
from skypanel.platform.money import Money
from skypanel.platform.states import advance
from skypanel.renewals import queries
from skypanel.renewals.errors import ServiceUnpaid
from skypanel.renewals.events import PlanChangeApplied, PlanChangeDone
from skypanel.renewals.models import PlanChange
from skypanel.renewals.rules import CHANGE_STATES
from skypanel.renewals.rules.hours import HOURS_UNPAID
from skypanel.renewals.rules.weigh import Subject
from skypanel.services.actions import AddonPriced, change_cycle, change_plan
from skypanel.services.models import ServiceAddon
from skypanel.usage import actions as usage


def addon_prices(subject: Subject, cycle: str) -> dict[str, Any]:
    """What its add-ons cost in another cycle, frozen as the plan's price is."""
    currency = subject.standing.price.currency
    found = {}
    for one in subject.addons:
        version, amount = one.prices[cycle]
        price = price_money(amount, currency)
        exact = str(amount) if is_finer(amount, currency) else None
        found[str(one.id)] = {"version": version, "minor": price.minor, "exact": exact}
    return found


async def apply_change(db: Db, change: PlanChange) -> None:
    """The service has its new plan or cycle; its server follows. Publishes PlanChangeApplied.

    Where only the cycle is another, that is all: publishes PlanChangeDone, too.
    """
    if change.cycle is not None:
        await _turn(db, change, change.cycle)
    await change_plan(
        db,
        change.service_id,
        plan_id=change.plan_id,
        name=change.name,
        price=Money(change.price_minor, change.currency),
        price_exact=change.price_exact,
        priced_on=change.priced_on,
    )
    advance(db, change, CHANGE_STATES, "apply")
    change.applied_at = change.due_at = db.now
    change.expires_at = None
    await db.flush()
    db.publish(PlanChangeApplied(change.id, change.service_id, change.account_id))
    if change.plan_id == change.plan_before_id:
        advance(db, change, CHANGE_STATES, "finish")
        change.closed_at, change.due_at = db.now, None
        db.publish(PlanChangeDone(change.id, change.service_id, change.account_id))


async def _turn(db: Db, change: PlanChange, cycle: str) -> None:
    """Its periods have another length from this one on; what is bound to the old one ends."""
    ended = set(
        await db.scalars(
            select(ServiceAddon.id).where(
                ServiceAddon.service_id == change.service_id, ServiceAddon.ended_at.is_not(None)
            )
        )
    )
    priced = [
        AddonPriced(
            UUID(addon_id),
            UUID(one["version"]),
            Money(one["minor"], change.currency),
            None if one["exact"] is None else Decimal(one["exact"]),
        )
        for addon_id, one in change.addons.items()
        if UUID(addon_id) not in ended
    ]
    await change_cycle(db, change.service_id, cycle, change.number, priced)
    discount = (await discounts_for(db, [change.service_id])).get(change.service_id)
    if discount is not None and not discount.goes_to(cycle):
        await end_redemption(db, change.service_id, change.number)


async def apply_hourly(db: Db, change: PlanChange) -> None:
    """A service by the hour has its new plan; hours that have begun stay at the old price.

    Publishes PlanChangeApplied.
    """
    before = await usage.count_begun(db, change.service_id, await queries.reach(db))
    if before is None or before.arrears:
        raise ServiceUnpaid(HOURS_UNPAID)
    await apply_change(db, change)
    await usage.turn(db, before)


async def scheduled_changes(db: Db, service_ids: Sequence[UUID]) -> list[PlanChange]:
    """The changes that are noted for periods to come of these services, locked."""
    found = await db.scalars(
        select(PlanChange)
        .where(PlanChange.service_id.in_(service_ids), PlanChange.state == "scheduled")
        .order_by(PlanChange.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


async def price_for_coming(db: Db, service_id: UUID, service_addon_id: UUID) -> None:
    """An add-on came after another cycle was noted: from then on it costs what it costs there."""
    change = await db.scalar(
        select(PlanChange)
        .where(
            PlanChange.service_id == service_id,
            PlanChange.state == "scheduled",
            PlanChange.cycle.is_not(None),
        )
        .with_for_update()
    )
    if change is None:
        return
    held = await db.get_one(ServiceAddon, service_addon_id)
    price = await db.scalar(
        select(AddonPrice).where(
            AddonPrice.addon_id == held.addon_id,
            AddonPrice.currency == held.currency,
            AddonPrice.cycle == change.cycle,
            AddonPrice.until_at.is_(None),
        )
    )
    if price is not None:
        coming = price_money(price.amount, held.currency)
        exact = str(price.amount) if is_finer(price.amount, held.currency) else None
        entry = {"version": str(price.id), "minor": coming.minor, "exact": exact}
        change.addons = {**change.addons, str(held.id): entry}
