"""From the click to the running server, and every fault on the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.orders.shop import KEY, Shop


async def alive(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """The order is fulfilled and exactly one server stands for it; VMs = active services."""
    found = await shop.see_through(order)
    assert found["state"] == "active", await shop.steps(order)
    assert len(shop.panel()) == 1
    assert shop.panel()[0].state == "complete"
    active = await shop.world.rows("select count(*) from services where state = 'active'")
    assert active == [(1,)]
    server = await shop.server(order)
    assert server["state"] == "ready"
    assert server["power"] == "running"
    assert server["ipv4"] == shop.panel()[0].ipv4[0]
    return found


async def test_a_paid_order_becomes_a_server(shop: Shop) -> None:
    order = await shop.order(new_ssh_key={"name": "laptop", "public_key": KEY})
    assert order["state"] == "awaiting_payment"
    assert [step["state"] for step in order["timeline"]] == [
        "done", "current", "waiting", "waiting", "waiting",
    ]  # fmt: skip
    await shop.pay(order)
    found = await alive(shop, order)
    assert [step["state"] for step in found["timeline"]] == ["done"] * 5
    vm = shop.panel()[0]
    assert vm.hostname == "web-1.example.com"
    assert (vm.cpu_cores, vm.memory_mb, vm.storage_gb, vm.traffic_gb) == (1, 1024, 25, 1000)
    keys = shop.world.virtfusion.tables.ssh_keys
    assert [keys[one].public_key for one in vm.ssh_key_ids] == [KEY.rsplit(" ", 1)[0]]
    [user] = shop.world.virtfusion.tables.users.values()
    assert user.relation == f"skypanel-{order['account_id']}"
    server = await shop.server(order)
    assert server["password_available"]
    assert server["ipv6"].startswith("2001:db8:100:")
    assert server["renews_on"] == "2026-04-02"
    assert server["price"] == {"minor": 499, "currency": "EUR"}
    assert (await shop.provision(order))["state"] == "done"


FAULTS = [
    ("lose_answer", "createUser", 1),
    ("lose_answer", "createServer", 1),
    ("lose_answer", "buildServer", 1),
    ("lose_answer", "addSshKey", 1),
    ("lose_answer", "getServer", 4),
    ("lose_answer", "listUserServers", 4),
    ("lock", "buildServer", 2),
    ("rate_limit", "createServer", 2),
    ("rate_limit", "any", 6),
    ("unavailable", "createServer", 1),
    ("unavailable", "buildServer", 1),
    ("unavailable", "any", 12),
    ("fail_build", "buildServer", 1),
    ("revoked_token", "any", 5),
]


@pytest.mark.parametrize(("kind", "operation", "times"), FAULTS)
async def test_a_fault_of_the_panel_is_survived(
    shop: Shop, kind: str, operation: str, times: int
) -> None:
    order = await shop.bought(new_ssh_key={"name": "laptop", "public_key": KEY})
    shop.fault(kind, operation, times=times)
    await alive(shop, order)
    server = await shop.server(order)
    assert server["password_available"], "the customer can log in by password"
    calls = [call.operation for call in shop.world.virtfusion.calls]
    assert calls.count("createUser") == 1 or kind != "lose_answer"


async def test_while_the_answer_is_lost_the_customer_is_told(shop: Shop) -> None:
    order = await shop.bought()
    shop.fault("lose_answer", "createServer")
    await shop.world.drain()
    step = (await shop.look(order))["timeline"][2]
    assert step["state"] == "current"
    assert step["message"] == (
        "We asked the panel at 09:00 UTC and have no answer yet; we keep asking. "
        "You will not be charged twice."
    )
    await alive(shop, order)
    creations = [c for c in shop.world.virtfusion.calls if c.operation == "createServer"]
    assert len(creations) == 1
    assert any("found again" in text for text in await shop.steps(order))


@pytest.mark.parametrize("operation", ["createUser", "createServer", "buildServer"])
async def test_a_refusal_stops_and_staff_let_it_go_on(shop: Shop, operation: str) -> None:
    order = await shop.bought()
    shop.fault("refuse", operation)
    found = await shop.see_through(order)
    assert found["state"] == "failed"
    failed = [step for step in found["timeline"] if step["state"] == "failed"]
    assert len(failed) == 1
    assert "Our staff" in failed[0]["message"]
    provision = await shop.provision(order)
    assert provision["can"] == ["retry"]
    assert "told to refuse" in provision["error"]
    answer = await shop.staff.http.post(f"/api/v1/admin/provisions/{provision['id']}/retry")
    assert answer.status_code == 202, answer.text
    await alive(shop, order)
    again = await shop.staff.http.post(f"/api/v1/admin/provisions/{provision['id']}/retry")
    assert again.status_code == 409


async def test_an_installation_that_fails_twice_goes_to_staff(shop: Shop) -> None:
    order = await shop.bought()
    shop.fault("fail_build", "buildServer", times=2)
    assert (await shop.see_through(order))["state"] == "failed"
    assert len(shop.panel()) == 1
    provision = await shop.provision(order)
    await shop.staff.http.post(f"/api/v1/admin/provisions/{provision['id']}/retry")
    await alive(shop, order)


async def test_a_slow_installation_is_followed(shop: Shop) -> None:
    shop.world.virtfusion.timing.build_seconds = 400
    order = await shop.bought()
    await shop.drain(3)
    step = (await shop.look(order))["timeline"][3]
    assert (step["step"], step["state"]) == ("installing", "current")
    await alive(shop, order)


async def test_two_that_could_be_it_go_to_staff(shop: Shop) -> None:
    order = await shop.bought()
    shop.fault("lose_answer", "createServer")
    await shop.world.drain()
    twin = shop.panel()[0]
    state = shop.world.virtfusion
    import copy

    other = copy.deepcopy(twin)
    other.id = state.next_id("servers", 118)
    state.tables.servers[other.id] = other
    assert (await shop.see_through(order))["state"] == "failed"
    assert "Several panel servers" in (await shop.provision(order))["error"]
    assert len(shop.panel()) == 2, "nothing was created beside them"


async def test_two_orders_of_one_account_never_take_each_others_server(shop: Shop) -> None:
    orders = [await shop.bought(hostname=f"web-{n}.example.com") for n in range(3)]
    shop.fault("lose_answer", "createServer", times=2)
    for order in orders:
        assert (await shop.see_through(order))["state"] == "active"
    assert sorted(vm.hostname or "" for vm in shop.panel()) == [
        f"web-{n}.example.com" for n in range(3)
    ]
    assert len(shop.world.virtfusion.tables.users) == 1


async def test_a_server_gone_at_the_panel_goes_to_staff_and_is_not_made_twice(
    shop: Shop,
) -> None:
    shop.world.virtfusion.timing.build_seconds = 60
    order = await shop.bought()
    await shop.world.drain()
    shop.world.virtfusion.tables.servers.clear()
    assert (await shop.see_through(order))["state"] == "failed"
    assert shop.panel() == []
    assert "gone" in (await shop.provision(order))["error"]


async def test_a_lost_event_is_made_good_by_the_timer(shop: Shop) -> None:
    order = await shop.bought()
    await shop.world.rows("delete from procrastinate_jobs where task_name like 'provisioning%%'")
    await shop.world.drain()
    await shop.world.rows("delete from procrastinate_jobs where task_name like 'provisioning%%'")
    await alive(shop, order)
