"""The host's machines as the panel tells of them, and which panel it is."""

from __future__ import annotations

import httpx
import pytest
from virtfusion_world import TOKEN, World

from skypanel.integrations.virtfusion.capabilities import Capabilities
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.simulator.api_estate import ESTATE
from skypanel.integrations.virtfusion.types import Missing
from skypanel.integrations.virtfusion.types_estate import Measure
from skypanel.platform.outside import Refused, Unavailable


async def test_hypervisors_are_told_without_what_is_the_hosts_own(world: World) -> None:
    found = await world.panel.hypervisors()
    assert [one.name for one in found] == ["fsn-hv1", "fsn-hv2", "hel-hv1", "hel-hv2", "ash-hv1"]
    one = await world.panel.hypervisor(4)
    assert one == found[0]
    assert (one.group_id, one.max_memory_mib, one.max_servers) == (1, 262_144, 0)
    assert "10.20" not in repr(found)
    assert "not-a-real-token" not in repr(found)
    with pytest.raises(Missing):
        await world.panel.hypervisor(99)


async def test_capacity_counts_what_is_given_out(world: World) -> None:
    before = {host.name: host for host in await world.panel.capacity(1)}
    server = await world.allocated(package_id=5)
    after = {host.name: host for host in await world.panel.capacity(1)}
    name = next(name for name in after if after[name].servers != before[name].servers)
    was, now = before[name], after[name]
    assert now.servers == Measure(was.servers.used + 1, None)
    assert now.memory_mib.used - was.memory_mib.used == server.memory_mib
    assert now.vcpu.used - was.vcpu.used == server.vcpu
    assert [store.gib.used for store in now.stores] == [
        store.gib.used + (server.disk_gib if store.storage_type == 4 else 0) for store in was.stores
    ]
    assert now.free_ipv4 == (was.free_ipv4 or 0) - 1


async def test_blocks_of_addresses_are_counted(world: World) -> None:
    await world.allocated()
    blocks = await world.panel.ip_blocks()
    assert {block.kind for block in blocks} == {4, 6}
    first = await world.panel.ip_block(blocks[0].id)
    assert (first.name, first.used, first.total - first.free) == ("203.0.113.0/24", 1, 1)
    with pytest.raises(Missing):
        await world.panel.ip_block(999)


async def test_every_operation_of_the_area_holds_to_the_contract(world: World) -> None:
    await world.panel.status()
    await world.panel.hypervisors()
    await world.panel.hypervisor(4)
    await world.panel.ip_blocks()
    await world.panel.ip_block(2)
    server = await world.allocated()
    other = await world.user("Bo Example", "sky-2")
    await world.panel.change_owner(server.id, other.id)
    assert (await world.panel.server(server.id)).user_id == other.id
    with pytest.raises(Refused) as caught:
        await world.panel.change_owner(server.id, 999)
    assert not isinstance(caught.value, Missing)  # the user is unknown, the server is not gone
    assert {name for name, _ in world.checked.seen} >= {one.name for one in ESTATE}


async def test_only_a_panel_since_7_1_has_a_status(world: World) -> None:
    assert (await world.panel.status()).healthy
    world.state.version = "7.0"
    with pytest.raises(Refused) as caught:
        await world.panel.status()
    assert caught.value.code == "no_such_route"
    assert not isinstance(caught.value, Missing)


@pytest.mark.parametrize(
    ("answer", "healthy"),
    [
        (httpx.Response(200, json={}), True),
        (httpx.Response(503, json={"database": False}), False),
        (httpx.Response(503, html="<h1>503</h1>"), None),
        (httpx.Response(200, html="<h1>Sign in</h1>"), None),
    ],
)
async def test_an_unhealthy_panel_is_told_from_a_broken_proxy(
    answer: httpx.Response, healthy: bool | None
) -> None:
    transport = httpx.MockTransport(lambda _: answer)
    async with httpx.AsyncClient(transport=transport) as http:
        panel = VirtFusion("https://panel.test", TOKEN, http=http)
        if healthy is None:
            with pytest.raises(Unavailable):
                await panel.status()
        else:
            assert (await panel.status()).healthy is healthy


def test_what_is_not_known_is_not_offered() -> None:
    unknown, older, newer = (
        Capabilities(None),
        Capabilities(since_7_1=False),
        Capabilities(since_7_1=True),
    )
    assert not unknown.firewall_rulesets
    assert not unknown.manual_backup
    assert older.firewall_rulesets
    assert not older.manual_backup
    assert newer.manual_backup
    assert not newer.firewall_rulesets
