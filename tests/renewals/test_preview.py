"""The preview is what then happens: over months of cycles, anchors, zones and empty wallets."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from skypanel.ledger.actions import book, post
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.renewals.actions import begin_schedule, run_batch
from skypanel.renewals.models import AccountTerms, PlanChange, PlanPolicy, PolicyRow
from skypanel.renewals.queries import plan
from skypanel.renewals.rules import Policy
from skypanel.services.actions import activate, choose_end, create_service
from skypanel.services.models import Service
from tests.orders.shop import Shop
from tests.prove.accounts import open_account
from tests.prove.figures import FIGURES
from tests.world import World

LONG = "SKYPANEL_PROVE" in os.environ
MONTHS = int(os.environ.get("SKYPANEL_PREVIEW_MONTHS", "24"))
CYCLES = ("monthly", "quarterly", "half_yearly", "yearly")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
# Last days of long and short months, a day whose night has 23 hours, another day than UTC's.
ANCHORS = [
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
    datetime(2026, 3, 31, 23, 30, tzinfo=UTC),
    datetime(2026, 4, 30, 3, tzinfo=UTC),
    datetime(2026, 5, 29, 12, tzinfo=UTC),
    datetime(2026, 6, 1, tzinfo=UTC),
    datetime(2026, 8, 31, 10, 30, tzinfo=UTC),
    datetime(2026, 10, 3, 15, tzinfo=UTC),
    datetime(2026, 12, 31, 12, tzinfo=UTC),
]
# The short form's five anchors are the first ones, each with some of the cycles and zones.
EVERY = list(product(ANCHORS if LONG else ANCHORS[:5], CYCLES, ZONES))
SERVICES = EVERY if LONG else EVERY[::7]
SERVICES_OF_ONE = 4
PRICES_MINOR = (499, 1999, 0)
HAPPENED = """
select done_at, service_id, step, number, day, outcome, amount_minor from renewal_acts
"""


async def test_preview_equals_what_then_happens(world: World, shop: Shop) -> None:
    chance, other = random.Random(7), random.Random(8)
    accounts = await some_accounts(world, shop, -(-len(SERVICES) // SERVICES_OF_ONE))
    await deposit(world, accounts[0], 6_000)  # some months: suspended, terminated, erased
    for account_id in accounts[1:]:
        await deposit(world, account_id, chance.randrange(0, 150_000))
    await policies(world, shop)
    await world.drain()
    for number, (at, _, _) in enumerate(SERVICES):
        await live_until(world, at)
        world.clock.at = world.desk.clock.at = at
        await begin(world, shop, accounts[number % len(accounts)], number, chance, other)
    await agree(world, accounts[1], exempt=True)
    await agree(world, accounts[2], promise_until=world.clock.at.date() + timedelta(days=50))
    await live_until(world, world.clock.at + timedelta(seconds=1))
    until = world.clock.at + timedelta(days=366 * MONTHS // 12)

    before = Counter(await world.rows(HAPPENED))
    read = world.house.read()
    expected = Counter(
        [
            (
                each.at,
                each.standing.service_id,
                each.act.step.value,
                each.act.number,
                each.act.day,
                each.outcome,
                None if each.amount is None else each.amount.minor,
            )
            async for each in plan(world.house, read, until)
        ]
    )
    await live_until(world, until)
    happened = Counter(await world.rows(HAPPENED)) - before
    assert happened == expected, {
        "not foreseen": happened - expected,
        "only foreseen": expected - happened,
    }
    assert happened.total() > len(SERVICES) * MONTHS / 4
    assert {row[2] for row in happened} >= {"issue", "collect", "roll", "suspend", "erase", "end"}
    assert await world.rows("select service_id from schedules where parked_at is not null") == []
    states = dict(await world.rows("select state, count(*)::int from plan_changes group by 1"))
    assert states.get("applying", 0) >= 2, states
    await holds(world)
    FIGURES.note("The preview", "services", len(SERVICES))
    FIGURES.note("The preview", "months", MONTHS)
    FIGURES.note("The preview", "steps foreseen, and done", happened.total())


async def some_accounts(world: World, shop: Shop, count: int) -> list[UUID]:
    async with world.house.transaction() as db:
        return [
            await open_account(db, shop.person.user_id, f"Account {n}", "DE") for n in range(count)
        ]


async def holds(world: World) -> None:
    """What must be true whenever the run has ended."""
    assert (
        await world.rows(
            "select currency, sum(amount_minor) from entries group by 1 having sum(amount_minor) <> 0"
        )
        == []
    )
    assert (
        await world.rows(
            "select service_id, number from renewals group by 1, 2 having count(*) > 1"
        )
        == []
    )
    assert (
        await world.rows(
            "select a.service_id from renewals a join renewals b using (service_id)"
            " where a.number + 1 = b.number and a.period_ends_at <> b.period_starts_at"
        )
        == []
    )
    assert (
        await world.rows(
            "select id from services where state = 'active' and period_ends_at <= %s",
            world.clock.at,
        )
        == []
    )


async def begin(
    world: World,
    shop: Shop,
    account_id: Any,
    number: int,
    chance: random.Random,
    other: random.Random,
) -> None:
    _, cycle, zone = SERVICES[number]
    async with world.house.transaction() as db:
        made = await create_service(
            db,
            account_id=account_id,
            plan_id=UUID(chance.choice(list(shop.plans.values()))),
            location_id=UUID(shop.places["Falkenstein"]),
            price=Money(PRICES_MINOR[number % 3], "EUR"),
            cycle=cycle,
            zone=zone,
            name="A server",
        )
        await activate(db, made.id)
        if other.random() < 0.4:
            db.add(other_plan(db, shop, made, other))
        await db.flush()
        await begin_schedule(db, made.id)
    if number % 5 == 4:
        async with world.house.transaction() as db:
            day = world.clock.at.date() + timedelta(days=chance.randrange(20, 200))
            await choose_end(db, made.id, day)
            await db.flush()
            await begin_schedule(db, made.id)


def other_plan(db: Db, shop: Shop, made: Service, chance: random.Random) -> PlanChange:
    """A change of plan that is noted for a period to come; the plan may follow another policy."""
    plan_id = chance.choice(
        [UUID(each) for each in shop.plans.values() if each != str(made.plan_id)]
    )
    price, number = chance.choice((0, 799, 2999)), chance.choice((1, 1, 2))
    others = [each for each in CYCLES if each != made.cycle]
    cycle = None if price == 0 else others[(price + number) % 3]
    return PlanChange(
        cycle_before=cycle and made.cycle,
        cycle=cycle,
        service_id=made.id,
        account_id=made.account_id,
        timing="renewal",
        state="scheduled",
        plan_before_id=made.plan_id,
        plan_id=plan_id,
        plan={"name": "Another", "disk_gib": 10},
        name_before=made.name,
        name="Another server",
        price_minor=price,
        currency="EUR",
        priced_on=db.now.date(),
        number=number,
        effective_on=db.now.date(),
        days_left=0,
        days_whole=0,
        credit_net_minor=0,
        credit_tax_minor=0,
        charge_net_minor=0,
        charge_tax_minor=0,
        charge_rate=0,
        restarts=False,
        created_at=db.now,
    )


async def policies(world: World, shop: Shop) -> None:
    strict = Policy(
        name="Strict", invoice=0, remind=(1,), collect=(0, 2), suspend=2, terminate=9, erase=3
    )
    async with world.house.transaction() as db:
        row = PolicyRow(
            id=new_id(), name="Strict", terms=strict.model_dump(mode="json"), updated_at=db.now
        )
        db.add(row)
        await db.flush()
        db.add(PlanPolicy(plan_id=UUID(shop.plans["VPS 16G"]), policy_id=row.id))


async def agree(world: World, account_id: Any, **terms: Any) -> None:
    async with world.house.transaction() as db:
        db.add(AccountTerms(account_id=account_id, reason="agreed", updated_at=db.now, **terms))
    ids = await world.rows("select service_id from schedules where account_id = %s", account_id)
    for (service_id,) in ids:
        async with world.house.transaction() as db:
            await begin_schedule(db, service_id)


async def deposit(world: World, account_id: Any, minor: int) -> None:
    if not minor:
        return
    async with world.house.transaction() as db:
        wallet, given = (
            await book(db, "wallet", "EUR", account_id),
            await book(db, "paypal_clearing", "EUR"),
        )
        money = Money(minor, "EUR")
        await post(
            db,
            key=f"test:{new_id()}",
            reason="Deposit",
            entries=[(wallet.id, money), (given.id, -money)],
        )


async def live_until(world: World, until: datetime) -> None:
    """Turn the clock from one act to the next, and do what is due."""
    while True:
        [(at,)] = await world.rows("select min(next_at) from schedules where parked_at is null")
        if at is None or at >= until:
            return
        world.clock.at = max(world.clock.at, at)
        while True:
            async with world.house.transaction() as db:
                if not await run_batch(db, 50):
                    break
