"""Hours become days after thirty days, and days go after a year: nothing is lost between."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from statistics import fmean

from skypanel.metrics.actions import backfill
from skypanel.metrics.rules import EVERY, Sample
from tests.metrics.conftest import Sampled


async def fill(sampled: Sampled, days: int, *, seed: int = 7) -> list[Sample]:
    """A past of samples with gaps, written down by the verb the sandbox uses."""
    dice = Random(seed)
    end = sampled.now.replace(hour=0, minute=0)
    at = end - timedelta(days=days)
    samples = []
    while at < end:
        if dice.random() < 0.9:
            samples.append(
                Sample(at, running=dice.random() < 0.99, cpu=dice.randrange(1001), memory=400)
            )
        at += EVERY
    account = sampled.shop.person.account_id
    assert account is not None
    async with sampled.world.house.transaction() as db:
        await backfill(db, sampled.id, account, samples)
    return samples


async def test_days_say_what_their_hours_said(sampled: Sampled) -> None:
    samples = await fill(sampled, 40)
    await sampled.round()
    before = await sampled.metrics("12m")
    for _ in range(8):
        await sampled.keep()
    old = sampled.now.replace(hour=0, minute=0) - timedelta(days=30)
    left = await sampled.world.rows("select min(hour), count(*) from metric_hours")
    assert left[0][0] >= old
    days = await sampled.world.rows(
        "select day, seen, ran, cpu_mean, cpu_most, memory_mean from metric_days order by day"
    )
    assert len(days) == 10
    for day, seen, ran, mean, most, memory in days:
        mine = [one for one in samples if one.at.date() == day]
        assert (seen, ran) == (len(mine), sum(one.running for one in mine))
        cpu = [one.cpu for one in mine if one.cpu is not None]
        assert abs(mean - fmean(cpu)) < 1e-9
        assert most == max(cpu)
        assert memory == 400
    after = await sampled.metrics("12m")
    assert after["series"] == before["series"]
    assert after["up_percent"] == before["up_percent"]


async def test_rolling_up_twice_changes_nothing(sampled: Sampled) -> None:
    await fill(sampled, 33)
    await sampled.round()
    for _ in range(3):
        await sampled.keep()
    first = await sampled.world.rows("select * from metric_days order by day")
    assert len(first) == 3
    for _ in range(3):
        await sampled.keep()
    assert await sampled.world.rows("select * from metric_days order by day") == first


async def test_a_year_later_a_day_is_gone(sampled: Sampled) -> None:
    await fill(sampled, 32)
    await sampled.round()
    await sampled.keep()
    assert await sampled.world.rows("select count(*) from metric_days") == [(2,)]
    await sampled.world.pass_time(days=400)
    for _ in range(20):
        await sampled.keep()
    assert await sampled.world.rows("select count(*) from metric_hours") == [(0,)]
    [(oldest,)] = await sampled.world.rows("select min(day) from metric_days")
    assert oldest is None or oldest >= (sampled.now - timedelta(days=366)).date()
