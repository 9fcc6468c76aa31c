"""Addresses, firewall, reverse names and copies, every exchange held to the contract."""

from __future__ import annotations

import pytest
from virtfusion_world import World

from skypanel.platform.outside import Refused, Unknown


async def test_a_server_tells_its_addresses_and_disks(world: World) -> None:
    server = await world.installed()
    parts = await world.panel.parts(server.id)
    assert [one.address for one in parts.addresses] == list(server.ipv4)
    assert [one.subnet for one in parts.subnets] == list(server.ipv6)
    assert [(one.drive, one.capacity_gib, one.primary, one.ready) for one in parts.disks] == [
        ("a", server.disk_gib, True, True)
    ]
    assert parts.backup_plan is None
    assert parts.addresses[0].reverse_name is None


async def test_a_reverse_name_is_set_and_cleared(world: World) -> None:
    server = await world.installed()
    address = server.ipv4[0]
    await world.panel.set_reverse_name(address, "mail.example.test")
    assert (await world.panel.parts(server.id)).addresses[0].reverse_name == "mail.example.test"
    await world.panel.set_reverse_name(address, None)
    assert (await world.panel.parts(server.id)).addresses[0].reverse_name is None
    with pytest.raises(Refused, match="not assigned"):
        await world.panel.set_reverse_name("203.0.113.250", "x.example.test")


async def test_the_firewall_is_switched_and_its_rules_replaced(world: World) -> None:
    server = await world.installed()
    assert (await world.panel.firewall(server.id)).enabled is False
    await world.panel.set_rulesets(server.id, [1, 2])
    await world.panel.switch_firewall(server.id, on=True)
    seen = await world.panel.firewall(server.id)
    assert seen.enabled
    assert [rule["action"] for rule in seen.rules] == ["allow", "allow", "allow", "deny"]
    assert seen.rules[0]["destinationPort"] == "22"
    await world.panel.set_rulesets(server.id, [])
    await world.panel.switch_firewall(server.id, on=False)
    assert (await world.panel.firewall(server.id)).rules == ()
    with pytest.raises(Refused, match="ruleset"):
        await world.panel.set_rulesets(server.id, [99])


async def test_a_copy_is_begun_listed_and_complete(world: World) -> None:
    server = await world.installed()
    assert await world.panel.backups(server.id) == []
    await world.panel.start_backup(server.id)
    with pytest.raises(Refused) as refused:
        await world.panel.start_backup(server.id)
    assert refused.value.status == 422
    [backup] = await world.panel.backups(server.id)
    assert (backup.running, backup.complete, backup.place) == (True, False, "backup-1")
    world.turn(8)
    [backup] = await world.panel.backups(server.id)
    assert (backup.running, backup.complete) == (False, True)
    assert backup.kept_until_at is not None
    await world.panel.start_backup(server.id)
    assert len(await world.panel.backups(server.id)) == 2


async def test_a_copy_that_fails_is_listed_no_more(world: World) -> None:
    server = await world.installed()
    world.fault("fail_job")
    await world.panel.start_backup(server.id)
    assert len(await world.panel.backups(server.id)) == 1
    world.turn(8)
    assert await world.panel.backups(server.id) == []


async def test_addresses_are_added_and_taken_away(world: World) -> None:
    server = await world.installed()
    given = await world.panel.add_addresses(server.id, 2)
    assert len(given) == 2
    seen = [one.address for one in (await world.panel.parts(server.id)).addresses]
    assert seen == [*server.ipv4, *given]
    await world.panel.drop_addresses(server.id, [given[0]])
    seen = [one.address for one in (await world.panel.parts(server.id)).addresses]
    assert seen == [*server.ipv4, given[1]]
    with pytest.raises(Refused):
        await world.panel.add_addresses(server.id, 100_000)


async def test_an_older_panel_has_no_reverse_names_and_no_copies_by_hand(world: World) -> None:
    server = await world.installed()
    world.state.version = "7.0"
    for call in (
        world.panel.set_reverse_name(server.ipv4[0], "a.example.test"),
        world.panel.start_backup(server.id),
    ):
        with pytest.raises(Refused) as refused:
            await call
        assert refused.value.status == 404
    assert (await world.panel.firewall(server.id)).enabled is False


async def test_a_lost_switch_may_have_been_done(world: World) -> None:
    server = await world.installed()
    world.fault("lose_answer", "enableFirewall")
    with pytest.raises(Unknown):
        await world.panel.switch_firewall(server.id, on=True)
    assert (await world.panel.firewall(server.id)).enabled
