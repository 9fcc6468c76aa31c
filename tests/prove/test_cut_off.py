"""The billing run, cut off at each of its waits: run again, everything is there once."""

from __future__ import annotations

import os

import pytest

from skypanel.renewals.jobs import bill_due_services
from tests.dying import cut_off
from tests.orders.shop import Shop, open_shop
from tests.prove.figures import FIGURES
from tests.renewals.calendar import running
from tests.world import World

# Each month the run is cut off one wait later; thirteen later in the short form.
EVERY = 1 if "SKYPANEL_PROVE" in os.environ else 13
DEPOSIT = 10_000_000


@pytest.fixture
async def shop(world: World) -> Shop:
    return await open_shop(world)


async def to_next(world: World) -> None:
    """Turn the clock to what is next for anybody."""
    [(at,)] = await world.rows("select min(next_at) from schedules")
    world.clock.turn(at - world.clock.at)


async def test_cut_off_at_any_wait_every_period_is_billed_and_paid_once(
    world: World, shop: Shop
) -> None:
    await running(shop)
    await running(shop, hostname="second.example.com")
    await shop.deposit(DEPOSIT)
    house = world.house
    at, cuts = 1, 0
    while True:
        lived = []
        for _ in range(4):  # issue; remind; collect and roll; and the next one's issue or nothing
            await to_next(world)
            was_cut = await cut_off(bill_due_services.run(house), at)
            lived.append(was_cut)
            cuts += was_cut
            await world.drain(hurry=True)
            await bill_due_services.run(house)
            await world.drain(hurry=True)
        if not any(lived):
            break
        at += EVERY
    await laws(world, cuts)
    FIGURES.note("The billing run, cut off", "runs", cuts)
    FIGURES.note("The billing run, cut off", "waits", at - EVERY)


async def laws(world: World, cuts: int) -> None:
    assert cuts > 0
    assert await world.rows("select 1 from procrastinate_jobs where status = 'failed'") == []
    assert await world.rows("select 1 from schedules where parked_at is not null") == []
    periods = await world.rows(
        "select service_id, count(*)::int, max(number), count(distinct number)::int"
        " from renewals where state <> 'void' group by service_id"
    )
    for _, rows, last, numbers in periods:
        assert rows == last == numbers
    twice = await world.rows(
        "select service_id, step, number, day from renewal_acts"
        " group by 1, 2, 3, 4 having count(*) > 1"
    )
    assert twice == []
    [(spent,)] = await world.rows("select sum(total_minor)::int from renewals where state = 'paid'")
    [(left,)] = await world.rows("select balance_minor::int from books where kind = 'wallet'")
    assert left == DEPOSIT - spent
    assert await world.rows("select sum(amount_minor)::int from entries") == [(0,)]
    numbers = await world.rows(
        "select right(number, 6)::int from invoices where number like 'INV-2026-%' order by 1"
    )
    assert [number for (number,) in numbers] == list(range(1, len(numbers) + 1))
