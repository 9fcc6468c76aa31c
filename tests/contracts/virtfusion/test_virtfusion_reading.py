"""The panel's inconsistent JSON, the free room of a group, and the one word for a server."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest
from virtfusion_contract import document
from virtfusion_world import TOKEN, World, installation

from skypanel.integrations.virtfusion import types, wire, wire_servers
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import (
    GroupRoom,
    HostRoom,
    Package,
    Status,
    Store,
    status_of,
)


def example(path: str, method: str, status: str) -> Any:
    content = document()["paths"][path][method]["responses"][status]["content"]
    return content["application/json"]["example"]


def panel_answering(body: Any, status: int = 200) -> VirtFusion:
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, json=body))
    return VirtFusion("https://p.test", TOKEN, http=httpx.AsyncClient(transport=transport))


async def test_the_vendors_own_example_of_a_server_is_read() -> None:
    server = await panel_answering(example("/servers/{serverId}", "get", "200")).server(
        118, live=True
    )
    assert (server.status, server.user_id, server.hypervisor_group_id) == (Status.RUNNING, 31, 1)
    assert (server.ipv4, server.ipv6) == (("203.0.113.20",), ("2001:db8:40:7::/64",))
    assert (server.vcpu, server.memory_mib, server.disk_gib, server.traffic_gb) == (
        2,
        2048,
        40,
        2000,
    )
    assert server.live is not None
    assert (server.live.cpu_percent, server.live.disk_read_bytes) == (17.4, 512344064)
    assert server.live.filesystems[0].used_bytes == 3221225472


async def test_the_vendors_other_examples_are_read() -> None:
    group = "/compute/hypervisors/groups"
    assert (await panel_answering(example(group, "get", "200")).hypervisor_groups())[0].is_default
    room = await panel_answering(
        example(group + "/{hypervisorGroupId}/resources", "get", "200")
    ).group_room(1)
    assert room.free_ipv4 == 220
    assert room.hosts[0].free_servers is None
    assert (await panel_answering(example("/packages", "get", "200")).packages())[
        0
    ].port_mbps == 100
    (template,) = await panel_answering(
        example("/media/templates/fromServerPackageSpec/{serverPackageId}", "get", "200")
    ).templates(3)
    assert (template.group, str(template.eol_on)) == ("Ubuntu", "2026-01-01")
    (row, *_) = await panel_answering(example("/servers/user/{userId}", "get", "200")).servers_of(
        31
    )
    assert (row.hostname, row.ipv4) == ("web-1.example.test", ("203.0.113.20",))
    item = await panel_answering(example("/queue/{queueId}", "get", "200")).queue_item(4211)
    assert item.outcome is types.Outcome.DONE
    started = await panel_answering(example("/servers/{serverId}/build", "post", "200")).build(
        118, installation()
    )
    assert started.root_password == "not-a-real-password"


@pytest.mark.parametrize(
    ("told", "running"),
    [
        (False, None),
        (None, None),
        ([], None),
        ({}, None),
        ({"running": True, "cpu": "17.4", "memory": [], "disk": [], "agent": []}, True),
        ({"state": "shutoff"}, False),
        ({"state": "crashed"}, None),
        ({"running": False, "memory": {"actual": "a lot"}}, False),
        ({"running": True, "disk": {"vda": {"rd.bytes": None}}}, True),
    ],
)
async def test_odd_live_state_never_hides_the_server(told: Any, running: bool | None) -> None:
    body = msgspec.json.decode(msgspec.json.encode(example("/servers/{serverId}", "get", "200")))
    body["data"]["remoteState"] = told
    server = await panel_answering(body).server(118, live=True)
    assert (server.live.running if server.live else None) is running


async def test_numbers_for_booleans_and_strings_for_numbers_are_read() -> None:
    row = {
        "id": "5",
        "name": "x",
        "enabled": 1,
        "memory": "1024",
        "primaryStorage": 1,
        "traffic": 0,
        "cpuCores": 1,
    }
    package = msgspec.convert(row, wire.Package, strict=False).ours()
    assert (package.id, package.enabled, package.memory_mib) == (5, True, 1024)


async def test_what_the_panel_tells_of_its_inside_is_never_kept(world: World) -> None:
    server = await world.installed()
    queue_id = await world.panel.power(server.id, types.Power.RESTART)
    shown = repr(server) + repr(await world.panel.queue_item(queue_id))
    url = f"https://panel.example.test/api/v1/queue/{queue_id}"
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}
    raw = (await world.http.get(url, headers=headers)).text
    for inside in ("/home/vf-data", "genisoimage", "chpasswd"):
        assert inside in raw
        assert inside not in shown
    assert "iVBOR" not in shown
    assert "eyJpdiI6" not in shown


async def test_a_root_password_is_in_no_repr(world: World) -> None:
    server = await world.allocated()
    started = await world.panel.build(server.id, installation())
    assert started.root_password
    assert len(started.root_password) >= 16
    assert started.root_password not in repr(started) + str(started) + repr(world.state.tables)
    decoded = wire_servers.PasswordOnly(
        settings=wire_servers.BuildSettings(decrypted_password=started.root_password)
    )
    assert started.root_password not in repr(decoded)


@pytest.mark.parametrize(
    ("suspended", "state", "commission", "build_failed", "running", "status"),
    [
        (True, "failed", 2, True, True, "suspended"),
        (False, "failed", 2, False, True, "failed"),
        (False, "complete", 3, True, True, "failed"),
        (False, "odd", 2, False, None, "failed"),
        (False, "queued", 1, True, None, "provisioning"),
        (False, "allocated", 0, False, None, "provisioning"),
        (False, "building", 1, False, True, "provisioning"),
        (False, "complete", 3, False, True, "running"),
        (False, "complete", 3, False, False, "stopped"),
        (False, "complete", 3, False, None, "unknown"),
        (False, "odd", 9, False, True, "unknown"),
    ],
)
def test_one_word_for_a_server(
    *,
    suspended: bool,
    state: str,
    commission: int,
    build_failed: bool,
    running: bool | None,
    status: str,
) -> None:
    word = status_of(
        suspended=suspended,
        state=state,
        commission_status=commission,
        build_failed=build_failed,
        running=running,
    )
    assert word.value == status


SMALL = Package(1, "S", "", True, 2, 2048, 40, 0, 0, 0, 4)


def host(**changes: Any) -> HostRoom:
    room = {
        "hypervisor_id": 1,
        "open": True,
        "free_servers": None,
        "free_memory_mib": 10 * 2048,
        "free_vcpu": 100,
        "stores": (Store(0, 10_000), Store(4, 400)),
        "free_ipv4": 50,
    }
    return HostRoom(**(room | changes))


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, 10),
        ({"open": False}, 0),
        ({"free_servers": 3}, 3),
        ({"free_servers": -1}, 0),
        ({"free_vcpu": 5}, 2),
        ({"free_memory_mib": None}, 10),
        ({"stores": (Store(0, 10_000),)}, 0),
        ({"stores": (Store(4, 79), Store(4, 79))}, 2),
        ({"stores": (Store(4, -5),)}, 0),
    ],
)
def test_a_host_fits_what_its_scarcest_thing_allows(changes: dict[str, Any], fits: int) -> None:
    assert host(**changes).fits(SMALL) == fits


def test_the_address_pool_is_shared_and_not_summed() -> None:
    room = GroupRoom(1, (host(free_ipv4=7), host(free_ipv4=7), host(free_ipv4=None)))
    assert room.free_ipv4 == 7
    assert room.fits(SMALL) == 7
    assert room.fits(SMALL, ipv4_count=2) == 3
    assert room.fits(SMALL, ipv4_count=0) == 30
    assert GroupRoom(1, ()).fits(SMALL) == 0
