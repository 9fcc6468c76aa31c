"""The panel beside the services: every difference is found, mended and closed; no outage is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from skypanel.integrations.virtfusion.simulator.state import Server
from skypanel.operations.jobs import compare_panel
from skypanel.operations.rules import PANEL_CHECKS, AtPanel, Ours, measured, suspects
from skypanel.provisioning.jobs import converge, converge_services
from skypanel.services.actions import hold, terminate
from skypanel.services.rules import Hold
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import running
from tests.world import START, World

REASON = "Agreed with the customer."


async def compare(world: World) -> None:
    await world.pass_time(minutes=11)
    await world.house.queue.tick(compare_panel)


async def state_of(shop: Shop) -> dict[str, str]:
    shown = await ok(shop.staff.http.get("/api/v1/admin/reconciliation"))
    return {check["name"]: check["state"] for check in shown["checks"]}


async def found(shop: Shop) -> list[dict[str, Any]]:
    shown = await ok(shop.staff.http.get("/api/v1/admin/reconciliation"))
    return [each for check in shown["checks"] for each in check["findings"]]


async def repair(shop: Shop, verb: str, *, confirm: str = "", code: int = 202) -> dict[str, Any]:
    [finding] = await found(shop)
    answer = await shop.staff.http.post(
        f"/api/v1/admin/findings/{finding['id']}/repair",
        json={"verb": verb, "reason": REASON, "confirm": confirm},
    )
    assert answer.status_code == code, answer.text
    await shop.world.drain()
    return dict(answer.json())


async def one(shop: Shop) -> tuple[UUID, Server]:
    """A bought server that stands, and the panel's side of it."""
    service_id = await running(shop)
    [server] = shop.panel()
    return service_id, server


def stray(shop: Shop, server: Server, **changes: Any) -> Server:
    """A server that somebody made at the panel itself."""
    made = replace(server, id=990, uuid="another", name="stray", hostname="stray", **changes)
    shop.world.virtfusion.tables.servers[990] = made
    return made


async def test_two_sides_that_agree(shop: Shop) -> None:
    assert set((await state_of(shop)).values()) == {"unchecked"}
    await one(shop)
    await compare(shop.world)
    assert await state_of(shop) == dict.fromkeys(PANEL_CHECKS, "holds")


async def test_a_stranger_is_found_and_deleted_with_its_name_typed(shop: Shop) -> None:
    _, server = await one(shop)
    stray(shop, server)
    await compare(shop.world)
    [finding] = await found(shop)
    assert finding["check"] == "panel_unknown_server"
    assert finding["subject"] == {"kind": "panel_server", "id": "990"}
    assert finding["can"] == ["acknowledge", "delete"]
    assert (await repair(shop, "delete", code=422))["code"] == "not_confirmed"
    assert (await repair(shop, "suspend", code=409))["code"] == "repair_not_offered"
    await repair(shop, "delete", confirm="stray")
    assert [each.id for each in shop.panel()] == [server.id]
    assert await found(shop) == []
    verbs = await shop.world.rows(
        "select verb, actor_name from audit_entries where verb like 'finding.%' order by id"
    )
    assert verbs == [
        ("finding.delete", "Olga Owner"),
        ("finding.repaired", "SkyPANEL"),
    ]


async def test_a_stranger_that_became_ours_or_another_is_not_deleted(shop: Shop) -> None:
    service_id, server = await one(shop)
    made = stray(shop, server)
    await compare(shop.world)
    made.name = "renamed"
    await repair(shop, "delete", confirm="stray")
    [finding] = await found(shop)
    assert finding["repair_state"] == "failed"
    assert "renamed" in finding["repair_note"]
    made.name = "stray"
    await shop.world.rows(
        "update servers set virtfusion_ref = 990 where service_id = %s", service_id
    )
    await repair(shop, "delete", confirm="stray")
    assert len(shop.panel()) == 2


async def test_a_server_being_made_is_no_stranger(shop: Shop) -> None:
    """Its answer is lost: it stands at the panel before its id is known here."""
    await one(shop)
    order = await shop.bought(hostname="web-2.example.com")
    shop.fault("lose_answer", "createServer")
    await shop.drain()
    assert len(shop.panel()) == 2
    await shop.world.house.queue.tick(compare_panel)
    assert await state_of(shop) == dict.fromkeys(PANEL_CHECKS, "holds")
    await shop.see_through(order)


@pytest.mark.parametrize("kind", ["unavailable", "revoked_token", "refuse", "rate_limit"])
@pytest.mark.parametrize("operation", ["listServers", "getServer"])
async def test_an_outage_opens_and_closes_nothing(shop: Shop, kind: str, operation: str) -> None:
    _, server = await one(shop)
    stray(shop, server)
    await compare(shop.world)
    before = await found(shop)
    shop.world.virtfusion.tables.servers.pop(990)
    shop.world.virtfusion.tables.servers.pop(server.id)
    shop.fault(kind, operation, times=None, seconds=0)
    await compare(shop.world)
    assert await found(shop) == before
    assert await state_of(shop) == dict.fromkeys(PANEL_CHECKS, "unchecked")
    shop.world.virtfusion.faults.clear()
    await compare(shop.world)
    assert [each["check"] for each in await found(shop)] == ["panel_gone"]


async def test_a_list_without_a_row_is_not_believed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the panel's plain no, to a question for this one server, means gone."""
    await one(shop)
    monkeypatch.setattr("skypanel.integrations.virtfusion.client.VirtFusion.servers", _nothing)
    await compare(shop.world)
    assert await state_of(shop) == dict.fromkeys(PANEL_CHECKS, "holds")


async def _nothing(_: object) -> list[Any]:
    return []


async def test_a_lost_server_is_made_again_for_who_paid(shop: Shop) -> None:
    service_id, server = await one(shop)
    del shop.world.virtfusion.tables.servers[server.id]
    await compare(shop.world)
    [finding] = await found(shop)
    assert (finding["check"], finding["can"]) == (
        "panel_gone",
        ["acknowledge", "make_again", "end_service"],
    )
    await repair(shop, "make_again", confirm="web-1.example.com")
    await _settle(shop)
    [(ref, state, order)] = await shop.world.rows(
        "select v.virtfusion_ref, v.state, o.state from servers v join orders o"
        " on o.id = v.order_id where v.service_id = %s",
        service_id,
    )
    assert (ref, state, order) == (next(each.id for each in shop.panel()), "ready", "active")
    await compare(shop.world)
    assert await found(shop) == []
    billed = await shop.world.rows("select count(*) from invoices")
    assert billed == [(1,)]


async def _settle(shop: Shop) -> None:
    for _ in range(6):
        await shop.drain()
        await shop.world.pass_time(seconds=100)
        await shop.world.house.queue.tick(converge)


async def test_what_came_back_is_not_made_again(shop: Shop) -> None:
    _, server = await one(shop)
    tables = shop.world.virtfusion.tables
    del tables.servers[server.id]
    await compare(shop.world)
    tables.servers[server.id] = server
    await repair(shop, "make_again", confirm="web-1.example.com")
    [finding] = await found(shop)
    assert finding["repair_note"] == "The panel has it again."
    await _settle(shop)
    assert len(shop.panel()) == 1


async def test_a_lost_server_ends_its_service(shop: Shop) -> None:
    service_id, server = await one(shop)
    del shop.world.virtfusion.tables.servers[server.id]
    await compare(shop.world)
    await repair(shop, "end_service", confirm="web-1.example.com")
    rows = await shop.world.rows(
        "select s.state, v.state from services s join servers v on v.service_id = s.id"
        " where s.id = %s",
        service_id,
    )
    assert rows == [("terminated", "deleted")]
    await compare(shop.world)
    assert await found(shop) == []


async def test_what_nobody_pays_for_is_deleted(shop: Shop) -> None:
    service_id, server = await one(shop)
    await shop.world.rows("update services set state = 'erased' where id = %s", service_id)
    await shop.world.rows("update servers set standing = 'gone', state = 'deleted'")
    await compare(shop.world)
    [finding] = await found(shop)
    assert finding["check"] == "panel_unbilled"
    await shop.world.rows("update services set state = 'active' where id = %s", service_id)
    await shop.world.rows("update servers set state = 'ready'")
    await repair(shop, "delete", confirm="web-1.example.com")
    assert server.id in shop.world.virtfusion.tables.servers  # it is paid for by now
    await shop.world.rows("update servers set state = 'deleted'")
    await repair(shop, "delete", confirm="web-1.example.com")
    assert shop.panel() == []
    await compare(shop.world)
    assert await found(shop) == []


async def test_suspended_here_and_running_there_both_ways(shop: Shop) -> None:
    world = shop.world
    service_id, server = await one(shop)
    async with world.house.transaction() as db:
        await hold(db, service_id, Hold.STAFF, "Abuse")
    await world.drain()
    await compare(world)
    assert await found(shop) == []
    server.suspended = False
    await compare(world)
    [finding] = await found(shop)
    assert finding["check"] == "panel_runs_suspended"
    shop.fault("lose_answer", "suspendServer")
    await repair(shop, "suspend")
    [finding] = await found(shop)
    assert finding["repair_state"] == "failed"  # the answer was lost; the work was done
    calls = len(world.virtfusion.calls)
    await repair(shop, "suspend")
    asked = [each.operation for each in list(world.virtfusion.calls)[: -calls or None]]
    assert "suspendServer" not in asked
    assert await found(shop) == []
    await world.rows("update services set state = 'active', holds = '[]' where id = %s", service_id)
    await world.rows("update servers set standing = 'free'")
    await compare(world)
    [finding] = await found(shop)
    assert finding["check"] == "panel_suspends_active"
    await repair(shop, "unsuspend")
    assert not server.suspended
    await compare(world)
    assert await found(shop) == []


async def test_a_terminated_one_is_to_be_suspended(shop: Shop) -> None:
    world = shop.world
    service_id, server = await one(shop)
    async with world.house.transaction() as db:
        await terminate(db, service_id, "Unpaid")
    await world.drain()
    await world.house.queue.tick(converge_services)
    server.suspended = False
    await compare(world)
    assert [each["check"] for each in await found(shop)] == ["panel_runs_suspended"]


async def test_owner_and_size(shop: Shop) -> None:
    _, server = await one(shop)
    tables = shop.world.virtfusion.tables
    tables.users[777] = replace(tables.users[server.user_id], id=777)
    owner, server.user_id = server.user_id, 777
    memory, server.memory_mb = server.memory_mb, 128
    await compare(shop.world)
    assert {each["check"] for each in await found(shop)} == {
        "panel_owner_differs",
        "panel_size_differs",
    }
    server.user_id, server.memory_mb = owner, memory
    await compare(shop.world)
    assert await found(shop) == []


async def test_an_owner_and_a_size_are_mended_and_a_disk_never_shrinks(shop: Shop) -> None:
    _, server = await one(shop)
    tables = shop.world.virtfusion.tables
    owner = server.user_id
    tables.users[777] = replace(tables.users[owner], id=777)
    server.user_id = 777
    await compare(shop.world)
    await repair(shop, "give_back")
    assert server.user_id == owner
    await compare(shop.world)

    server.memory_mb, server.storage_gb = 128, server.storage_gb + 10
    await compare(shop.world)
    await repair(shop, "resize")
    assert server.memory_mb == 1024
    [(note,)] = await shop.world.rows("select repair_note from findings where repair = 'resize'")
    assert "a disk never shrinks" in note


async def test_a_size_that_no_package_gives_is_told_and_nothing_is_made_up(shop: Shop) -> None:
    _, server = await one(shop)
    package = shop.world.virtfusion.tables.packages[server.package_id]
    package.memory_mb = server.memory_mb = 2048  # somebody changed the package itself
    await compare(shop.world)
    await repair(shop, "resize")
    [finding] = await found(shop)
    assert finding["repair_state"] == "failed"
    assert "not what was sold" in finding["repair_note"]


async def test_who_may_not_repair(shop: Shop) -> None:
    _, server = await one(shop)
    stray(shop, server)
    await compare(shop.world)
    [finding] = await found(shop)
    wish = {"verb": "delete", "reason": REASON, "confirm": "stray"}
    for role in ("support", "billing"):
        person = await shop.world.staff(f"{role}@host.example", role)
        door = f"/api/v1/admin/findings/{finding['id']}/repair"
        assert (await person.http.post(door, json=wish)).status_code == 403
    assert len(shop.panel()) == 2


async def test_one_repair_at_a_time_and_a_killed_one_goes_on(shop: Shop) -> None:
    _, server = await one(shop)
    stray(shop, server)
    await compare(shop.world)
    [finding] = await found(shop)
    door = f"/api/v1/admin/findings/{finding['id']}/repair"
    wish = {"verb": "delete", "reason": REASON, "confirm": "stray"}
    assert (await shop.staff.http.post(door, json=wish)).status_code == 202
    again = await shop.staff.http.post(door, json=wish)
    assert again.json()["code"] == "repair_under_way"
    del shop.world.virtfusion.tables.servers[990]  # the killed try had done it
    await shop.world.drain()
    assert await found(shop) == []


async def test_staff_may_ask_for_a_comparison(shop: Shop) -> None:
    _, server = await one(shop)
    stray(shop, server)
    assert (await shop.staff.http.post("/api/v1/admin/reconciliation/check")).status_code == 202
    await shop.world.drain()
    assert [each["check"] for each in await found(shop)] == ["panel_unknown_server"]


def _ours(number: int, **changes: Any) -> Ours:
    plain = Ours(
        server_id=UUID(int=number),
        ref=number,
        account_id=UUID(int=1),
        service_id=UUID(int=number),
        hostname=f"s-{number}",
        state="ready",
        plan={},
        service_state="active",
        changed_at=START,
        owner_ref=5,
        making=False,
    )
    return replace(plain, **changes)


def test_of_many_every_size_is_measured_once_a_day() -> None:
    ours = [_ours(number) for number in range(1, 1001)]
    seen = [
        each.ref for hour in range(24) for each in measured(ours, START + timedelta(hours=hour))
    ]
    assert sorted(seen) == list(range(1, 1001))
    assert len(measured(ours[:100], START)) == 100


def test_what_just_changed_or_is_being_made_is_left_alone() -> None:
    later = START + timedelta(minutes=5)
    suspended = [AtPanel(1, 5, suspended=True), AtPanel(2, 9, suspended=False)]
    fresh = _ours(1), _ours(2, making=True)
    assert [each.check for each in suspects(suspended, fresh, (), later)] == ["panel_size_differs"]
    assert "panel_suspends_active" in [
        each.check for each in suspects(suspended, fresh, (), later + timedelta(hours=1))
    ]


async def test_a_name_is_told_to_the_panel_or_taken_from_it(shop: Shop) -> None:
    _, server = await one(shop)
    server.name = "renamed there"
    await compare(shop.world)
    [finding] = await found(shop)
    assert (finding["check"], finding["can"][1:]) == (
        "panel_name_differs",
        ["tell_name", "take_name"],
    )
    shop.fault("lose_answer", "modifyServerName")
    await repair(shop, "tell_name")
    [finding] = await found(shop)
    assert finding["repair_state"] == "failed"  # the answer was lost; the work was done
    await repair(shop, "tell_name")
    assert (server.name, await found(shop)) == ("web-1.example.com", [])

    server.name = "renamed there"
    await compare(shop.world)
    await repair(shop, "take_name")
    assert await shop.world.rows("select label, panel_name from servers") == [
        ("renamed there", "renamed there")
    ]
    await compare(shop.world)
    assert await found(shop) == []
