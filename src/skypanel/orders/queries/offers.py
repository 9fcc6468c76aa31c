"""What an account would get for a wish, and at which price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from skypanel.catalog import queries as catalog
from skypanel.catalog.rules import BrandSettings, TaxSettings, exact
from skypanel.customers.queries import billing_party
from skypanel.orders.models import Order
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.services.models import Service
from skypanel.usage.queries import Bought, BoughtAddon, addon_wire, start_needs

# Orders that were paid or may still be: what makes another one not the first.
EARLIER: Query[int] = Query(
    select(func.count()).where(
        Order.account_id == bindparam("account"),
        Order.state.not_in(("cancelled", "expired", "closing", "refunded")),
    ),
    lambda number: number,
)
TRIALS: Query[int] = Query(
    select(func.count()).where(
        Service.account_id == bindparam("account"),
        Service.trial_days > 0,
        Service.state != "cancelled",
    ),
    lambda number: number,
)


async def is_first_order(read: Read, account_id: UUID) -> bool:
    """Whether an account has never ordered anything that it still wants."""
    return not await EARLIER.one(read, account=account_id)


async def may_try(read: Read, account_id: UUID) -> bool:
    """Whether an account may still have a trial: each has one."""
    return not await TRIALS.one(read, account=account_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAsk:
    """What somebody thinks of ordering for an account."""

    account_id: UUID
    plan_id: UUID
    location_id: UUID
    cycle: str
    currency: str
    image_id: UUID | None = None
    coupon: str = ""
    addons: tuple[tuple[UUID, int], ...] = ()


async def offer_for(
    read: Read, asked: OfferAsk, tax: TaxSettings, brand: BrandSettings
) -> catalog.Offer:
    """What exactly an account would get, and at which price; the order takes the same offer."""
    return await catalog.offer(
        read,
        catalog.Ask(
            plan_id=asked.plan_id,
            location_id=asked.location_id,
            image_id=asked.image_id,
            cycle=asked.cycle,
            currency=asked.currency,
            on=catalog.tax_day(read, brand.time_zone),
            party=await billing_party(read, asked.account_id),
            account_id=asked.account_id,
            addons=asked.addons,
            coupon=asked.coupon,
            is_first_order=await is_first_order(read, asked.account_id),
            may_try=await may_try(read, asked.account_id),
        ),
        tax,
    )


def hours_of(account_id: UUID, found: catalog.Offer, since: date) -> Bought:
    """An offer by the hour as what is counted from its start."""
    setup = [line.asked for line in found.lines if line.kind == "setup"]
    return Bought(
        account_id=account_id,
        plan_id=found.sold.plan_id,
        currency=found.currency,
        amount=found.sold.amount,
        since=since,
        setup=sum(setup, Money.zero(found.currency)),
        began=since.replace(day=1),
        addons=tuple(
            BoughtAddon(one.addon_id, one.name, one.quantity, one.amount) for one in found.addons
        ),
        discount=found.coupon.discount if found.coupon else None,
    )


async def hourly_quote(
    house: House, read: Read, account_id: UUID, found: catalog.Offer
) -> dict[str, Any]:
    """What a server by the hour costs at most a month, and the balance that starting it needs."""
    wanted = hours_of(account_id, found, read.now.date())
    rate, needed, held = await start_needs(house, read, wanted)
    return {
        "per_hour_exact": exact(rate.per_hour),
        "cap": rate.cap,
        "setup": rate.setup,
        "addons": [addon_wire(each) for each in rate.extras],
        "percent": None if rate.off is None else exact(rate.off.percent),
        "needed": needed,
        "spendable": held,
    }
