"""The sandbox's clock: turned by staff, followed by every process, and no day is skipped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from tests.orders.shop import Shop, ok, open_shop
from tests.renewals.calendar import acts, running
from tests.world import KEYS, ORIGIN, START, World

from skypanel.app.boot import Boot
from skypanel.app.composition import build_house
from skypanel.operations.rules import next_stop
from skypanel.platform import turning
from skypanel.platform.clock import FrozenClock
from skypanel.platform.house import House

DOOR = "/api/v1/admin/clock"
DAY = timedelta(days=1)


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Shop]:
    """A host in a sandbox."""
    world.house.is_sandbox = True
    yield await open_shop(world)
    world.desk.clock.offset = timedelta(0)


async def turn(shop: Shop, days: int | None) -> dict[str, Any]:
    """Turn the clock and let everything follow."""
    answer = await shop.staff.http.post(f"{DOOR}/turns", json={"days": days} if days else {})
    assert answer.status_code == 202, answer.text
    return await arrived(shop, answer.json()["id"])


async def arrived(shop: Shop, turn_id: str) -> dict[str, Any]:
    for _ in range(200):
        await shop.world.drain(hurry=True)
        found = await ok(shop.staff.http.get(f"{DOOR}/turns/{turn_id}"))
        if found["state"] == "done":
            return found
    raise AssertionError(f"it never arrived: {found}")


async def test_outside_a_sandbox_there_is_no_such_door(world: World) -> None:
    staff = await world.staff()
    for method, path in (
        ("GET", DOOR),
        ("GET", f"{DOOR}/turns"),
        ("POST", f"{DOOR}/turns"),
        ("GET", f"{DOOR}/turns/0199f000-0000-7000-8000-000000000000"),
    ):
        answer = await staff.http.request(method, path, json={"days": 1})
        assert answer.status_code == 404, path
    assert await world.rows("select 1 from turned_clock") == []


async def test_a_month_passes_and_no_day_is_skipped(shop: Shop) -> None:
    await running(shop)
    await shop.deposit(499)
    found = await turn(shop, 31)
    assert shop.world.house.clock.now() == START + timedelta(days=31, seconds=_lived(shop))
    assert found["trouble"] is None
    done = await acts(shop.world)
    assert [step for step, *_ in done] == ["issue", "remind", "collect", "roll"]
    for due_at, done_at in await shop.world.rows("select due_at, done_at from renewal_acts"):
        assert due_at == done_at
    kinds = [each["kind"] for each in found["followed"]]
    assert kinds.count("act") == 4
    assert kinds.count("invoice") == 1
    assert kinds.count("payment") == 1
    assert "mail" in kinds
    at = [each["at"] for each in found["followed"]]
    assert at == sorted(at)
    assert found["from_at"] < at[0] <= at[-1] <= found["ended_at"]


def _lived(shop: Shop) -> float:
    """The seconds that the world's own frozen clock was moved while the server was made."""
    clock = shop.world.clock
    return (clock.at - START).total_seconds()


async def test_it_goes_to_what_comes_next(shop: Shop) -> None:
    await running(shop)
    shown = await ok(shop.staff.http.get(DOOR))
    assert shown["turning"] is None
    found = await turn(shop, None)
    assert found["to_at"] == shown["next_act_at"]
    assert [step for step, *_ in await acts(shop.world)] == ["issue"]
    again = await ok(shop.staff.http.get(DOOR))
    assert again["now"] == shown["next_act_at"]
    assert again["ahead_seconds"] > 0
    listed = await ok(shop.staff.http.get(f"{DOOR}/turns"))
    assert [each["id"] for each in listed["items"]] == [found["id"]]
    [(verb, name)] = await shop.world.rows(
        "select verb, actor_name from audit_entries where verb = 'clock.turn'"
    )
    assert (verb, name) == ("clock.turn", "Olga Owner")


async def test_nothing_comes_where_nobody_buys(shop: Shop) -> None:
    answer = await shop.staff.http.post(f"{DOOR}/turns", json={})
    assert answer.json()["code"] == "nothing_comes"


async def test_one_turn_at_a_time_and_not_by_everybody(shop: Shop) -> None:
    support = await shop.world.staff("sam@host.example", "support")
    assert (await support.http.post(f"{DOOR}/turns", json={"days": 1})).status_code == 403
    first = await shop.staff.http.post(f"{DOOR}/turns", json={"days": 2})
    assert first.status_code == 202
    second = await shop.staff.http.post(f"{DOOR}/turns", json={"days": 2})
    assert second.json()["code"] == "turn_under_way"
    before = shop.world.house.clock.now()
    await arrived(shop, first.json()["id"])
    assert shop.world.house.clock.now() - before == 2 * DAY


async def test_a_killed_step_is_not_taken_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shop.world.house.clock.now()
    answer = await shop.staff.http.post(f"{DOOR}/turns", json={"days": 3})
    kills = 2

    async def dying(house: House) -> None:
        nonlocal kills
        if kills:
            kills -= 1
            raise RuntimeError("killed behind the commit")
        await follow(house)

    follow = turning.follow
    monkeypatch.setattr("skypanel.operations.jobs.clock.follow", dying)
    found = await arrived(shop, answer.json()["id"])
    assert shop.world.house.clock.now() - before == 3 * DAY
    assert found["steps"] == 3
    assert kills == 0


async def test_word_of_an_earlier_turn_may_come_late(shop: Shop) -> None:
    house = shop.world.house
    async with house.transaction() as db:
        until = db.now + 2 * DAY
        house.clock.offset += DAY
        await turning.turn(db, until)
    assert await shop.world.rows("select ahead from turned_clock") == [(2 * DAY,)]


async def test_a_timer_that_breaks_is_named_and_the_clock_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick = type(shop.world.house.queue).tick

    async def broken(self: Any, job: Any) -> None:
        if job.name == "payments.expire_credits":
            raise RuntimeError("it broke")
        await tick(self, job)

    monkeypatch.setattr(type(shop.world.house.queue), "tick", broken)
    found = await turn(shop, 2)
    assert found["trouble"] == "payments.expire_credits"


async def test_every_process_of_a_sandbox_follows_and_production_does_not(
    shop: Shop, clean_database: str
) -> None:
    boot = Boot(
        DATABASE_URL=SecretStr(clean_database),
        PUBLIC_URL=ORIGIN,
        SKYPANEL_SECRET_KEYS=SecretStr(KEYS),
    )
    others = [build_house(boot, "another process", clock=FrozenClock(START)) for _ in range(3)]
    follower, latecomer, production = others
    follower.is_sandbox = latecomer.is_sandbox = True
    try:
        await follower.open()
        await production.open()
        await turn(shop, 2)
        await _until(follower, START + 2 * DAY)
        await latecomer.open()
        assert latecomer.clock.now() == START + 2 * DAY
        assert production.clock.now() == START
    finally:
        for house in others:
            await house.close()


async def _until(house: House, at: datetime) -> None:
    async with asyncio.timeout(10):
        while house.clock.now() < at:
            await asyncio.sleep(0.01)
    assert house.clock.now() == at


async def test_a_real_worker_turns_it(shop: Shop) -> None:
    await running(shop)
    await shop.deposit(499)
    worker = asyncio.create_task(shop.world.house.queue.work(concurrency=4))
    try:
        answer = await shop.staff.http.post(f"{DOOR}/turns", json={"days": None})
        async with asyncio.timeout(60):
            found = answer.json()
            while found["state"] != "done":
                await asyncio.sleep(0.1)
                found = await ok(shop.staff.http.get(f"{DOOR}/turns/{found['id']}"))
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    assert [step for step, *_ in await acts(shop.world)] == ["issue"]
    assert {"act", "invoice"} <= {each["kind"] for each in found["followed"]}


def test_where_it_stops() -> None:
    assert next_stop(START, START + 3 * DAY, None) == START + DAY
    assert next_stop(START, START + 3 * DAY, START + DAY / 2) == START + DAY / 2
    assert next_stop(START, START + DAY / 3, START + DAY / 2) == START + DAY / 3
    assert next_stop(START, START + DAY, START - DAY) == START + DAY
    assert next_stop(START, START, None) is None
