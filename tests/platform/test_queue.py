"""Jobs: in the transaction, at least once, visible when dead, rescued when their worker died."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from skypanel.platform.house import House
from skypanel.platform.ids import new_id
from tests.platform.conftest import begin, crash, one, settle


async def start(house: House) -> UUID:
    payment_id = new_id()
    async with house.transaction() as db:
        await begin(db, payment_id)
    return payment_id


async def test_rolled_back_work_leaves_no_job(house: House) -> None:
    with pytest.raises(RuntimeError):
        async with house.transaction() as db:
            await begin(db, new_id())
            raise RuntimeError
    assert await one(house, "select count(*) from procrastinate_jobs") == 0
    assert await one(house, "select count(*) from toy_payments") == 0


async def test_the_story_runs_from_the_table(house: House) -> None:
    await start(house)
    await house.queue.drain()
    assert await one(house, "select count(*) from toy_receipts") == 1
    done = "select count(*) from procrastinate_jobs where status = 'succeeded'"
    assert await one(house, done) == 2


async def test_a_lost_answer_is_asked_again_and_done_once(house: House) -> None:
    house.vendors.lost_answers = 1
    await start(house)
    await house.queue.drain()
    assert await one(house, "select state from toy_payments") == "approved"
    assert await one(house, "select message from job_failures") == "vendor: the answer was lost"
    await house.queue.drain(hurry=True)
    assert (house.vendors.calls, len(house.vendors.done)) == (2, 1)
    assert await one(house, "select captures from toy_payments") == 1
    assert await one(house, "select count(*) from toy_receipts") == 1


async def test_hopeless_jobs_stop_and_can_be_revived(house: House) -> None:
    house.vendors.lost_answers = 3
    await start(house)
    for _ in range(5):
        await house.queue.drain(hurry=True)
    assert house.vendors.calls == 3
    dead = await one(house, "select id from procrastinate_jobs where status = 'failed'")
    assert isinstance(dead, int)
    async with house.transaction() as db:
        assert await house.queue.revive(db, dead)
    async with house.transaction() as db:
        assert not await house.queue.revive(db, dead)
    await house.queue.drain()
    assert await one(house, "select state from toy_payments") == "settled"


async def test_a_job_that_breaks_leaves_nothing_but_its_record(house: House) -> None:
    async with house.transaction() as db:
        house.queue.enqueue(db, crash, payment_id=new_id())
    await house.queue.drain()
    assert await one(house, "select count(*) from toy_receipts") == 0
    said = await one(house, "select kind || ': ' || message from job_failures")
    assert str(said).startswith("RuntimeError: RuntimeError: boom at conftest.py:")


async def test_many_workers_never_share_a_job(house: House) -> None:
    for _ in range(15):
        await start(house)
    await asyncio.gather(*(house.queue.drain() for _ in range(3)))
    assert await one(house, "select max(captures) from toy_payments") == 1
    assert await one(house, "select count(*) from toy_receipts") == 15


async def test_jobs_of_a_killed_worker_run_again(house: House) -> None:
    await start(house)
    await one(house, "insert into procrastinate_workers default values returning id")
    await one(
        house,
        "update procrastinate_workers set last_heartbeat = now() - interval '1 hour' returning id",
    )
    await one(
        house,
        "update procrastinate_jobs set status = 'doing',"
        " worker_id = (select id from procrastinate_workers) returning id",
    )
    await house.queue.drain()
    assert await one(house, "select state from toy_payments") == "approved"
    assert await house.queue.rescue() == 1
    await house.queue.drain()
    assert await one(house, "select state from toy_payments") == "settled"


async def test_a_job_that_kills_every_worker_ends_dead(house: House) -> None:
    await start(house)
    for _ in range(settle.attempts_max):
        await one(
            house,
            "update procrastinate_jobs set status = 'doing', worker_id = null returning id",
        )
        await house.queue.rescue()
    assert await one(house, "select status::text from procrastinate_jobs") == "failed"


async def test_backoff_doubles_and_is_bounded() -> None:
    assert [settle.wait_seconds(n) for n in range(3)] == [60, 120, 240]
    assert timedelta(seconds=settle.wait_seconds(30)) == timedelta(minutes=15)
