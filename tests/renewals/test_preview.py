"""The preview is what then happens: over months of cycles, anchors, zones and empty wallets."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
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
from tests.world import World

SERVICES = int(os.environ.get("SKYPANEL_PREVIEW_SERVICES", "14"))
MONTHS = int(os.environ.get("SKYPANEL_PREVIEW_MONTHS", "14"))
CYCLES = ("monthly", "quarterly", "half_yearly", "yearly")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
BEGINNINGS = [
    datetime(2026, 3, 31, 23, 30, tzinfo=UTC),
    datetime(2026, 4, 30, 3, tzinfo=UTC),
    datetime(2026, 5, 29, 12, tzinfo=UTC),
    datetime(2026, 6, 1, tzinfo=UTC),
]


async def test_preview_equals_what_then_happens(world: World, shop: Shop) -> None:
    chance, other = random.Random(7), random.Random(8)
    accounts = [shop.person.account_id]
    accounts += [(await world.customer(f"c{n}@example.com")).account_id for n in range(3)]
    await policies(world, shop)
    await world.drain()
    for number in range(SERVICES):
        world.clock.at = world.desk.clock.at = BEGINNINGS[number * len(BEGINNINGS) // SERVICES]
        await begin(world, shop, accounts[number % 4], chance, other)
    for account_id in accounts:
        await deposit(world, account_id, chance.randrange(0, 60_000))
    await agree(world, accounts[1], exempt=True)
    await agree(world, accounts[2], promise_until=world.clock.at.date() + timedelta(days=50))
    until = world.clock.at + timedelta(days=30 * MONTHS)

    read = world.house.read()
    expected = [
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
    await live_until(world, until)
    happened = await world.rows(
        "select done_at, service_id, step, number, day, outcome, amount_minor from renewal_acts"
    )
    assert sorted(happened, key=str) == sorted(expected, key=str)
    assert len(expected) > SERVICES * MONTHS / 4
    assert {row[2] for row in happened} >= {"issue", "collect", "roll", "suspend", "erase", "end"}
    assert await world.rows("select service_id from schedules where parked_at is not null") == []
    states = dict(await world.rows("select state, count(*)::int from plan_changes group by 1"))
    assert states.get("applying", 0) >= 2, states
    await holds(world)


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
    world: World, shop: Shop, account_id: Any, chance: random.Random, other: random.Random
) -> None:
    async with world.house.transaction() as db:
        made = await create_service(
            db,
            account_id=account_id,
            plan_id=UUID(chance.choice(list(shop.plans.values()))),
            location_id=UUID(shop.places["Falkenstein"]),
            price=Money(chance.choice((0, 499, 1999)), "EUR"),
            cycle=chance.choice((*CYCLES, "monthly", "monthly")),
            zone=chance.choice(ZONES),
            name="A server",
        )
        await activate(db, made.id)
        if other.random() < 0.4:
            db.add(other_plan(db, shop, made, other))
        await db.flush()
        await begin_schedule(db, made.id)
    if chance.random() < 0.25:
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
