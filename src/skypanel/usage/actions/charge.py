"""Months as they are written, and what wallets pay for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from skypanel.catalog.queries import discounts_for
from skypanel.ledger.actions import Posting, lock_books, post_many
from skypanel.ledger.rules import BookKind
from skypanel.payments.actions import take_credits
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money, Rounding
from skypanel.platform.write import Insert
from skypanel.usage import queries
from skypanel.usage.events import BalanceEmpty, BalanceLow
from skypanel.usage.models import UsageMonth
from skypanel.usage.rules import (
    Extra,
    Meter,
    MonthState,
    Rate,
    UsageSettings,
    ahead,
    month_of,
    write_extras,
    write_off,
    write_tax,
)

MONTHS = Insert(UsageMonth)
WRITE = """
update usage_months set state = counted.state, counted_until = counted.until,
    hours = counted.hours, due_minor = counted.due, charged_minor = counted.charged,
    promotional_minor = counted.promotional
from unnest(
    %(ids)s::uuid[], %(states)s::text[], %(untils)s::timestamptz[], %(hours)s::int[],
    %(dues)s::bigint[], %(charged)s::bigint[], %(promotional)s::bigint[]
) as counted (id, state, until, hours, due, charged, promotional)
where usage_months.id = counted.id
"""
STAND = """
insert into usage_accounts (account_id, low_since, short_since)
select * from unnest(%(accounts)s::uuid[], %(low)s::timestamptz[], %(short)s::timestamptz[])
on conflict (account_id) do update
    set low_since = excluded.low_since, short_since = excluded.short_since
"""


@dataclass(frozen=True, slots=True)
class Opening:
    """A month to be counted from an instant on; `after` is the part of it that was before."""

    service_id: UUID
    begins_at: datetime
    after: Meter | None = None
    setup: Money | None = None


async def open_months(db: Db, openings: Sequence[Opening]) -> None:
    """Freeze price, cap and tax for a month of these services, and count from now on."""
    ids = [each.service_id for each in openings]
    bought = dict(await queries.BOUGHT.all(db, services=ids))
    discounts = await discounts_for(db, ids)
    by_month = sorted(openings, key=lambda each: (each.begins_at, each.service_id))
    for month, group in groupby(by_month, key=lambda each: month_of(each.begins_at)):
        opened = list(group)
        wanted = [
            replace(
                bought[each.service_id], setup=each.setup, discount=discounts.get(each.service_id)
            )
            for each in opened
        ]
        found = await queries.rates(db.house, db, wanted, month)
        await MONTHS.many(
            db,
            [
                _row(each, buyer.account_id, month, rate)
                for each, buyer, rate in zip(opened, wanted, found, strict=True)
            ],
        )


def _row(each: Opening, account_id: UUID, month: date, rate: Rate) -> dict[str, Any]:
    before, extras = each.after, rate.extras
    if before is not None:
        extras = tuple(_rest_of(one, before) for one in rate.extras)
    return {
        "id": new_id(),
        "service_id": each.service_id,
        "account_id": account_id,
        "month": month,
        "part": 0 if before is None else before.part + 1,
        "state": MonthState.OPEN.value,
        "price_exact": rate.price,
        "currency": rate.currency,
        "cap_minor": None if rate.cap is None else rate.cap.minor,
        "spent_minor": 0 if before is None else before.taken.minor,
        "setup_minor": rate.setup.minor,
        "discount": write_off(rate.off),
        "extras": write_extras(extras),
        "earlier": [],
        "tax": write_tax(rate.tax),
        "begins_at": each.begins_at,
        "counted_until": each.begins_at,
        "hours": 0,
        "due_minor": 0,
        "charged_minor": 0,
        "promotional_minor": 0,
    }


def _rest_of(extra: Extra, before: Meter) -> Extra:
    """An add-on with what the part before left of its cap."""
    past = next((one for one in before.rate.extras if one.name == extra.name), None)
    if past is None or past.cap is None or extra.cap is None:
        return extra
    each = Money.of(
        min(past.price * before.all_hours, past.cap.major), past.cap.currency, Rounding.HALF_UP
    )
    return replace(extra, cap=past.cap - each)


async def charge(db: Db, meters: Sequence[Meter]) -> list[Meter]:
    """Take what these months owe, as far as credit and wallet go, into prepaid usage.

    The months are locked. A transfer's key is the month and what it has paid by then, so a charge
    that was made is never made again. Where money runs out the earlier month is paid first.
    """
    paid = {meter.id: meter for meter in meters}
    owing = sorted(
        (meter for meter in meters if meter.arrears.minor > 0),
        key=lambda each: (each.rate.currency, each.account_id, each.month, each.id),
    )
    for currency, group in groupby(owing, key=lambda each: each.rate.currency):
        for meter in await _charge(db, currency, list(group)):
            paid[meter.id] = meter
    return [paid[meter.id] for meter in meters]


async def _charge(db: Db, currency: str, owing: Sequence[Meter]) -> list[Meter]:
    owed: dict[UUID, int] = defaultdict(int)
    for meter in owing:
        owed[meter.account_id] += meter.arrears.minor
    credit = await take_credits(db, currency, owed)
    wallets = await lock_books(db, BookKind.WALLET, currency, owed)
    promised = await lock_books(db, BookKind.PROMOTIONAL, currency, credit) if credit else {}
    money = {account_id: max(minor, 0) for account_id, (_, minor) in wallets.items()}
    shares: list[tuple[Meter, int, int]] = []
    for meter in owing:
        who, need = meter.account_id, meter.arrears.minor
        promotional = min(need, credit.get(who, 0))
        from_wallet = min(need - promotional, money[who])
        if promotional or from_wallet:
            credit[who] = credit.get(who, 0) - promotional
            money[who] -= from_wallet
            shares.append((meter, promotional, from_wallet))
    payers = {meter.account_id for meter, _, _ in shares}
    prepaid = await lock_books(db, BookKind.PREPAID_USAGE, currency, payers) if payers else {}
    postings, charged = [], []
    for meter, promotional, from_wallet in shares:
        who = meter.account_id
        entries: list[tuple[UUID, UUID | None, int]] = [
            (prepaid[who][0], who, promotional + from_wallet)
        ]
        if promotional:
            entries.append((promised[who][0], who, -promotional))
        if from_wallet:
            entries.append((wallets[who][0], who, -from_wallet))
        after = replace(
            meter,
            charged=Money(meter.charged.minor + promotional + from_wallet, currency),
            promotional=Money(meter.promotional.minor + promotional, currency),
        )
        charged.append(after)
        postings.append(
            Posting(
                key=f"usage:{meter.id}:{after.charged.minor}",
                reason=f"{meter.name}: {meter.all_hours} hours of {meter.month:%B %Y}"[:200],
                currency=currency,
                entries=entries,
                account_id=who,
                subject_kind="service",
                subject_id=meter.service_id,
            )
        )
    await post_many(db, postings)
    return charged


async def write_months(db: Db, meters: Sequence[Meter]) -> None:
    """Write down how these months stand."""
    await db.run(
        WRITE,
        ids=[each.id for each in meters],
        states=[str(each.state) for each in meters],
        untils=[each.counted_until for each in meters],
        hours=[each.hours for each in meters],
        dues=[each.due.minor for each in meters],
        charged=[each.charged.minor for each in meters],
        promotional=[each.promotional.minor for each in meters],
    )


async def note_standings(db: Db, accounts: Iterable[UUID]) -> None:
    """Note since when these accounts are low or short; tells it once, when it begins.

    Publishes BalanceLow and BalanceEmpty.
    """
    wanted = sorted(set(accounts))
    settings = await db.house.settings.get(UsageSettings)
    held = await queries.spendable_of(db, wanted)
    before = {row[0]: row[1:] for row in await queries.STANDINGS.all(db, accounts=wanted)}
    own: dict[UUID, list[Meter]] = defaultdict(list)
    for meter in await queries.meters_of(db, wanted):
        own[meter.account_id].append(meter)
    lows: list[datetime | None] = []
    shorts: list[datetime | None] = []
    for account_id in wanted:
        low_since, short_since = before.get(account_id, (None, None))
        short = any(meter.arrears for meter in own[account_id])
        low = _is_low(own[account_id], held, settings.low_hours)
        if short and short_since is None:
            db.publish(BalanceEmpty(account_id, db.now))
        elif low and low_since is None and not short:
            db.publish(BalanceLow(account_id, db.now))
        lows.append((low_since or db.now) if low else None)
        shorts.append((short_since or db.now) if short else None)
    await db.run(STAND, accounts=wanted, low=lows, short=shorts)


def _is_low(meters: Sequence[Meter], held: dict[tuple[UUID, str], int], hours: int) -> bool:
    needed: dict[tuple[UUID, str], int] = defaultdict(int)
    for meter in meters:
        if meter.state == MonthState.OPEN and not meter.ended:
            cost = meter.arrears.minor + ahead(meter, hours)
            needed[meter.account_id, meter.rate.currency] += cost
    return any(cost > held.get(place, 0) for place, cost in needed.items())
