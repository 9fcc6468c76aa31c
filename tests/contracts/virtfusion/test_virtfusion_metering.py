"""Load, traffic and blocks, every exchange held to the contract."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from virtfusion_world import TOKEN, World

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.simulator.load import load, traffic
from skypanel.integrations.virtfusion.types import Missing, Power
from skypanel.platform.outside import Refused, Unavailable, Unknown


async def test_live_load_is_read_alone(world: World) -> None:
    server = await world.installed()
    live = await world.panel.live(server.id)
    assert live is not None
    assert live == (await world.panel.server(server.id, live=True)).live
    await world.panel.power(server.id, Power.POWEROFF)
    world.turn(5)
    off = await world.panel.live(server.id)
    assert off is not None
    assert not off.running


async def test_a_sample_is_asked_for_once(world: World) -> None:
    server = await world.installed()
    world.state.calls.clear()
    world.fault("unavailable", "getServer", remaining=None)
    with pytest.raises(Unavailable):
        await world.panel.live(server.id)
    assert len(world.state.calls) == 1
    with pytest.raises(Unavailable):
        await world.panel.server(server.id)
    assert len(world.state.calls) == 4, "other reads are worth repeating"


async def test_no_guest_tells_no_load(world: World) -> None:
    server = await world.allocated()
    assert await world.panel.live(server.id) is None
    with pytest.raises(Missing):
        await world.panel.live(999)


async def test_traffic_grows_and_its_periods_follow_the_day_of_creation(world: World) -> None:
    server = await world.installed()
    world.turn(86_400)
    [first] = await world.panel.traffic(server.id)
    assert (first.number, first.limit_gb) == (1, 1000)
    assert first.total_bytes == first.received_bytes + first.sent_bytes > 0
    assert (first.starts_at.day, first.ends_at.day) == (1, 30)
    world.turn(3600)
    [later] = await world.panel.traffic(server.id)
    assert later.total_bytes > first.total_bytes
    world.turn(40 * 86_400)
    second, whole = await world.panel.traffic(server.id)
    assert [second.number, whole.number] == [2, 1]
    assert second.starts_at - whole.ends_at == timedelta(seconds=1)
    assert whole.total_bytes > later.total_bytes


async def test_a_block_is_given_for_a_period_and_taken_away(world: World) -> None:
    server = await world.installed()
    open_now = await world.panel.traffic_blocks(server.id)
    assert open_now.assigned == ()
    assert [one.number for one in open_now.open] == [1, 2]
    assert open_now.current == open_now.open[0]
    await world.panel.add_traffic_block(server.id, 1, 100)
    [period] = await world.panel.traffic(server.id)
    assert [one.gb for one in period.blocks] == [100]
    [block] = (await world.panel.traffic_blocks(server.id)).assigned
    assert (block.period_number, block.gb, block.added_at) == (1, 100, world.now)
    await world.panel.remove_traffic_block(server.id, block.id)
    assert (await world.panel.traffic_blocks(server.id)).assigned == ()
    with pytest.raises(Refused):
        await world.panel.remove_traffic_block(server.id, block.id)


@pytest.mark.parametrize(("month", "gb"), [(3, 100), (0, 100), (1, 0)])
async def test_a_block_that_cannot_be_is_refused(world: World, month: int, gb: int) -> None:
    server = await world.installed()
    with pytest.raises(Refused):
        await world.panel.add_traffic_block(server.id, month, gb)


async def test_a_block_whose_answer_is_lost_is_unknown_and_there(world: World) -> None:
    server = await world.installed()
    world.fault("lose_answer", "addTrafficBlock")
    with pytest.raises(Unknown):
        await world.panel.add_traffic_block(server.id, 1, 100)
    assert len((await world.panel.traffic_blocks(server.id)).assigned) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"monthly": [{"month": 1}]}},
        {"data": {}},
        {"data": {"monthly": [{"month": 1, "start": "soon", "end": "later", "rx": 0, "tx": 0,
                               "total": 0, "limit": 0, "blocks": []}]}},
    ],
)  # fmt: skip
async def test_an_answer_that_says_something_else_is_no_traffic(body: object) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    async with httpx.AsyncClient(transport=transport) as http:
        panel = VirtFusion("https://panel.example.test", TOKEN, http=http)
        with pytest.raises(Unavailable, match="unreadable"):
            await panel.traffic(1)


def test_load_is_a_function_of_server_and_clock(world: World) -> None:
    since, now = world.now, world.now
    spread = set()
    for server in range(100, 110):
        before = None
        for hour in range(72):
            seen = load(server, since, now + timedelta(hours=hour))
            assert seen == load(server, since, now + timedelta(hours=hour))
            assert 0 <= seen.cpu_percent < 100
            assert 0 < seen.memory_used < 1
            assert 0 < seen.filesystem_used < 1
            if before is not None:
                assert seen.read_bytes >= before.read_bytes
                assert seen.written_bytes >= before.written_bytes
            before = seen
            spread.add(round(seen.cpu_percent))
    assert len(spread) > 20, "days, nights and spikes differ"


def test_traffic_adds_up(world: World) -> None:
    begin, middle = world.now, world.now + timedelta(hours=7, minutes=13)
    end = begin + timedelta(days=3)
    parts = [sum(traffic(7, 1000, *span)) for span in ((begin, middle), (middle, end))]
    assert abs(sum(parts) - sum(traffic(7, 1000, begin, end))) <= 2
    assert traffic(7, 1000, end, begin) == (0, 0)
