"""What an hour costs whom: the list or an own deal, the month's price as its cap, the tax."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, select

from skypanel.catalog.models import PlanPrice
from skypanel.catalog.queries import TAX_RULES, price_book, tax_day
from skypanel.catalog.rules import (
    BrandSettings,
    Cycle,
    Held,
    TaxSettings,
    TaxTreatment,
    buyer_of,
    treat,
)
from skypanel.customers.queries import billing_parties
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.usage.rules import Rate

MONTHLY: Query[tuple[UUID, str, Decimal]] = Query(
    select(PlanPrice.plan_id, PlanPrice.currency, PlanPrice.amount).where(
        PlanPrice.plan_id == bindparam("plans", type_=ARRAY(Uuid)).any_(),
        PlanPrice.cycle == Cycle.MONTHLY.value,
        PlanPrice.until_at.is_(None),
    ),
    lambda plan_id, currency, amount: (plan_id, currency, amount),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A service as its rate sees it: what it is, its price of an hour, and since when."""

    account_id: UUID
    plan_id: UUID
    currency: str
    amount: Decimal
    since: date
    setup: Money | None = None


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

    A plan without a month's price has no cap. Own deals and moves of prices count for both.
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
            )
        )
    return found
