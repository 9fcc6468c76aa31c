"""Rounds: who is asked and how often, what is written down, and what an outage leaves."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.metrics.jobs import rounds as jobs
from skypanel.operations.jobs import check_invariants
from skypanel.platform.ids import new_id
from tests.metrics.conftest import Sampled
from tests.orders.shop import Shop, ok
from tests.world import TOKEN


def asked(sampled: Sampled, operation: str = "getServer") -> int:
    return sum(call.operation == operation for call in sampled.world.virtfusion.calls)


async def test_five_minutes_are_one_sample_each(sampled: Sampled) -> None:
    sampled.world.virtfusion.calls.clear()
    await sampled.round()
    await sampled.rounds(60)
    assert asked(sampled) == 13
    found = await sampled.metrics()
    known = [one for one in found["series"]["cpu"]["mean"] if one is not None]
    assert len(known) == 13
    assert found["point_seconds"] == 300
    assert len(found["at"]) == len(found["series"]["cpu"]["mean"]) == 288
    assert found["up_percent"] == 100
    now = found["now"]
    assert now["running"]
    assert now["memory_total_mib"] == 1024
    assert 0 < now["cpu_percent"] < 100
    assert now["filesystems"][0]["mountpoint"] == "/"
    # Counters of two samples make a rate; the first has none.
    assert len([one for one in found["series"]["read"]["mean"] if one]) == 12


async def test_a_round_that_was_run_twice_asks_once(sampled: Sampled) -> None:
    sampled.world.virtfusion.calls.clear()
    await asyncio.gather(sampled.round(), sampled.round(), sampled.round())
    assert asked(sampled) == 1


async def test_an_outage_is_a_gap_and_nothing_else(sampled: Sampled) -> None:
    await sampled.rounds(20)
    sampled.shop.fault("unavailable", "any", times=None)
    await sampled.rounds(30)
    found = await sampled.metrics()
    assert found["failing_since"] is not None
    assert found["now"]["running"], "what was seen last stands"
    server = await ok(sampled.http.get(sampled.path))
    assert (server["state"], server["power"]) == ("ready", "running")
    sampled.world.virtfusion.faults.clear()
    await sampled.rounds(20)
    found = await sampled.metrics()
    cpu = found["series"]["cpu"]["mean"]
    while cpu[-1] is None:  # the point that has only begun
        cpu.pop()
    assert [one is None for one in cpu[-14:]] == [False] * 4 + [True] * 6 + [False] * 4
    assert found["failing_since"] is None


async def test_an_outage_is_not_hammered(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [await shop.bought(hostname=f"web-{n}.example.com") for n in range(3)]
    for order in orders:
        await shop.see_through(order)
    monkeypatch.setattr(jobs, "GIVEN_UP_AFTER", 2)
    monkeypatch.setattr(jobs, "TOGETHER", 1)
    sampled = Sampled(shop, await shop.server(orders[0]))
    shop.fault("unavailable", "any", times=None)
    shop.world.virtfusion.calls.clear()
    await sampled.round()
    assert asked(sampled) == 2, "neither a third server nor a second try"
    assert asked(sampled, "getServerTraffic") == 0
    failing = await shop.world.rows(
        "select count(*) from metric_standings where failing_since is not null"
    )
    assert failing == [(3,)]


async def test_a_panel_that_wants_a_pause_gets_it(sampled: Sampled) -> None:
    sampled.shop.fault("rate_limit", "getServer", seconds=120)
    await sampled.world.pass_time(minutes=5)
    await sampled.round()
    sampled.world.virtfusion.calls.clear()
    await sampled.world.pass_time(minutes=1)
    await sampled.round()
    assert len(sampled.world.virtfusion.calls) == 0
    await sampled.world.pass_time(minutes=4)
    await sampled.round()
    assert asked(sampled) == 1


async def test_one_failing_server_keeps_nobody_waiting(shop: Shop) -> None:
    orders = [await shop.bought(hostname=f"web-{n}.example.com") for n in range(3)]
    for order in orders:
        await shop.see_through(order)
    tables = shop.world.virtfusion.tables
    gone = sorted(tables.servers)[1]
    del tables.servers[gone]
    first = Sampled(shop, await shop.server(orders[0]))
    await first.world.pass_time(minutes=5)
    await first.round()
    rows = await shop.world.rows(
        "select v.virtfusion_ref = %s, s.sampled_at = %s, s.failing_since is null, v.state"
        " from metric_standings s join servers v on v.id = s.server_id order by v.virtfusion_ref",
        gone,
        first.now,
    )
    assert [row[:3] for row in rows if not row[0]] == [(False, True, True)] * 2
    [lost] = [row for row in rows if row[0]]
    assert lost[2:] == (False, "ready"), "only the comparison of the panel says that it is gone"


async def test_a_row_that_cannot_be_written_leaves_the_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [await shop.bought(hostname=f"web-{n}.example.com") for n in range(2)]
    for order in orders:
        await shop.see_through(order)
    bad = min(shop.world.virtfusion.tables.servers)
    live = VirtFusion.live

    async def broken(self: VirtFusion, server_id: int) -> Any:
        told = await live(self, server_id)
        if server_id != bad or told is None:
            return told
        return type(told)(
            **{name: getattr(told, name) for name in told.__slots__} | {"disk_read_bytes": 2**70}
        )

    monkeypatch.setattr(VirtFusion, "live", broken)
    sampled = Sampled(shop, await shop.server(orders[1]))
    await sampled.world.pass_time(minutes=5)
    await sampled.round()
    seen = await shop.world.rows(
        "select v.virtfusion_ref, s.sampled_at is not null from metric_standings s"
        " join servers v on v.id = s.server_id order by 1"
    )
    assert [row[1] for row in seen] == [False, True]


async def test_whoever_looks_sees_each_half_minute(sampled: Sampled) -> None:
    await sampled.rounds(10)
    sampled.world.virtfusion.calls.clear()
    for _ in range(4):
        watched = await sampled.http.put(f"{sampled.path}/watch")
        assert watched.status_code == 204
        await sampled.round()
        await sampled.world.pass_time(seconds=30)
    assert asked(sampled) == 4
    found = await sampled.metrics("1h")
    assert len([one for one in found["series"]["cpu"]["mean"] if one is not None]) >= 5
    # Nobody looks any more.
    await sampled.world.pass_time(minutes=2)
    await sampled.round()
    sampled.world.virtfusion.calls.clear()
    await sampled.world.pass_time(seconds=30)
    await sampled.round()
    assert asked(sampled) == 0
    await sampled.world.pass_time(hours=3)
    await sampled.keep()
    assert await sampled.world.rows("select count(*) from metric_samples") == [(0,)]


async def test_rounds_keep_an_even_pace(sampled: Sampled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty servers are not asked at once."""
    ref = sampled.guest.id
    wanted = [
        jobs.Wanted(sampled.id, sampled.shop.person.account_id, ref, False)  # type: ignore[arg-type]
        for _ in range(20)
    ]
    at: list[float] = []

    async def noted(self: VirtFusion, server_id: int) -> None:
        at.append(time.monotonic())

    monkeypatch.setattr(VirtFusion, "live", noted)
    claimed = jobs.Claimed(sampled.now, timedelta(0), 18.5, wanted, [])
    await jobs.Round(sampled.world.house, claimed).run()
    assert len(at) == 20
    assert at[-1] - at[0] >= 19 / 20, "never more than twenty a second"


async def test_what_comes_while_others_are_written_is_written_too(
    sampled: Sampled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer is lost between two writings."""
    account = sampled.shop.person.account_id
    wanted = [jobs.Wanted(new_id(), account, n, False) for n in range(60)]  # type: ignore[arg-type]
    written: list[object] = []

    async def slowly(self: VirtFusion, server_id: int) -> None:
        for _ in range(server_id % 7):
            await asyncio.sleep(0)

    async def noted(self: jobs.Round, answers: list[object]) -> None:
        await asyncio.sleep(0)
        written.extend(answers)

    monkeypatch.setattr(VirtFusion, "live", slowly)
    monkeypatch.setattr(jobs.Round, "_write", noted)
    monkeypatch.setattr(jobs, "WRITTEN_TOGETHER", 3)
    claimed = jobs.Claimed(sampled.now, timedelta(0), 1e6, wanted, [])
    await jobs.Round(sampled.world.house, claimed).run()
    assert len(written) == 60


async def test_power_follows_what_is_seen(sampled: Sampled) -> None:
    await sampled.rounds(5)
    sampled.guest.running = False
    await sampled.rounds(5)
    assert (await ok(sampled.http.get(sampled.path)))["power"] == "stopped"
    found = await sampled.metrics()
    assert found["now"]["running"] is False
    assert found["now"]["cpu_percent"] == 0
    assert found["up_percent"] < 100
    topics = await sampled.world.rows("select 1 from procrastinate_jobs where status = 'failed'")
    assert topics == []


async def test_a_suspended_server_is_left_alone(sampled: Sampled) -> None:
    await sampled.rounds(5)
    await sampled.world.rows("update servers set standing = 'suspended'")
    sampled.world.virtfusion.calls.clear()
    await sampled.rounds(30)
    assert asked(sampled) == 0
    await sampled.world.rows("update servers set standing = 'free'")
    await sampled.rounds(10)
    assert asked(sampled) >= 1


async def test_traffic_is_read_each_hour(sampled: Sampled) -> None:
    await sampled.round()
    times = []
    for _ in range(24):
        sampled.world.virtfusion.calls.clear()
        await sampled.rounds(60)
        times.append(asked(sampled, "getServerTraffic"))
    assert 23 <= sum(times) <= 25
    assert max(times) <= 2
    await sampled.again()
    found = await sampled.traffic()
    [period] = found["periods"]
    assert period["limit_gb"] == period["allowed_gb"] == 1000
    assert period["total_bytes"] == period["received_bytes"] + period["sent_bytes"] > 0
    days = [each["total_bytes"] for each in found["days"]]
    assert days == sorted(days)
    assert found["forecast"] is not None
    assert found["forecast"]["total_bytes"] > period["total_bytes"]


async def test_blocks_raise_what_is_allowed(sampled: Sampled) -> None:
    panel = VirtFusion("http://panel.test", TOKEN, http=sampled.world.house.vendors._http)
    await panel.add_traffic_block(sampled.guest.id, 1, 250)
    await sampled.round()
    [period] = (await sampled.traffic())["periods"]
    assert period["allowed_gb"] == 1250
    assert [block["gb"] for block in period["blocks"]] == [250]


async def test_a_clock_that_is_turned_leaves_gaps_and_loses_nothing(sampled: Sampled) -> None:
    await sampled.rounds(10)
    for _ in range(40):
        await sampled.world.pass_time(days=1)
        await sampled.round()
        await sampled.keep()
    await sampled.again()
    year = await sampled.metrics("12m")
    known = [one for one in year["series"]["cpu"]["mean"] if one is not None]
    assert len(known) >= 40
    hours = await sampled.world.rows("select count(*), min(hour) from metric_hours")
    assert hours[0][1] >= sampled.now - timedelta(days=31)
    assert hours[0][0] <= 31
    period = (await sampled.traffic())["periods"]
    assert len(period) == 2, "a period has ended meanwhile"


async def test_samples_that_are_late_are_a_finding(sampled: Sampled) -> None:
    await sampled.round()
    await sampled.world.pass_time(minutes=30)
    await sampled.world.rows("update metric_pace set ran_at = %s", sampled.now)
    await sampled.world.house.queue.tick(check_invariants)
    found = await sampled.world.rows("select check_name from findings where closed_at is null")
    assert ("samples_on_time",) in found
    await sampled.round()
    await sampled.world.house.queue.tick(check_invariants)
    found = await sampled.world.rows("select check_name from findings where closed_at is null")
    assert ("samples_on_time",) not in found


async def test_a_silent_panel_is_a_finding(sampled: Sampled) -> None:
    await sampled.round()
    sampled.shop.fault("unavailable", "any", times=None)
    await sampled.rounds(30)
    await sampled.world.house.queue.tick(check_invariants)
    found = await sampled.world.rows("select check_name from findings where closed_at is null")
    assert ("panel_tells_load",) in found
