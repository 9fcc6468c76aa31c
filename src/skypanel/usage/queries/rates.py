"""What an hour costs whom: the list or an own deal, the month's price as its cap, the tax."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, select

from skypanel.catalog.models import AddonPrice, PlanPrice
from skypanel.catalog.queries import TAX_RULES, price_book, tax_day
from skypanel.catalog.rules import (
    BrandSettings,
    Cycle,
    Discount,
    Held,
    TaxSettings,
    TaxTreatment,
    buyer_of,
    period_day,
    treat,
)
from skypanel.customers.queries import billing_parties
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.usage.rules import Extra, Off, Rate

MONTHLY: Query[tuple[UUID, str, Decimal]] = Query(
    select(PlanPrice.plan_id, PlanPrice.currency, PlanPrice.amount).where(
        PlanPrice.plan_id == bindparam("plans", type_=ARRAY(Uuid)).any_(),
        PlanPrice.cycle == Cycle.MONTHLY.value,
        PlanPrice.until_at.is_(None),
    ),
    lambda plan_id, currency, amount: (plan_id, currency, amount),
)


MONTHLY_ADDONS: Query[tuple[UUID, str, Decimal]] = Query(
    select(AddonPrice.addon_id, AddonPrice.currency, AddonPrice.amount).where(
        AddonPrice.addon_id == bindparam("addons", type_=ARRAY(Uuid)).any_(),
        AddonPrice.cycle == Cycle.MONTHLY.value,
        AddonPrice.until_at.is_(None),
    ),
    lambda addon_id, currency, amount: (addon_id, currency, amount),
)


@dataclass(frozen=True, slots=True)
class BoughtAddon:
    """An add-on as it is billed by the hour: so many, each at this price of an hour."""

    addon_id: UUID
    name: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A service as its rate sees it: what it is, its price of an hour, and since when.

    `began` is the month of its first hour: from that its discount counts months.
    """

    account_id: UUID
    plan_id: UUID
    currency: str
    amount: Decimal
    since: date
    setup: Money | None = None
    began: date | None = None
    addons: tuple[BoughtAddon, ...] = ()
    discount: Discount | None = None

    def off(self, month: date) -> Off | None:
        """What its coupon takes off in a month: months count as periods do."""
        found, began = self.discount, self.began or month
        if found is None or found.percent is None:
            return None
        number = (month.year - began.year) * 12 + month.month - began.month
        if not found.holds(number):
            return None
        until = None if found.periods is None else period_day(began, "monthly", found.periods)
        return Off(found.code, found.percent, until)


def _extra(one: BoughtAddon, cap: Money | None) -> Extra:
    return Extra(one.name, one.quantity, one.amount, cap)


async def taxes_of(
    house: House, read: Read, accounts: Collection[UUID]
) -> dict[UUID, TaxTreatment]:
    """Which tax each of these accounts pays today."""
    settings = await house.settings.get(TaxSettings)
    brand = await house.settings.get(BrandSettings)
    on = tax_day(read, brand.time_zone)
    rules = await TAX_RULES.all(read, on=on)
    parties = await billing_parties(read, accounts)
    return {
        account_id: treat(settings, rules, buyer_of(party), read.now, on)
        for account_id, party in parties.items()
    }


async def rates(house: House, read: Read, bought: Sequence[Bought], on: date) -> list[Rate]:
    """The rate of a month that begins for these on a day.

    A plan without a month's price has no cap, nor has such an add-on. Own deals and moves of
    prices count for the plan's.
    """
    accounts = {each.account_id for each in bought}
    book = await price_book(read, list(accounts), on)
    taxes = await taxes_of(house, read, accounts)
    months = {
        (plan_id, currency): amount
        for plan_id, currency, amount in await MONTHLY.all(
            read, plans=[*{each.plan_id for each in bought}]
        )
    }

    addons = {one.addon_id for each in bought for one in each.addons}
    caps = {
        (addon_id, currency): Money.of(amount, currency)
        for addon_id, currency, amount in (
            await MONTHLY_ADDONS.all(read, addons=[*addons]) if addons else ()
        )
    }

    def price(each: Bought, cycle: Cycle, amount: Decimal, since: date) -> Decimal:
        held = Held(each.account_id, each.plan_id, each.currency, cycle.value, amount, since)
        return book.price(held, on).amount

    found = []
    for each in bought:
        month = months.get((each.plan_id, each.currency))
        cap = None
        if month is not None:
            cap = Money.of(price(each, Cycle.MONTHLY, month, on), each.currency)
        found.append(
            Rate(
                price=price(each, Cycle.HOURLY, each.amount, each.since),
                currency=each.currency,
                cap=cap,
                setup=each.setup or Money.zero(each.currency),
                tax=taxes[each.account_id],
                off=each.off(on),
                extras=tuple(
                    Extra(
                        one.name, one.quantity, one.amount, caps.get((one.addon_id, each.currency))
                    )
                    for one in each.addons
                ),
            )
        )
    return found
