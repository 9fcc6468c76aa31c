"""The client against the simulated panel, every exchange held to the contract."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from virtfusion_contract import ContractBroken, check_response
from virtfusion_world import TOKEN, World, installation

from skypanel.integrations.virtfusion import types
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.exchange import Ask
from skypanel.integrations.virtfusion.simulator.api import OPERATIONS
from skypanel.integrations.virtfusion.types import Missing, Outcome, Power, Status
from skypanel.platform.outside import Refused, Unavailable


async def test_a_connection_is_proved_by_what_the_token_may_read(world: World) -> None:
    assert await world.panel.connect() == types.PanelAccess(hypervisor_groups=3, packages=6)
    world.fault("refuse", "listHypervisorGroups")
    with pytest.raises(Refused) as refused:
        await world.panel.connect()
    assert (refused.value.code, refused.value.status) == ("forbidden", 403)


async def test_packages_are_read_in_our_units(world: World) -> None:
    package = await world.panel.package(3)
    assert (package.vcpu, package.memory_mib, package.disk_gib) == (2, 4096, 80)
    assert (package.traffic_gb, package.port_mbps) == (4000, 1000)
    assert package in await world.panel.packages()


async def test_templates_name_their_family(world: World) -> None:
    found = {(one.group, one.version) for one in await world.panel.templates(1)}
    assert ("Debian", "13 (Trixie)") in found
    assert {group for group, _ in found} >= {
        "Ubuntu",
        "AlmaLinux",
        "Rocky Linux",
        "Fedora",
        "Alpine",
    }


async def test_a_user_is_found_by_a_relation_that_needs_escaping(world: World) -> None:
    with pytest.raises(Missing):
        await world.panel.user("acc/../1?ä#%2F")
    made = await world.user(relation="acc/../1?ä#%2F")
    assert await world.panel.user("acc/../1?ä#%2F") == made


@pytest.mark.parametrize("relation", ["", ".", ".."])
async def test_a_relation_that_would_leave_its_path_is_not_sent(
    world: World, relation: str
) -> None:
    with pytest.raises(ValueError, match="path value"):
        await world.panel.user(relation)
    assert world.checked.seen == []


async def test_an_address_in_use_is_a_conflict(world: World) -> None:
    await world.user()
    with pytest.raises(Refused) as refused:
        await world.user()
    assert (refused.value.code, refused.value.status) == ("conflict", 409)


async def test_keys_are_given_to_their_owner_only(world: World) -> None:
    server = await world.allocated()
    key = await world.panel.add_ssh_key(server.user_id, "laptop", "ssh-ed25519 AAAAC3Nz ada")
    assert [(one.id, one.name) for one in await world.panel.ssh_keys(server.user_id)] == [
        (key, "laptop")
    ]
    other = await world.user("Bob", "bob")
    foreign = await world.panel.add_ssh_key(other.id, "desk", "ssh-ed25519 AAAAC3Nz bob")
    with pytest.raises(Refused, match="does not belong"):
        await world.panel.build(server.id, installation(ssh_key_ids=(key, foreign)))
    await world.panel.build(server.id, installation(ssh_key_ids=(key,)))


async def test_a_server_is_allocated_installed_and_ready(world: World) -> None:
    server = await world.allocated()
    assert (server.state, server.status, server.hypervisor_group_id) == (
        "allocated",
        Status.PROVISIONING,
        1,
    )
    assert server.ipv4 == ("203.0.113.2",)
    started = await world.panel.build(server.id, installation())
    assert started.root_password
    assert (started.server.state, started.server.busy) == ("queued", True)
    world.turn(5.9)
    assert (await world.panel.server(server.id)).status is Status.PROVISIONING
    world.turn(0.1)
    ready = await world.panel.server(server.id, live=True)
    assert (ready.status, ready.busy, ready.hostname) == (
        Status.RUNNING,
        False,
        "web-1.example.test",
    )
    assert ready.built_at == world.now
    assert ready.ipv6
    assert ready.ipv6[0].endswith("::/64")
    assert ready.live
    assert ready.live.memory_total_kib == 1024 * 1024
    assert ready.live.filesystems
    assert (await world.panel.server(server.id)).status is Status.UNKNOWN


async def test_an_allocated_server_is_recognised_in_its_owners_list(world: World) -> None:
    server = await world.allocated()
    (row,) = await world.panel.servers_of(server.user_id)
    assert (row.id, row.uuid, row.ipv4, row.state) == (
        server.id,
        server.uuid,
        server.ipv4,
        "allocated",
    )
    assert (row.vcpu, row.memory_mib, row.disk_gib) == (1, 1024, 25)


async def test_a_dry_run_allocates_nothing(world: World) -> None:
    user = await world.user()
    await world.panel.dry_run(types.NewServer(1, user.id, 1))
    with pytest.raises(Refused, match="enough free resources"):
        await world.panel.dry_run(types.NewServer(5, user.id, 3))
    assert await world.panel.servers_of(user.id) == []


async def test_a_second_installation_waits_for_the_first(world: World) -> None:
    server = await world.allocated()
    await world.panel.build(server.id, installation())
    with pytest.raises(Unavailable) as locked:
        await world.panel.build(server.id, installation())
    assert (locked.value.code, locked.value.status) == ("locked", 423)


@pytest.mark.parametrize(
    ("action", "running"),
    [(Power.SHUTDOWN, False), (Power.POWEROFF, False), (Power.BOOT, True), (Power.RESTART, True)],
)
async def test_power_changes_when_its_job_has_ended(
    world: World, action: Power, running: bool
) -> None:
    server = await world.installed()
    queue_id = await world.panel.power(server.id, action)
    item = await world.panel.queue_item(queue_id)
    assert (item.outcome, item.finished_at, item.server_id) == (Outcome.PENDING, None, server.id)
    world.turn(1.5)
    item = await world.panel.queue_item(queue_id)
    ended_at = world.now.replace(microsecond=0)
    assert (item.outcome, item.progress_percent, item.finished_at) == (Outcome.DONE, 100, ended_at)
    now = await world.panel.server(server.id, live=True)
    assert now.live
    assert now.live.running is running


async def test_suspension_hides_everything_else_and_is_lifted(world: World) -> None:
    server = await world.installed()
    await world.panel.suspend(server.id)
    suspended = await world.panel.server(server.id, live=True)
    assert suspended.status is Status.SUSPENDED
    assert suspended.live
    assert not suspended.live.running
    await world.panel.unsuspend(server.id)
    assert (await world.panel.server(server.id, live=True)).status is Status.RUNNING


async def test_a_name_is_changed_by_a_201(world: World) -> None:
    server = await world.allocated()
    await world.panel.rename(server.id, "Ada's shop")
    assert (await world.panel.server(server.id)).name == "Ada's shop"
    with pytest.raises(Refused, match="63 characters"):
        await world.panel.rename(server.id, "x" * 64)


async def test_a_deleted_server_is_missing_and_its_address_free(world: World) -> None:
    server = await world.allocated()
    await world.panel.delete_server(server.id)
    for call in (world.panel.server, world.panel.delete_server, world.panel.suspend):
        with pytest.raises(Missing):
            await call(server.id)
    assert await world.panel.servers_of(server.user_id) == []
    again = await world.panel.create_server(types.NewServer(1, server.user_id, 1))
    assert again.ipv4 == server.ipv4
    assert again.id > server.id


async def test_a_deletion_can_wait(world: World) -> None:
    server = await world.installed()
    await world.panel.delete_server(server.id, delay_minutes=10)
    assert (await world.panel.server(server.id)).deleting
    world.turn(600)
    with pytest.raises(Missing):
        await world.panel.server(server.id)


async def test_room_shrinks_by_what_is_allocated(world: World) -> None:
    package = await world.panel.package(4)
    before = (await world.panel.group_room(3)).fits(package)
    await world.allocated(package_id=4, hypervisor_group_id=3)
    after = await world.panel.group_room(3)
    assert before is not None
    assert after.fits(package) == before - 1
    assert after.free_ipv4 == 252
    large = await world.panel.package(5)
    assert after.fits(large) == 0  # no store of its type there


async def test_room_promised_is_room_given(world: World) -> None:
    user = await world.user()
    large = await world.panel.package(6)
    fits = (await world.panel.group_room(2)).fits(large)
    assert fits == 1
    await world.panel.create_server(types.NewServer(6, user.id, 2))
    assert (await world.panel.group_room(2)).fits(large) == 0
    with pytest.raises(Refused, match="enough free resources"):
        await world.panel.create_server(types.NewServer(6, user.id, 2))


async def test_groups_are_read_over_all_pages(world: World) -> None:
    groups = world.state.tables.groups
    for number in range(10, 410):
        groups[number] = type(groups[1])(
            number, f"Site {number}", "", "", "DE", "192.0.2.0/24", "2001:db8::/48"
        )
    assert len(await world.panel.hypervisor_groups()) == 403


async def test_all_servers_are_read_over_all_pages(world: World) -> None:
    server = await world.installed()
    await world.panel.suspend(server.id)
    servers = world.state.tables.servers
    for number in range(1000, 1450):
        servers[number] = replace(servers[server.id], id=number, suspended=False)
    found = await world.panel.servers()
    assert len(found) == 451
    assert found[0] == types.PanelServer(server.id, server.user_id, server.name, 3, suspended=True)


async def test_a_list_with_rows_missing_is_no_list(world: World) -> None:
    """A server goes while the pages are read: another slips past between two of them."""
    server = await world.installed()
    servers = world.state.tables.servers
    for number in range(1000, 1250):
        servers[number] = replace(servers[server.id], id=number)
    read = VirtFusion.read

    async def moved(self: VirtFusion, ask: Ask, shape: Any) -> Any:
        page = await read(self, ask, shape)
        if ask.query.get("page") == 1:
            page.data.pop()
        return page

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VirtFusion, "read", moved)
        with pytest.raises(Unavailable, match="moved"):
            await world.panel.servers()


async def test_another_package_grows_a_server_and_never_shrinks_its_disk(world: World) -> None:
    server = await world.installed()
    await world.panel.change_package(server.id, 3)
    seen = await world.panel.server(server.id)
    assert (seen.vcpu, seen.memory_mib, seen.disk_gib, seen.traffic_gb) == (2, 4096, 80, 4000)
    await world.panel.change_package(server.id, 2)
    seen = await world.panel.server(server.id)
    assert (seen.vcpu, seen.memory_mib, seen.disk_gib, seen.traffic_gb) == (1, 2048, 80, 2000)
    with pytest.raises(Refused, match="Invalid or disabled package"):
        await world.panel.change_package(server.id, 99)


async def test_the_life_of_a_server_touches_every_operation(world: World) -> None:
    server = await world.installed()
    await world.panel.connect()
    await world.panel.package(1)
    await world.panel.templates(1)
    await world.panel.group_room(1)
    await world.panel.user("sky-0192/ä 7")
    await world.panel.add_ssh_key(server.user_id, "k", "ssh-ed25519 AAAA k")
    await world.panel.ssh_keys(server.user_id)
    await world.panel.servers_of(server.user_id)
    await world.panel.servers()
    await world.panel.reset_password(server.id, "root")
    world.turn(10)
    for action in Power:
        await world.panel.queue_item(await world.panel.power(server.id, action))
        world.turn(2)
    await world.panel.suspend(server.id)
    await world.panel.unsuspend(server.id)
    await world.panel.rename(server.id, "x")
    await world.panel.log_in_user("sky-0192/ä 7")
    await world.panel.log_in_to_server("sky-0192/ä 7", server.id)
    await world.panel.drop_ssh_key((await world.panel.ssh_keys(server.user_id))[0].id)
    await world.panel.change_package(server.id, 2)
    await world.panel.delete_server(server.id)
    # Areas in files of their own have tests of their own.
    core = {one.name for one in OPERATIONS if one.act.__module__.endswith(("_servers", "_catalog"))}
    assert {name for name, _ in world.checked.seen} >= core


async def test_the_check_itself_can_fail(world: World) -> None:
    """A field that the contract does not know, and a missing one, are both caught."""
    server = await world.allocated()
    request = world.http.build_request(
        "GET", f"https://panel.example.test/api/v1/servers/{server.id}"
    )
    request.headers["Authorization"] = f"Bearer {TOKEN}"
    request.headers["Accept"] = "application/json"
    response = await world.http.send(request)
    body = response.json()
    body["data"]["network"]["interfaces"][0]["invented"] = 1
    with pytest.raises(ContractBroken, match="invented"):
        check_response(request, type(response)(200, json=body))
    del body["data"]["network"]["interfaces"][0]["invented"]
    del body["data"]["uuid"]
    with pytest.raises(ContractBroken, match="uuid"):
        check_response(request, type(response)(200, json=body))
