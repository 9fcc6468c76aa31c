"""What surrounds a server: looked at on request, changed as tasks, by what the panel can do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tools.ports import free_port

from skypanel.integrations.dns.simulator import serve_names
from skypanel.integrations.settings import DnsSettings, VirtFusionSettings
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.servers.jobs import run
from skypanel.servers.rules import ServerSettings
from tests.orders.shop import ok
from tests.provisioning.test_crashes import dying_once
from tests.servers.owned import Owned


async def panel_is(owned: Owned, version: str) -> None:
    """Let the panel be of this version, and ourselves know it."""
    house = owned.shop.world.house
    owned.shop.world.virtfusion.version = version
    known: Any = "since_7_1" if version == "7.1" else "before_7_1"
    settings = await house.settings.get(VirtFusionSettings)
    async with house.transaction() as db:
        await house.settings.put(db, settings.model_copy(update={"panel_version": known}))
    house.cache.clear()


async def look(owned: Owned) -> dict[str, Any]:
    """Open the tab: have the panel asked, then read what it told."""
    await owned.shop.world.pass_time(seconds=11)
    assert (await owned.http.post(f"{owned.path}/sight")).status_code == 202
    await owned.shop.drain()
    return await ok(owned.http.get(f"{owned.path}/sight"))


async def put(owned: Owned, what: str, **wish: Any) -> Any:
    return await owned.http.put(f"{owned.path}/{what}", json=wish)


@pytest.fixture
async def names(owned: Owned) -> AsyncIterator[dict[str, list[str]]]:
    """A name server of this test, and the names it knows."""
    known: dict[str, list[str]] = {}
    port = free_port()
    desk = await serve_names(port, lambda name: known.get(name, []))
    house = owned.shop.world.house
    async with house.transaction() as db:
        await house.settings.put(db, DnsSettings(nameservers=("127.0.0.1",), port=port))
    house.cache.clear()
    yield known
    desk.close()


async def test_nobody_looked_yet_and_the_page_still_answers(owned: Owned) -> None:
    calls = len(owned.shop.world.virtfusion.calls)
    seen = await ok(owned.http.get(f"{owned.path}/sight"))
    assert [one["address"] for one in seen["ipv4"]] == [owned.panel.ipv4[0]]
    assert (seen["seen_at"], seen["trouble"], seen["backups"]) == (None, None, None)
    assert len(owned.shop.world.virtfusion.calls) == calls, "no call in the request"


async def test_looking_asks_the_panel_once(owned: Owned) -> None:
    seen = await look(owned)
    assert seen["seen_at"]
    assert seen["disks"][0]["capacity_gib"] == owned.panel.storage_gb
    assert seen["ipv6"][0]["subnet"].endswith("::/64")
    assert (seen["backups"], seen["firewall"]) == ([], {"enabled": False, "rules": []})
    before = owned.asked("listServerBackups")
    for _ in range(3):
        await owned.http.post(f"{owned.path}/sight")
    await owned.shop.drain()
    assert owned.asked("listServerBackups") == before


async def test_staff_read_the_same(owned: Owned) -> None:
    seen = await look(owned)
    path = f"/api/v1/admin{owned.path[7:]}/sight"
    told = await ok(owned.shop.staff.http.get(path))
    assert (told["ipv4"], told["disks"], told["can"]) == (seen["ipv4"], seen["disks"], [])
    assert (await owned.shop.staff.http.post(path)).status_code == 202
    assert (await owned.http.get(path)).status_code == 404


async def test_an_outage_changes_nothing_known(owned: Owned) -> None:
    known = await look(owned)
    owned.shop.fault("unavailable", "any", times=None)
    seen = await look(owned)
    assert seen["trouble"] == "The panel does not answer right now."
    assert (seen["ipv4"], seen["seen_at"]) == (known["ipv4"], known["seen_at"])
    owned.shop.world.virtfusion.faults.clear()
    assert (await look(owned))["trouble"] is None


async def test_a_token_that_may_not_see_copies_leaves_them_out(owned: Owned) -> None:
    owned.shop.fault("refuse", "listServerBackups", times=None)
    seen = await look(owned)
    assert (seen["backups"], seen["trouble"]) == (None, None)
    assert seen["disks"]


async def test_a_copy_by_hand_needs_a_new_panel(owned: Owned) -> None:
    await panel_is(owned, "7.0")
    assert "backup" not in (await look(owned))["can"]
    refused = await owned.http.post(f"{owned.path}/backups")
    assert (refused.status_code, refused.json()["code"]) == (409, "panel_too_old")


async def test_a_copy_is_made_and_listed(owned: Owned) -> None:
    await panel_is(owned, "7.1")
    assert "backup" in (await look(owned))["can"]
    assert (await owned.http.post(f"{owned.path}/backups")).status_code == 202
    await owned.shop.drain(2)
    assert (await owned.look())["active_task"]["note"] == "The copy is being written."
    assert (await owned.see_through())["state"] == "done"
    await owned.shop.drain()
    seen = await ok(owned.http.get(f"{owned.path}/sight"))
    assert [one["state"] for one in seen["backups"]] == ["complete"]


@pytest.mark.parametrize("fault", ["lose_answer", "unavailable", "rate_limit"])
async def test_a_lost_copy_is_not_begun_twice(owned: Owned, fault: str) -> None:
    await panel_is(owned, "7.1")
    owned.shop.fault(fault, "createServerBackup")
    assert (await owned.http.post(f"{owned.path}/backups")).status_code == 202
    ended = await owned.see_through(100)
    assert (ended["state"], ended["error"]) == ("done", None)
    assert len(owned.shop.world.virtfusion.tables.backups) == 1


async def test_a_running_copy_is_said(owned: Owned) -> None:
    await panel_is(owned, "7.1")
    owned.shop.world.virtfusion.timing.backup_seconds = 500
    panel = owned.shop.world.virtfusion
    assert (await owned.http.post(f"{owned.path}/backups")).status_code == 202
    await owned.shop.drain()
    await owned.shop.world.rows("update server_tasks set state = 'failed', finished_at = now()")
    assert (await owned.http.post(f"{owned.path}/backups")).status_code == 202
    ended = await owned.see_through()
    assert ended["error"] == "The panel refused: A backup or restore is already running"
    assert len(panel.tables.backups) == 1


async def test_a_copy_that_failed_is_said(owned: Owned) -> None:
    await panel_is(owned, "7.1")
    owned.shop.fault("fail_job", "createServerBackup")
    assert (await owned.http.post(f"{owned.path}/backups")).status_code == 202
    ended = await owned.see_through(100)
    assert "no longer lists it" in ended["error"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("owner", "beat"),
    [(run, "_begin"), (VirtFusion, "start_backup"), (VirtFusion, "backups"), (run, "_record")],
    ids=["begin", "start_backup", "backups", "record"],
)
async def test_a_crash_at_any_beat_copies_once(
    owned: Owned, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str, after: bool
) -> None:
    await panel_is(owned, "7.1")
    calls = [0]
    monkeypatch.setattr(owner, beat, dying_once(getattr(owner, beat), calls, after=after))
    assert (await owned.http.post(f"{owned.path}/backups")).status_code == 202
    assert (await owned.see_through(150))["state"] == "done"
    assert calls[0] >= 1
    assert len(owned.shop.world.virtfusion.tables.backups) == 1


async def test_the_firewall_is_read_only_from_7_1(owned: Owned) -> None:
    await panel_is(owned, "7.1")
    seen = await look(owned)
    assert seen["firewall"] == {"enabled": False, "rules": []}
    assert "firewall" not in seen["can"]
    refused = await put(owned, "firewall", enabled=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "firewall_read_only")


async def test_the_firewall_is_switched_up_to_7_0(owned: Owned) -> None:
    await panel_is(owned, "7.0")
    house = owned.shop.world.house
    async with house.transaction() as db:
        await house.settings.put(db, ServerSettings(firewall_rulesets=("1 Web server", "2 Closed")))
    house.cache.clear()
    seen = await look(owned)
    assert seen["rulesets"] == [{"id": 1, "name": "Web server"}, {"id": 2, "name": "Closed"}]
    owned.shop.fault("lose_answer", "enableFirewall")
    task = await put(owned, "firewall", enabled=True, ruleset_ids=[1])
    assert (task.status_code, task.json()["about"]) == (202, "on, rules: Web server")
    assert (await owned.see_through())["state"] == "done"
    await owned.shop.drain()
    seen = await ok(owned.http.get(f"{owned.path}/sight"))
    assert seen["firewall"]["enabled"]
    assert len(seen["firewall"]["rules"]) == 3
    unknown = await put(owned, "firewall", enabled=True, ruleset_ids=[9])
    assert unknown.status_code == 422
    assert (await put(owned, "firewall", enabled=False)).status_code == 202
    await owned.see_through()
    assert not owned.panel.firewall


async def test_a_reverse_name_must_lead_back(owned: Owned, names: dict[str, list[str]]) -> None:
    await panel_is(owned, "7.1")
    address = owned.panel.ipv4[0]
    wish = {"address": address, "name": "mail.example.com"}
    refused = await put(owned, "reverse-names", **wish)
    assert (refused.status_code, refused.json()["code"]) == (409, "forward_mismatch")
    assert "leads nowhere" in refused.json()["message"]
    names["mail.example.com"] = ["192.0.2.9"]
    refused = await put(owned, "reverse-names", **wish)
    assert "leads to 192.0.2.9" in refused.json()["message"]
    names["mail.example.com"] = ["192.0.2.9", address]
    task = await put(owned, "reverse-names", **wish)
    assert (task.status_code, task.json()["about"]) == (202, f"{address} is mail.example.com")
    assert (await owned.see_through())["state"] == "done"
    await owned.shop.drain()
    seen = await ok(owned.http.get(f"{owned.path}/sight"))
    assert seen["ipv4"][0]["reverse_name"] == "mail.example.com"
    assert (await put(owned, "reverse-names", address=address, name=None)).status_code == 202
    assert (await owned.see_through())["state"] == "done"
    assert owned.panel.reverse_names[address] == ""


async def test_a_reverse_name_can_be_set_anyway(owned: Owned, names: dict[str, list[str]]) -> None:
    await panel_is(owned, "7.1")
    wish = {"address": owned.panel.ipv4[0], "name": "later.example.com", "anyway": True}
    owned.shop.fault("lose_answer", "setIPv4Rdns")
    assert (await put(owned, "reverse-names", **wish)).status_code == 202
    assert (await owned.see_through())["state"] == "done"
    assert owned.panel.reverse_names[owned.panel.ipv4[0]] == "later.example.com"


async def test_foreign_addresses_and_odd_names_are_refused(
    owned: Owned, names: dict[str, list[str]]
) -> None:
    await panel_is(owned, "7.1")
    for wish, field in (
        ({"address": "203.0.113.99", "name": "a.example.com", "anyway": True}, "address"),
        ({"address": owned.panel.ipv4[0], "name": "not a name", "anyway": True}, "hostname"),
    ):
        refused = await put(owned, "reverse-names", **wish)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert owned.asked("setIPv4Rdns") == 0


async def test_one_thing_at_a_time(owned: Owned) -> None:
    await panel_is(owned, "7.1")
    answers = await asyncio.gather(
        owned.http.post(f"{owned.path}/backups"),
        owned.http.post(f"{owned.path}/tasks", json={"kind": "restart"}),
        owned.http.post(f"{owned.path}/password/reset"),
    )
    assert sorted(each.status_code for each in answers) == [202, 409, 409]
    await owned.see_through(100)
