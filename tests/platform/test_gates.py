"""A vendor's gate: one pace for all processes, those first for whom somebody waits, and a door
that shuts when nobody answers."""

from __future__ import annotations

import asyncio
import time

import pytest

from skypanel.platform import gates
from skypanel.platform.gates import STANDING, SharedGate
from skypanel.platform.house import House
from skypanel.platform.outside import Unavailable


async def age(house: House, column: str, seconds: float) -> None:
    """Let so many seconds have passed for one column of the gate."""
    async with house.pool.connection() as connection:
        sql = f"update vendor_gates set {column} = {column} - interval '1 second' * %s"
        await connection.execute(sql.encode(), (seconds,))


@pytest.fixture
def slept() -> list[float]:
    return []


def gate(house: House, slept: list[float], *, per_minute: int = 600) -> SharedGate:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await age(house, "seen_at", seconds)  # as if it had been so long

    return SharedGate(house, "panel", per_minute=per_minute, sleep=sleep)


async def test_two_processes_share_one_pace(house: House) -> None:
    """Real time: 40 calls at 20 a second beyond the first burst of 20 take a second, not half."""
    first, second = (SharedGate(house, "panel", per_minute=1200) for _ in range(2))
    began = time.monotonic()
    await asyncio.gather(
        *(one.enter(urgent=True) for one in (first, second) for _ in range(20)),
    )
    assert time.monotonic() - began >= 0.9


async def test_patient_callers_leave_a_reserve(house: House, slept: list[float]) -> None:
    one = gate(house, slept)  # ten a second: a burst of ten, of which 2.5 are kept
    for _ in range(7):
        await one.enter(urgent=False)
    assert slept == []
    for _ in range(2):
        await one.enter(urgent=True)
    assert slept == []
    await one.enter(urgent=False)
    assert slept


async def test_an_urgent_call_goes_before_patient_ones(house: House) -> None:
    """With the tokens used up an urgent call reserves the next; the patient wait behind it."""
    one = SharedGate(house, "panel", per_minute=600)
    order: list[str] = []

    async def call(name: str, *, urgent: bool) -> None:
        await one.enter(urgent=urgent)
        order.append(name)

    for _ in range(10):
        await one.enter(urgent=True)
    patient = [asyncio.create_task(call(f"poll {n}", urgent=False)) for n in range(3)]
    await asyncio.sleep(0)
    await asyncio.gather(call("task", urgent=True), *patient)
    assert order[0] == "task"


async def test_who_would_wait_too_long_is_told_when_to_come(
    house: House, slept: list[float]
) -> None:
    one = gate(house, slept, per_minute=6)

    async def never(_seconds: float) -> None: ...

    one._sleep = never
    for _ in range(3):
        await one.enter(urgent=True)
    with pytest.raises(Unavailable) as caught:
        for _ in range(3):
            await one.enter(urgent=True)
    assert caught.value.code == "rate_limited"
    assert (caught.value.retry_after_seconds or 0) >= 1


async def test_a_limit_told_to_one_holds_for_all(house: House, slept: list[float]) -> None:
    first, second = gate(house, slept), gate(house, slept, per_minute=0)
    await first.enter(urgent=True)
    await first.limited(20)
    for one in (first, second):
        with pytest.raises(Unavailable) as caught:
            await one.enter(urgent=True)
        assert 18 < (caught.value.retry_after_seconds or 0) <= 20
    await age(house, "limited_until_at", 21)
    await second.enter(urgent=True)


async def test_failures_in_a_row_that_last_shut_the_door_and_one_answer_opens_it(
    house: House, slept: list[float]
) -> None:
    one = gate(house, slept, per_minute=0)
    await one.enter(urgent=True)
    for _ in range(gates.OPENS_AFTER_FAILURES + 3):
        await one.failed("GET /x: not reached")
    await one.enter(urgent=True)  # many at one moment are one trouble
    await age(house, "failing_since_at", gates.OPENS_AFTER_SECONDS)
    await one.failed("GET /x: not reached")
    with pytest.raises(Unavailable) as caught:
        await one.enter(urgent=True)
    assert caught.value.code == "circuit_open"
    seen = await STANDING.one(house.read(), vendor="panel")
    assert seen is not None
    assert (seen["shut_at"] is not None, seen["error"]) == (True, "GET /x: not reached")

    await age(house, "probe_at", 120)
    probe = await one.enter(urgent=True)  # one is let through to look
    assert probe.troubled
    with pytest.raises(Unavailable):
        await one.enter(urgent=True)
    await one.answered(probe)
    assert not (await one.enter(urgent=True)).troubled


async def test_a_probe_that_fails_keeps_it_shut_longer(house: House, slept: list[float]) -> None:
    one = gate(house, slept, per_minute=0)
    await one.enter(urgent=True)
    for _ in range(gates.OPENS_AFTER_FAILURES):
        await one.failed("no")
        await age(house, "failing_since_at", gates.OPENS_AFTER_SECONDS)
    waits = []
    for _ in range(6):
        with pytest.raises(Unavailable) as caught:
            await one.enter(urgent=True)
        waits.append(round(caught.value.retry_after_seconds or 0))
        await age(house, "probe_at", 120)
        await one.enter(urgent=True)
        await one.failed("still no")
    assert waits == sorted(waits)
    assert waits[0] == gates.PROBE_SECONDS
    assert waits[-1] == gates.PROBE_SECONDS_MAX


async def test_without_a_database_nobody_is_called(house: House, slept: list[float]) -> None:
    one = gate(house, slept)
    async with house.pool.connection() as connection:
        await connection.execute(b"alter table vendor_gates rename to gone")
    try:
        with pytest.raises(Unavailable) as caught:
            await one.enter(urgent=True)
        assert caught.value.code == "not_asked"
        await one.failed("noted nowhere, and no error of its own")
    finally:
        async with house.pool.connection() as connection:
            await connection.execute(b"alter table gone rename to vendor_gates")


async def test_the_row_needs_no_write_to_the_log(house: House) -> None:
    async with house.pool.connection() as connection:
        sql = b"select relpersistence from pg_class where relname = 'vendor_gates'"
        row = await (await connection.execute(sql)).fetchone()
    assert row in [("u",), (b"u",)]
