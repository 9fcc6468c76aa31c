"""Hours as their customers and staff see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, bindparam, or_, select

from skypanel.catalog.rules import exact
from skypanel.identity.models import Account
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.platform.read import Query, money
from skypanel.services.models import Service
from skypanel.usage.models import UsageMonth
from skypanel.usage.queries.meters import (
    BOUGHT,
    METERS,
    RUNNING_SEEN,
    STANDINGS,
    meter,
    meters_of,
    spendable_of,
)
from skypanel.usage.queries.rates import Bought, rates
from skypanel.usage.rules import (
    LASTS_HOURS_MAX,
    Extra,
    Meter,
    MonthState,
    Rate,
    UsageSettings,
    ahead,
    at_rate,
    estimate,
    full_hour,
    hours_between,
    lasts_hours,
    month_end,
    month_of,
)

MONTHS_SHOWN = 13
MONTH = timedelta(days=31)
_ACCOUNT_OF: Query[tuple[UUID, str]] = Query(
    select(Service.account_id, Service.currency).where(
        Service.id == bindparam("service", type_=Uuid()), Service.cycle == "hourly"
    ),
    lambda account_id, currency: (account_id, currency),
)
_MONTHS: Query[tuple[UUID | None, Meter]] = Query(
    METERS.add_columns(UsageMonth.invoice_id)
    .where(UsageMonth.service_id == bindparam("service", type_=Uuid()))
    .order_by(UsageMonth.month.desc(), UsageMonth.part.desc())
    .limit(MONTHS_SHOWN),
    lambda *columns: (columns[-1], meter(*columns[:-1])),
)
_RUNNING: Query[Meter] = Query(
    METERS.where(
        UsageMonth.state.in_((MonthState.OPEN.value, MonthState.CLOSING.value)),
        or_(
            bindparam("account", type_=Uuid()).is_(None),
            UsageMonth.account_id == bindparam("account", type_=Uuid()),
        ),
        UsageMonth.month < bindparam("until", type_=Date()),
    ).order_by(UsageMonth.month, UsageMonth.id),
    meter,
)
_NAMES: Query[tuple[UUID, str]] = Query(
    select(Account.id, Account.name).where(
        Account.id == bindparam("accounts", type_=ARRAY(Uuid)).any_()
    ),
    lambda account_id, name: (account_id, name),
)


def addon_wire(extra: Extra) -> dict[str, Any]:
    """An add-on by the hour, as doors show it; price and cap are of one."""
    return {
        "name": extra.name,
        "quantity": extra.quantity,
        "price_exact": exact(extra.price),
        "cap": None if extra.cap is None else extra.cap.wire(),
    }


def _month(invoice_id: UUID | None, shown: Meter) -> dict[str, Any]:
    rate = shown.rate
    return {
        "month": shown.month,
        "state": shown.state,
        "hours": shown.all_hours,
        "earlier": [
            {
                "name": each.name,
                "hours": each.hours,
                "price_exact": exact(each.price),
                "used": each.used.wire(),
                "ends_at": each.ends_at,
            }
            for each in shown.earlier
        ],
        "coupon": None
        if rate.off is None
        else {
            "code": rate.off.code,
            "percent": exact(rate.off.percent),
            "until": rate.off.until,
        },
        "addons": [addon_wire(each) for each in rate.extras],
        "price_exact": exact(rate.price),
        "cap": None if rate.cap is None else rate.cap.wire(),
        "setup": rate.setup.wire(),
        "begins_at": shown.begins_at,
        "counted_until": shown.counted_until,
        "due": shown.due.wire(),
        "charged": shown.charged.wire(),
        "estimate": estimate(shown).wire(),
        "at_cap": rate.most is not None and rate.whole(shown.hours) == rate.most,
        "invoice_id": invoice_id,
    }


async def usage_of(
    read: Read, viewer: Viewer, service_id: UUID, *, staff: bool = False
) -> dict[str, Any]:
    """The hours of a service, month by month, and how long the account's money lasts."""
    found = await _ACCOUNT_OF.one(read, service=service_id)
    if found is None:
        raise NotFound
    account_id, currency = found
    if not staff:
        viewer.require("billing.view", account_id)
    months = await _MONTHS.all(read, service=service_id)
    return {
        "service_id": service_id,
        "months": [_month(invoice_id, each) for invoice_id, each in months],
        **await account_usage(read, account_id, currency),
    }


async def account_usage(read: Read, account_id: UUID, currency: str) -> dict[str, Any]:
    """An account's money beside what all its hourly servers cost."""
    meters = await meters_of(read, [account_id])
    held = Money((await spendable_of(read, [account_id])).get((account_id, currency), 0), currency)
    arrears = sum((each.arrears for each in meters), Money.zero(currency))
    hours = lasts_hours(meters, held - arrears)
    since = {row[0]: row for row in await STANDINGS.all(read, accounts=[account_id])}
    _, low, short = since.get(account_id, (account_id, None, None))
    return {
        "spendable": held.wire(),
        "arrears": arrears.wire(),
        "lasts_until": None if hours is None else _until(read.now, hours, meters),
        "low": low is not None,
        "short_since": short,
    }


def _until(now: datetime, hours: int, meters: Iterable[Meter]) -> datetime:
    ends = [each.counted_until for each in meters if each.state == MonthState.OPEN]
    begins: datetime = min(ends, default=now)
    return begins + timedelta(hours=min(hours, LASTS_HOURS_MAX))


async def rate_now(house: House, read: Read, meter: Meter) -> Rate:
    """What a service costs by the hour at the plan that it has now."""
    [(_, bought)] = await BOUGHT.all(read, services=[meter.service_id])
    [rate] = await rates(house, read, [bought], meter.month)
    return rate


async def change_needs(
    house: House, read: Read, service_id: UUID, plan_id: UUID, amount: Decimal
) -> tuple[Meter, Rate, Money, Money] | None:
    """How a service by the hour stands, its rate at another plan, and the balance for that.

    That is what all hourly servers of the account need for as long as one must last to start;
    then what there is. Nothing where no hours are counted.
    """
    meter = await RUNNING_SEEN.one(read, service=service_id)
    if meter is None:
        return None
    [(_, bought)] = await BOUGHT.all(read, services=[service_id])
    wanted = replace(bought, plan_id=plan_id, amount=amount, since=read.now.date())
    [rate] = await rates(house, read, [wanted], meter.month)
    hours = (await house.settings.get(UsageSettings)).start_hours
    needed = 0
    for each in await meters_of(read, [meter.account_id]):
        moved = at_rate(each, rate) if each.id == meter.id else each
        needed += each.arrears.minor
        needed += ahead(moved, hours) if each.state == MonthState.OPEN else 0
    currency = rate.currency
    held = (await spendable_of(read, [meter.account_id])).get((meter.account_id, currency), 0)
    return meter, rate, Money(needed, currency), Money(held, currency)


async def start_needs(house: House, read: Read, wanted: Bought) -> tuple[Rate, Money, Money]:
    """An hourly server's rate, the balance that starting it needs, and the balance there is.

    The balance must last for all hourly servers of the account.
    """
    settings = await house.settings.get(UsageSettings)
    [rate] = await rates(house, read, [wanted], month_of(read.now))
    meters = await meters_of(read, [wanted.account_id])
    needed = rate.due(settings.start_hours).minor
    for each in meters:
        needed += each.arrears.minor
        needed += ahead(each, settings.start_hours) if each.state == MonthState.OPEN else 0
    place = (wanted.account_id, wanted.currency)
    held = (await spendable_of(read, [wanted.account_id])).get(place, 0)
    return rate, Money(needed, wanted.currency), Money(held, wanted.currency)


async def hours_ahead(read: Read, until: datetime) -> list[dict[str, Any]]:
    """What the hours of each service will cost before `until`, as acts: one for each."""
    found = [
        (each, count)
        for each in await _RUNNING.all(read, account=None, until=month_of(until + MONTH))
        if each.state == MonthState.OPEN
        and not each.ended
        and (count := hours_between(each.counted_until, full_hour(until))) > 0
    ]
    names = dict(await _NAMES.all(read, accounts=[*{each.account_id for each, _ in found}]))
    return [
        {
            **_act(each, names),
            "step": "hours",
            "at": max(each.counted_until, read.now),
            "on": max(each.counted_until, read.now).date(),
            "amount": money(ahead(each, count), each.rate.currency),
        }
        for each, count in found
    ]


def _act(each: Meter, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "service_id": each.service_id,
        "account_id": each.account_id,
        "account_name": names.get(each.account_id, ""),
        "service_name": each.name,
        "period": 0,
        "day": 0,
        "outcome": "done",
    }


async def estimates(
    read: Read, until: datetime, account_id: UUID | None = None
) -> list[dict[str, Any]]:
    """The invoices of hourly services that a month's end brings before `until`, as acts."""
    found = [
        each
        for each in await _RUNNING.all(read, account=account_id, until=until.date())
        if month_end(each.month) < until
    ]
    names = dict(await _NAMES.all(read, accounts=[*{each.account_id for each in found}]))
    return [
        {
            **_act(each, names),
            "step": "issue",
            "at": max(month_end(each.month), read.now),
            "on": max(month_end(each.month), read.now).date(),
            "amount": money(estimate(each).minor, each.rate.currency),
        }
        for each in found
    ]
