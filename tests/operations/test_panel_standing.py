"""Staff see whether the panel answers and which one it is; jobs of a silent panel wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from pydantic import SecretStr
from tests.world import PANEL, TOKEN, PayPalDesk, World, open_world

from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import VirtFusionSettings
from skypanel.integrations.virtfusion.simulator.faults import Fault
from skypanel.operations.jobs import check_invariants, detect_panel
from skypanel.platform.gates import OPENS_AFTER_FAILURES, OPENS_AFTER_SECONDS
from skypanel.platform.outside import Unavailable


@pytest.fixture
async def gated(clean_database: str, desk: PayPalDesk) -> AsyncIterator[World]:
    """A world whose clients keep their pace, as in production."""
    async with open_world(clean_database, desk, gated=True) as opened:
        yield opened


async def silence(world: World) -> None:
    """The panel has not answered for a while."""
    world.virtfusion.faults.set(Fault("unavailable", "createUser"))
    panel = await Vendors.of(world.house).virtfusion()
    world.virtfusion.faults.set(Fault("unavailable"))
    for _ in range(OPENS_AFTER_FAILURES):
        with pytest.raises(Unavailable):
            await panel.packages()
        await world.rows(
            "update vendor_gates set failing_since_at = failing_since_at - interval '1 second' * %s",
            OPENS_AFTER_SECONDS,
        )


async def test_a_silent_panel_is_left_alone_and_staff_read_since_when(gated: World) -> None:
    staff = await gated.staff()
    assert (await staff.http.get("/api/v1/admin/panel")).json()["state"] == "answers"
    await silence(gated)
    seen = len(gated.virtfusion.calls)
    panel = await Vendors.of(gated.house).virtfusion()
    for _ in range(20):
        with pytest.raises(Unavailable) as caught:
            await panel.server(1)
    assert caught.value.code == "circuit_open"
    assert len(gated.virtfusion.calls) == seen  # nobody asked it
    shown = (await staff.http.get("/api/v1/admin/panel")).json()
    assert shown["state"] == "silent"
    assert shown["failures"] >= OPENS_AFTER_FAILURES
    assert "503" in shown["error"]
    assert shown["since"] < shown["asked_again_at"]

    await gated.house.queue.tick(check_invariants)
    health = (await staff.http.get("/api/v1/admin/health")).json()
    [law] = [each for each in health["checks"] if each["name"] == "panel_answers"]
    assert law["state"] == "broken"

    gated.virtfusion.faults.clear()
    await gated.rows("update vendor_gates set probe_at = now()")
    assert await panel.packages()
    assert (await staff.http.get("/api/v1/admin/panel")).json()["state"] == "answers"
    await gated.house.queue.tick(check_invariants)
    health = (await staff.http.get("/api/v1/admin/health")).json()
    [law] = [each for each in health["checks"] if each["name"] == "panel_answers"]
    assert law["state"] == "holds"


async def test_the_panels_own_limit_is_kept_by_every_client(gated: World) -> None:
    staff = await gated.staff()
    gated.virtfusion.faults.set(Fault("rate_limit", seconds=40, remaining=1))
    panel = await Vendors.of(gated.house).virtfusion()
    patient = await Vendors.of(gated.house).virtfusion(patient=True)
    for one in (panel, patient):
        with pytest.raises(Unavailable) as caught:
            await one.packages()
        assert 35 < (caught.value.retry_after_seconds or 0) <= 40
    assert len(gated.virtfusion.calls) == 1
    shown = (await staff.http.get("/api/v1/admin/panel")).json()
    assert (shown["state"], shown["limited_until_at"] is None) == ("limited", False)


async def test_the_version_is_found_out_and_again_when_the_settings_change(world: World) -> None:
    vendors = Vendors.of(world.house)
    assert not (await vendors.capabilities()).known
    await world.house.queue.tick(detect_panel)
    world.house.cache.clear()
    assert (await vendors.capabilities()).manual_backup
    calls = len(world.virtfusion.calls)
    await world.house.queue.tick(detect_panel)
    assert len(world.virtfusion.calls) == calls  # known for a day

    world.virtfusion.version = "7.0"
    await world.pass_time(hours=25)
    await world.house.queue.tick(detect_panel)
    world.house.cache.clear()
    assert (await vendors.capabilities()).firewall_rulesets

    world.virtfusion._token = "another"
    async with world.house.transaction() as db:
        wanted = VirtFusionSettings(base_url=PANEL, token=SecretStr("another"))
        await world.house.settings.put(db, wanted)
    world.house.cache.clear()
    assert not (await vendors.capabilities()).known  # another panel, perhaps
    await world.house.queue.tick(detect_panel)
    world.house.cache.clear()
    assert (await vendors.capabilities()).firewall_rulesets


Change = Callable[[World], None]
OUTAGES: dict[str, Change] = {
    "outage": lambda world: world.virtfusion.faults.set(Fault("unavailable")),
    "no answer": lambda world: world.virtfusion.faults.set(Fault("lose_answer")),
}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES.keys())
async def test_an_outage_does_not_make_the_panel_older(world: World, outage: Change) -> None:
    vendors = Vendors.of(world.house)
    await world.house.queue.tick(detect_panel)
    await world.pass_time(hours=25)
    outage(world)
    await world.house.queue.tick(detect_panel)
    world.house.cache.clear()
    assert (await vendors.capabilities()).manual_backup


async def test_a_token_that_may_not_look_leaves_the_version_open(world: World) -> None:
    world.virtfusion.faults.set(Fault("refuse", "getControlStatus"))
    await world.house.queue.tick(detect_panel)
    world.house.cache.clear()
    capabilities = await Vendors.of(world.house).capabilities()
    assert not capabilities.known
    async with world.house.transaction() as db:
        wanted = VirtFusionSettings(
            base_url=PANEL, token=SecretStr(TOKEN), panel_version="before_7_1"
        )
        await world.house.settings.put(db, wanted)
    world.house.cache.clear()
    assert (await Vendors.of(world.house).capabilities()).firewall_rulesets


async def test_calls_share_few_connections() -> None:
    """Twenty calls one after another go over one connection."""
    import asyncio

    from skypanel.integrations.virtfusion.client import VirtFusion

    opened = 0
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(answer + b'{"data":[]}')
            await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient() as http:
        panel = VirtFusion(f"http://127.0.0.1:{port}", TOKEN, http=http)
        for _ in range(20):
            await panel.packages()
    assert opened == 1
