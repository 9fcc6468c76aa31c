"""One thing done to many servers: previewed, weighed anew, one task each, and told one by one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from tests.orders.shop import Shop, ok, open_shop
from tests.world import World

from skypanel.integrations.virtfusion.simulator.faults import Fault
from skypanel.provisioning.jobs import converge_services

REASON = "Maintenance of the host."


@pytest.fixture
async def shop(world: World) -> Shop:
    shop = await open_shop(world)
    for number in (1, 2, 3):
        await shop.see_through(await shop.bought(hostname=f"web-{number}.example.com"))
    return shop


async def servers(shop: Shop) -> dict[str, dict[str, Any]]:
    listed = await ok(shop.staff.http.get("/api/v1/admin/servers"))
    return {each["hostname"].split(".")[0]: each for each in listed["items"]}


async def preview(shop: Shop, verb: str, **more: Any) -> dict[str, tuple[bool, str]]:
    ids = [each["id"] for each in (await servers(shop)).values()]
    wish = {"verb": verb, "server_ids": ids, **more}
    shown = await ok(shop.staff.http.post("/api/v1/admin/bulk-works/preview", json=wish))
    return {row["hostname"].split(".")[0]: (row["included"], row["says"]) for row in shown["rows"]}


async def begin(shop: Shop, verb: str, code: int = 202, **more: Any) -> dict[str, Any]:
    ids = [each["id"] for each in (await servers(shop)).values()]
    wish = {"verb": verb, "server_ids": ids, "reason": REASON, **more}
    answer = await shop.staff.http.post("/api/v1/admin/bulk-works", json=wish)
    assert answer.status_code == code, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


async def look(shop: Shop, work: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    shown = await ok(shop.staff.http.get(f"/api/v1/admin/bulk-works/{work['id']}"))
    return {row["hostname"].split(".")[0]: (row["state"], row["note"]) for row in shown["rows"]}


async def test_power_goes_to_those_it_can_be_asked_of_and_the_rest_say_why(shop: Shop) -> None:
    first = (await servers(shop))["web-1"]
    answer = await shop.person.http.post(
        f"/api/v1/servers/{first['id']}/tasks", json={"kind": "poweroff"}
    )
    assert answer.status_code == 202
    await shop.drain(3)
    said = await preview(shop, "shutdown")
    assert said["web-1"] == (False, "is stopped already")
    assert said["web-2"] == (True, "is shut down: its system is asked to")

    work = await begin(shop, "shutdown")
    assert work["counts"] == {"queued": 2, "excluded": 1}
    await shop.drain(4)
    assert await look(shop, work) == {
        "web-1": ("excluded", "is stopped already"),
        "web-2": ("done", None),
        "web-3": ("done", None),
    }
    assert [each.running for each in shop.panel()] == [False] * 3
    tasks = await shop.world.rows(
        "select actor_kind, actor_name, count(*) from server_tasks where kind = 'shutdown'"
        " group by 1, 2"
    )
    assert tasks == [("staff", "Olga Owner", 2)]
    audited = await shop.world.rows(
        "select detail ->> 'reason' from audit_entries where verb = 'server.shutdown'"
        " and detail ->> 'bulk' is not null"
    )
    assert audited == [(REASON,)] * 2


async def test_many_are_suspended_and_resumed_and_other_holds_stay(shop: Shop) -> None:
    third = (await servers(shop))["web-3"]
    held = await shop.staff.http.post(
        f"/api/v1/admin/servers/{third['id']}/suspend", json={"hold": "abuse", "reason": "Spam."}
    )
    assert held.status_code == 200, held.text
    assert held.json()["holds"] == ["abuse"]
    assert (await preview(shop, "suspend"))["web-3"] == (
        True, "is suspended already and gets this hold too",
    )  # fmt: skip
    work = await begin(shop, "suspend")
    await shop.drain(2)
    await shop.world.house.queue.tick(converge_services)
    assert {state for state, _ in (await look(shop, work)).values()} == {"done"}
    assert all(each.suspended for each in shop.panel())

    assert (await preview(shop, "resume"))["web-3"] == (
        True, "loses this hold and stays suspended: abuse",
    )  # fmt: skip
    back = await begin(shop, "resume")
    await shop.drain(2)
    await shop.world.house.queue.tick(converge_services)
    assert {state for state, _ in (await look(shop, back)).values()} == {"done"}
    assert [each.suspended for each in shop.panel()] == [False, False, True]
    assert (await preview(shop, "resume"))["web-1"] == (False, "its service is active")


async def test_what_changed_since_the_preview_counts(shop: Shop) -> None:
    work = await begin(shop, "restart")
    first = (await servers(shop))["web-1"]
    asked = await shop.person.http.post(
        f"/api/v1/servers/{first['id']}/tasks", json={"kind": "shutdown"}
    )
    assert asked.status_code == 202
    await shop.drain(4)
    state, note = (await look(shop, work))["web-1"]
    assert state == "refused"
    assert note
    assert (await look(shop, work))["web-2"] == ("done", None)


async def test_a_panel_that_fails_one_server_does_not_keep_the_others(shop: Shop) -> None:
    shop.world.virtfusion.faults.set(Fault("refuse", "shutdownServer", remaining=1))
    work = await begin(shop, "shutdown")
    await shop.drain(5)
    states = sorted(state for state, _ in (await look(shop, work)).values())
    assert states == ["done", "done", "failed"]


async def test_an_item_run_twice_asks_once(shop: Shop) -> None:
    """The worker is killed after it asked: the job runs again and finds it done."""
    work = await begin(shop, "shutdown")
    await shop.world.rows(
        "insert into procrastinate_jobs (queue_name, task_name, args) select 'servers',"
        " 'operations.run_bulk_item', jsonb_build_object('item_id', id) from bulk_items"
    )
    await shop.drain(5)
    assert {state for state, _ in (await look(shop, work)).values()} == {"done"}
    [(tasks,)] = await shop.world.rows("select count(*) from server_tasks where kind = 'shutdown'")
    assert tasks == 3


async def test_nothing_to_do_is_refused_and_rights_are_asked(shop: Shop) -> None:
    assert (await begin(shop, "start", code=409))["code"] == "nothing_to_do"
    billing = await shop.world.staff("bill@host.example", "billing")
    wish = {"verb": "shutdown", "server_ids": [str(uuid4())], "reason": REASON}
    refused = await billing.http.post("/api/v1/admin/bulk-works", json=wish)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    stranger = await shop.person.http.post("/api/v1/admin/bulk-works", json=wish)
    assert stranger.status_code == 404
    shown = await ok(shop.staff.http.get("/api/v1/admin/bulk-works"))
    assert shown == {"items": [], "next": None}


async def test_staff_ask_of_one_server_with_a_reason(shop: Shop) -> None:
    first = (await servers(shop))["web-1"]
    path = f"/api/v1/admin/servers/{first['id']}"
    whole = await ok(shop.staff.http.get(path))
    assert {"restart", "shutdown", "poweroff", "suspend"} == set(whole["can"])
    missing = await shop.staff.http.post(f"{path}/tasks", json={"kind": "restart", "reason": ""})
    assert missing.status_code == 422
    asked = await shop.staff.http.post(
        f"{path}/tasks", json={"kind": "restart", "reason": "It hung."}
    )
    assert asked.status_code == 202, asked.text
    assert asked.json()["actor"] == {"kind": "staff", "name": "Olga Owner"}
    busy = await shop.staff.http.post(f"{path}/tasks", json={"kind": "shutdown", "reason": "Now."})
    assert (busy.status_code, busy.json()["code"]) == (409, "server_busy")
    await shop.drain(4)
    shown = await ok(shop.person.http.get(f"/api/v1/servers/{first['id']}/tasks"))
    assert [(each["kind"], each["state"]) for each in shown["items"]] == [("restart", "done")]
    assert await shop.world.rows(
        "select detail ->> 'reason' from audit_entries where verb = 'server.ask'"
    ) == [("It hung.",)]
    support = await shop.world.staff("sup@host.example", "billing")
    assert (await ok(support.http.get(path)))["can"] == []
