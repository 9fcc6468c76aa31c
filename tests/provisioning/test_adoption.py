"""Servers that the panel has and nobody here knows become an account's: bound once, billed so."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from skypanel.integrations.virtfusion.simulator.state import Server, User
from skypanel.operations.jobs import compare_panel
from skypanel.operations.queries import CHECKS
from skypanel.renewals.jobs import bill_due_services
from tests.orders.shop import Shop, ok
from tests.world import START

TODAY = START.date()
STRAY = 990
OWNER = 777


def stray(shop: Shop, **changes: Any) -> Server:
    """A server of somebody whom the panel knew before us."""
    tables = shop.world.virtfusion.tables
    tables.users[OWNER] = User(
        id=OWNER, name="Ada", email="ada@example.com", created_at=START, ext_relation_id=4711
    )
    package = next(one for one in tables.packages.values() if one.name == "VPS 1G")
    group = next(one for one in tables.groups.values() if one.name == "Falkenstein")
    host = next(one for one in tables.hypervisors.values() if one.group_id == group.id)
    plain = Server(
        id=STRAY,
        uuid="stray",
        user_id=OWNER,
        group_id=group.id,
        hypervisor_id=host.id,
        package_id=package.id,
        cpu_cores=package.cpu_cores,
        memory_mb=package.memory_mb,
        storage_gb=package.storage_gb,
        storage_type=package.storage_type,
        traffic_gb=package.traffic_gb,
        speed_in=0,
        speed_out=0,
        ipv4=["203.0.113.99"],
        created_at=START,
        updated_at=START,
        name="old-shop",
        hostname="shop.example.com",
        state="complete",
        running=True,
    )
    made = replace(plain, **changes)
    tables.servers[made.id] = made
    return made


def wish(shop: Shop, **changes: Any) -> dict[str, Any]:
    plain = {
        "account_id": str(shop.person.account_id),
        "plan_id": shop.plans["VPS 1G"],
        "image_id": shop.images["Debian 13"],
        "cycle": "monthly",
        "starts_on": str(TODAY + timedelta(days=10)),
        "reason": "Came with the old panel.",
    }
    return {**plain, **changes}


async def adopt(shop: Shop, ref: int = STRAY, **changes: Any) -> httpx.Response:
    door = f"/api/v1/admin/panel-servers/{ref}/adoption"
    return await shop.staff.http.post(door, json=wish(shop, **changes))


async def adopted(shop: Shop, **changes: Any) -> dict[str, Any]:
    answer = await adopt(shop, **changes)
    assert answer.status_code == 201, answer.text
    await shop.world.drain()
    found: dict[str, Any] = answer.json()
    return found


def changes_at_panel(shop: Shop) -> list[str]:
    return [call.operation for call in shop.world.virtfusion.calls if call.method != "GET"]


async def pass_days(shop: Shop, days: int) -> None:
    await shop.world.pass_time(days=days)
    for _ in range(3):
        await shop.world.house.queue.tick(bill_due_services)
        await shop.world.drain()


async def broken_laws(shop: Shop) -> list[tuple[Any, ...]]:
    read = shop.world.house.read()
    broken = []
    for check in CHECKS:
        if check.name not in ("billing_run_runs", "queue_moves"):
            broken += [(check.name, *row) for row in await read.rows(check, {"now": read.now})]
    return broken


async def test_it_stands_in_the_account_as_it_is_and_is_billed_from_its_day_on(shop: Shop) -> None:
    stray(shop)
    choices = await ok(shop.staff.http.get(f"/api/v1/admin/panel-servers/{STRAY}"))
    assert choices["accounts"][0]["id"] == str(shop.person.account_id)
    assert (choices["plans"][0]["name"], choices["plans"][0]["differs"]) == ("VPS 1G", [])
    assert (choices["location"], choices["can"]) == ("Falkenstein", ["adopt"])
    before = changes_at_panel(shop)
    found = await adopted(shop)
    server = await ok(shop.person.http.get(f"/api/v1/servers/{found['server_id']}"))
    assert (server["label"], server["hostname"]) == ("old-shop", "shop.example.com")
    assert (server["state"], server["ipv4"], server["power"]) == (
        "ready",
        "203.0.113.99",
        "running",
    )
    order = await ok(shop.person.http.get(f"/api/v1/orders/{found['order_id']}"))
    assert (order["kind"], order["state"], len(order["timeline"])) == ("adopted", "active", 1)
    assert await shop.world.rows("select count(*) from invoices") == [(0,)]
    await pass_days(shop, 2)
    assert await shop.world.rows("select count(*) from invoices") == [(0,)]
    await pass_days(shop, 2)  # seven days before, as the policy says
    billed = await shop.world.rows("select number, due_on - %s, total_minor from renewals", TODAY)
    assert billed == [(0, 10, 499)]
    await shop.deposit(499)
    await pass_days(shop, 8)
    assert await shop.world.rows(
        "select s.state, s.period_number, r.state from services s"
        " join renewals r on r.service_id = s.id"
    ) == [("active", 0, "paid")]
    assert await broken_laws(shop) == []
    assert changes_at_panel(shop) == before  # nothing was made or touched
    audit = await shop.world.rows("select verb from audit_entries where verb like '%%.adopt'")
    assert {verb for (verb,) in audit} == {"order.adopt", "server.adopt"}


async def test_an_own_price_counts_and_a_running_period_is_billed_at_once(shop: Shop) -> None:
    stray(shop)
    own = {
        "account_id": str(shop.person.account_id),
        "plan_id": shop.plans["VPS 1G"],
        "currency": "EUR",
        "cycle": "monthly",
        "price": "3.00",
        "reason": "As before.",
        "starts_on": str(TODAY - timedelta(days=30)),
    }
    made = await shop.staff.http.post("/api/v1/admin/price-overrides", json=own)
    assert made.status_code == 201, made.text
    await adopted(shop, starts_on=str(TODAY - timedelta(days=5)))
    await shop.world.house.queue.tick(bill_due_services)
    await shop.world.drain()
    assert await shop.world.rows("select number, total_minor from renewals") == [(0, 300)]
    assert await broken_laws(shop) == []


async def test_it_is_bound_once_whoever_comes_second(shop: Shop) -> None:
    stray(shop)
    answers = await asyncio.gather(*(adopt(shop) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert {each.json().get("code") for each in answers} == {None, "server_known"}
    late = await adopt(shop)
    assert (late.status_code, late.json()["code"]) == (409, "server_known")
    for table in ("servers", "orders", "services", "provisions"):
        assert await shop.world.rows(f"select count(*) from {table}") == [(1,)]


async def test_what_cannot_be_adopted_and_why(shop: Shop) -> None:
    stray(shop, id=991, state="allocated")
    stray(shop, id=992, deletes_at=START + timedelta(minutes=5))
    stray(shop, group_id=404)
    groups = shop.world.virtfusion.tables.groups  # one that is newer than our catalog
    groups[404] = replace(next(iter(groups.values())), id=404)
    cases: list[tuple[int, dict[str, Any], int, str]] = [
        (991, {}, 409, "not_adoptable"),
        (992, {}, 409, "not_adoptable"),
        (999, {}, 404, "not_found"),
        (STRAY, {}, 409, "not_sold"),
        (STRAY, {"cycle": "hourly"}, 422, "invalid_request"),
        (STRAY, {"starts_on": str(TODAY - timedelta(days=40))}, 422, "invalid_request"),
        (STRAY, {"starts_on": str(TODAY + timedelta(days=500))}, 422, "invalid_request"),
        (STRAY, {"reason": " "}, 422, "invalid_request"),
    ]
    for ref, changes, status, code in cases:
        answer = await adopt(shop, ref, **changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (ref, changes)
    assert await shop.world.rows("select count(*) from orders") == [(0,)]
    support = await shop.world.staff("support@host.example", "support")
    door = f"/api/v1/admin/panel-servers/{STRAY}/adoption"
    assert (await support.http.post(door, json=wish(shop))).status_code == 403


@pytest.mark.parametrize("kind", ["unavailable", "lose_answer"])
async def test_an_outage_adopts_nothing(shop: Shop, kind: str) -> None:
    stray(shop)
    shop.fault(kind, "getServer", times=None)
    assert (await adopt(shop)).status_code == 503
    assert await shop.world.rows("select count(*) from orders") == [(0,)]
    shop.world.virtfusion.faults.clear()
    await adopted(shop)


async def test_whose_it_is_at_the_panel_is_respected(shop: Shop) -> None:
    stray(shop)
    stray(shop, id=991, name="second")
    found = await adopted(shop)
    login = f"/api/v1/servers/{found['server_id']}/panel-login"
    assert (await shop.person.http.post(login)).status_code == 200  # by the other system's number
    other = await shop.world.customer("eve@example.com", "Eve")
    answer = await adopt(shop, 991, account_id=str(other.account_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "owned_by_another")
    tables = shop.world.virtfusion.tables
    tables.users[778] = replace(tables.users[OWNER], id=778, ext_relation_id=None)
    tables.servers[991].user_id = 778
    found = (await adopt(shop, 991, account_id=str(other.account_id))).json()
    login = f"/api/v1/servers/{found['server_id']}/panel-login"
    answer = await other.http.post(login)
    assert (answer.status_code, answer.json()["code"]) == (409, "panel_user_unlinked")


async def test_what_differs_is_found_and_a_suspended_one_stays_so(shop: Shop) -> None:
    server = stray(shop, suspended=True, memory_mb=2048, running=False)
    await adopted(shop)
    assert server.suspended
    assert await shop.world.rows("select state, holds from services") == [("suspended", ["staff"])]
    await shop.world.pass_time(minutes=11)
    await shop.world.house.queue.tick(compare_panel)
    open_ones = "select check_name from findings where closed_at is null"
    assert await shop.world.rows(open_ones) == [("panel_size_differs",)]


async def test_a_lost_one_is_made_again(shop: Shop) -> None:
    server = stray(shop)
    found = await adopted(shop)
    del shop.world.virtfusion.tables.servers[server.id]
    await shop.world.pass_time(minutes=11)
    await shop.world.house.queue.tick(compare_panel)
    health = await ok(shop.staff.http.get("/api/v1/admin/reconciliation"))
    [finding] = [one for check in health["checks"] for one in check["findings"]]
    answer = await shop.staff.http.post(
        f"/api/v1/admin/findings/{finding['id']}/repair",
        json={"verb": "make_again", "reason": "Lost.", "confirm": "shop.example.com"},
    )
    assert answer.status_code == 202, answer.text
    order = await shop.see_through({"id": found["order_id"]})
    assert order["state"] == "active"
    [made] = shop.panel()
    assert (made.hostname, made.user_id) == ("shop.example.com", OWNER)
