"""The next days as the billing run would live them, and the last ones as it did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, func, select

from skypanel.identity.models import Account
from skypanel.ledger.models import Book
from skypanel.payments.models import Credit
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.read import Page, Query, money
from skypanel.renewals.models import RenewalAct, Schedule
from skypanel.renewals.queries.standings import LIVE, Loaded, Terms, terms_of
from skypanel.renewals.rules import Planned, Step, walk
from skypanel.services.models import Service
from skypanel.services.rules import local_day
from skypanel.usage.queries import estimates, hours_ahead

ROWS_MAX = 500
HOURS = "hours"
ACCOUNTS_AT_ONCE = 2000
FIRST = UUID(int=0)
WALLETS: Query[tuple[UUID, str, int]] = Query(
    select(Book.account_id, Book.currency, Book.balance_minor).where(
        Book.kind == "wallet",
        Book.account_id == bindparam("accounts", type_=ARRAY(Uuid)).any_(),
    ),
    lambda account_id, currency, minor: (account_id, currency, minor),
)
CREDITS: Query[tuple[UUID, str, int]] = Query(
    select(Credit.account_id, Credit.currency, func.sum(Credit.left_minor))
    .where(
        Credit.account_id == bindparam("accounts", type_=ARRAY(Uuid)).any_(),
        Credit.left_minor > 0,
    )
    .group_by(Credit.account_id, Credit.currency),
    lambda account_id, currency, minor: (account_id, currency, int(minor)),
)
NAMES: Query[tuple[UUID, str]] = Query(
    select(Account.id, Account.name).where(
        Account.id == bindparam("accounts", type_=ARRAY(Uuid)).any_()
    ),
    lambda account_id, name: (account_id, name),
)
PARKED: Query[dict[str, Any]] = Query(
    select(
        Schedule.service_id,
        Schedule.account_id,
        Account.name.label("account_name"),
        Service.name.label("service_name"),
        Schedule.parked_at,
        Schedule.parked_because.label("reason"),
        Schedule.next_step,
        Schedule.next_at,
    )
    .join(Service, Service.id == Schedule.service_id)
    .join(Account, Account.id == Schedule.account_id)
    .where(Schedule.parked_at.is_not(None))
    .order_by(Schedule.parked_at.desc())
    .limit(200)
)
LIVED: Query[tuple[str, str, str, int, int]] = Query(
    select(
        RenewalAct.step,
        RenewalAct.outcome,
        RenewalAct.currency,
        func.count(),
        func.coalesce(func.sum(RenewalAct.amount_minor), 0),
    )
    .where(
        RenewalAct.done_at >= bindparam("since", type_=DateTime(timezone=True)),
        RenewalAct.done_at < bindparam("until", type_=DateTime(timezone=True)),
    )
    .group_by(RenewalAct.step, RenewalAct.outcome, RenewalAct.currency),
    lambda step, outcome, currency, count, minor: (step, outcome, currency, count, int(minor)),
)


def _done(
    act_id: UUID,
    service_id: UUID,
    account_id: UUID,
    account_name: str,
    service_name: str,
    step: str,
    number: int,
    day: int,
    at: datetime,
    zone: str,
    outcome: str,
    minor: int | None,
    currency: str,
) -> dict[str, Any]:
    return {
        "id": act_id,
        "service_id": service_id,
        "account_id": account_id,
        "account_name": account_name,
        "service_name": service_name,
        "step": step,
        "period": number,
        "day": day,
        "at": at,
        "on": local_day(at, zone),
        "outcome": outcome,
        "amount": money(minor, currency),
    }


DONE: Query[dict[str, Any]] = Query(
    select(
        RenewalAct.id,
        RenewalAct.service_id,
        RenewalAct.account_id,
        Account.name.label("account_name"),
        Service.name.label("service_name"),
        RenewalAct.step,
        RenewalAct.number,
        RenewalAct.day,
        RenewalAct.done_at,
        Service.zone,
        RenewalAct.outcome,
        RenewalAct.amount_minor,
        RenewalAct.currency,
    )
    .join(Service, Service.id == RenewalAct.service_id)
    .join(Account, Account.id == RenewalAct.account_id)
    .where(RenewalAct.id < bindparam("before", type_=Uuid()))
    .order_by(RenewalAct.id.desc())
    .limit(bindparam("limit")),
    _done,
)


async def plan(
    house: House, read: Read, until: datetime, account_id: UUID | None = None
) -> AsyncIterator[Planned]:
    """What the run would do before `until`, account by account, from the rules it runs by."""
    seen = FIRST
    while True:
        rows = await LIVE.all(
            read, until=until, account=account_id, after_account=seen, limit=ACCOUNTS_AT_ONCE
        )
        whole = _whole_accounts(rows, ACCOUNTS_AT_ONCE)
        if not whole:
            return
        terms = await terms_of(house, read, [row for _, row in whole])
        owners = [*{owner for owner, _ in whole}]
        wallets: dict[UUID, Counter[str]] = defaultdict(Counter)
        for query in (WALLETS, CREDITS):
            for owner, currency, minor in await query.all(read, accounts=owners):
                wallets[owner][currency] += minor
        for owner, group in groupby(whole, key=lambda pair: pair[0]):
            services = [(each.standing, each.policy) for each in _load(group, terms)]
            for planned in walk(services, wallets[owner], read.now, until):
                yield planned
        seen = whole[-1][0]
        if len(rows) < ACCOUNTS_AT_ONCE:
            return


def _whole_accounts(rows: list[Any], limit: int) -> list[tuple[UUID, Any]]:
    """A page's rows by account, without the last account where it may go on."""
    paired = [(row.account_id, row) for row in rows]
    if len(paired) < limit or paired[0][0] == paired[-1][0]:
        return paired
    last = paired[-1][0]
    return [pair for pair in paired if pair[0] != last]


def _load(group: Iterable[tuple[UUID, Any]], terms: Terms) -> list[Loaded]:
    return [row.loaded(terms) for _, row in group]


async def preview(
    house: House, read: Read, days: int, account_id: UUID | None = None
) -> dict[str, Any]:
    """The next days: the first rows of what would happen, and the sums of all of it.

    Of all accounts with what their hours will cost, so that staff approve that, too.
    """
    until = read.now + timedelta(days=days)
    planned, totals = [], _Totals()
    async for each in plan(house, read, until, account_id):
        planned.append(each)
        amount = each.amount
        totals.add(
            each.act.step.value,
            each.outcome,
            each.standing.price.currency,
            1,
            0 if amount is None else amount.minor,
        )
    hours = await estimates(read, until, account_id)
    if account_id is None:
        hours += await hours_ahead(read, until)
    for act in hours:
        asked = act["amount"]
        totals.add(act["step"], "done", asked["currency"], 1, asked["minor"])
    planned.sort(key=lambda each: (each.at, each.act.order, each.standing.service_id))
    shown = planned[:ROWS_MAX]
    names = dict(await NAMES.all(read, accounts=[*{e.standing.account_id for e in shown}]))
    acts = sorted([*(_shape(each, names) for each in shown), *hours], key=lambda act: act["at"])
    return {
        "until": until,
        "acts": acts[:ROWS_MAX],
        "count": len(planned) + len(hours),
        "totals": totals.wire(),
    }


def _shape(each: Planned, names: dict[UUID, str]) -> dict[str, Any]:
    standing, act = each.standing, each.act
    return {
        "service_id": standing.service_id,
        "account_id": standing.account_id,
        "account_name": names.get(standing.account_id, ""),
        "service_name": standing.name,
        "step": act.step.value,
        "period": act.number,
        "day": act.day,
        "at": each.at,
        "on": local_day(each.at, standing.zone),
        "outcome": each.outcome,
        "amount": None if each.amount is None else each.amount.wire(),
    }


class _Totals:
    """Counts and sums by step, outcome and currency."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])

    def add(self, step: str, outcome: str, currency: str, count: int, minor: int) -> None:
        held = self._counts[step, outcome, currency]
        held[0] += count
        held[1] += minor

    def wire(self) -> list[dict[str, Any]]:
        order = [*(step.value for step in Step), HOURS]
        return [
            {
                "step": step,
                "outcome": outcome,
                "count": count,
                "amount": money(minor, currency),
            }
            for (step, outcome, currency), (count, minor) in sorted(
                self._counts.items(), key=lambda item: (order.index(item[0][0]), item[0])
            )
        ]


async def lived(read: Read, days: int) -> list[dict[str, Any]]:
    """The sums of what the run did in the last so many days, to compare a preview with."""
    totals = _Totals()
    since = read.now - timedelta(days=days)
    for step, outcome, currency, count, minor in await LIVED.all(read, since=since, until=read.now):
        totals.add(step, outcome, currency, count, minor)
    return totals.wire()


async def parked(read: Read) -> list[dict[str, Any]]:
    """Services that the run passes over until staff let them go on."""
    return await PARKED.all(read)


async def done_page(read: Read, page: Page) -> dict[str, Any]:
    """What the run did, latest first."""
    return await DONE.page(read, page)
