"""An order whose server can't be made: its money goes back once, and never beside a server."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import httpx
import pytest

from skypanel.orders.rules import OrderSettings
from skypanel.provisioning.jobs import converge_clearings, refund_unserved
from tests.orders.shop import Shop, ok

WISH = {"reason": "No room for it.", "destination": "wallet"}


async def failed(shop: Shop, kind: str = "fail_build", operation: str = "buildServer") -> Any:
    order = await shop.bought()
    shop.fault(kind, operation, times=None)
    assert (await shop.see_through(order))["state"] == "failed"
    shop.world.virtfusion.faults.clear()
    return order


async def refund(shop: Shop, order: dict[str, Any], **changes: Any) -> httpx.Response:
    door = f"/api/v1/admin/orders/{order['id']}/refund"
    return await shop.staff.http.post(door, json={**WISH, **changes})


async def follow(shop: Shop, times: int = 3) -> None:
    for _ in range(times):
        await shop.drain()
        await shop.world.pass_time(seconds=200)
        await shop.world.house.queue.tick(converge_clearings)
    await shop.drain()


async def automatic(shop: Shop, hours: int) -> None:
    house = shop.world.house
    async with house.transaction() as db:
        await house.settings.put(
            db, OrderSettings(refund_failed_after_hours=hours, refund_failed_to="wallet")
        )
    house.cache.clear()


async def wallet(shop: Shop) -> int:
    [(minor,)] = await shop.world.rows(
        "select balance_minor from books where kind = 'wallet' and account_id = %s",
        shop.person.account_id,
    )
    return int(minor)


async def given_back_once(shop: Shop, order: dict[str, Any]) -> None:
    """Closed, nothing at the panel, the whole sum in the wallet by one credit note, one letter."""
    assert (await shop.look(order))["state"] == "refunded", await shop.steps(order)
    assert shop.panel() == []
    assert await wallet(shop) == order["total"]["minor"]
    one = [
        "select count(*) from refunds where state = 'done'",
        "select count(*) from invoices where kind = 'credit_note'",
        "select count(*) from mail_messages where kind = 'order_refunded'",
        "select count(*) from services where state = 'cancelled'",
        "select count(*) from servers where state = 'deleted'",
    ]
    for sql in one:
        assert await shop.world.rows(sql) == [(1,)], sql
    assert await shop.world.rows("select next_step from schedules") == [(None,)]
    assert await shop.world.rows("select sum(balance_minor) from books") == [(0,)]


async def test_staff_refund_and_close(shop: Shop) -> None:
    order = await failed(shop)
    assert len(shop.panel()) == 1
    shown = await ok(shop.staff.http.get(f"/api/v1/admin/orders/{order['id']}"))
    assert shown["can"] == ["refund"]
    answers = await asyncio.gather(*(refund(shop, order) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [202, 409, 409]
    retry = f"/api/v1/admin/provisions/{answers[0].json().get('id') or order['id']}/retry"
    assert (await shop.staff.http.post(retry)).status_code in (404, 409)
    await follow(shop)
    await given_back_once(shop, order)
    steps = (await shop.look(order))["timeline"]
    assert (steps[-1]["state"], "given back" in steps[-1]["message"]) == ("failed", True)
    assert (await refund(shop, order)).json()["code"] == "order_not_refundable"


@pytest.mark.parametrize(
    ("kind", "operation", "times"),
    [
        ("lose_answer", "deleteServer", 1),
        ("lose_answer", "getServer", 3),
        ("unavailable", "any", 4),
        ("revoked_token", "any", 4),
        ("refuse", "deleteServer", 2),
    ],
)
async def test_money_waits_for_the_panels_plain_no(
    shop: Shop, kind: str, operation: str, times: int
) -> None:
    order = await failed(shop)
    shop.fault(kind, operation, times=times)
    assert (await refund(shop, order)).status_code == 202
    await shop.world.drain()
    assert (await shop.look(order))["state"] == "closing"
    assert await wallet(shop) == 0
    await follow(shop, 8)
    await given_back_once(shop, order)


async def test_a_server_that_a_lost_answer_left_behind_is_found_and_deleted(shop: Shop) -> None:
    """Two that could be it: money waits until one is left, which is deleted."""
    order = await shop.bought()
    shop.fault("lose_answer", "createServer")
    await shop.world.drain()
    state = shop.world.virtfusion
    twin = copy.deepcopy(shop.panel()[0])
    twin.id = state.next_id("servers", 118)
    state.tables.servers[twin.id] = twin
    assert (await shop.see_through(order))["state"] == "failed"
    assert (await refund(shop, order)).status_code == 202
    await follow(shop)
    assert ((await shop.look(order))["state"], len(shop.panel())) == ("closing", 2)
    assert "could be this one" in (await shop.provision(order))["error"]
    del state.tables.servers[twin.id]
    await follow(shop, 4)
    await given_back_once(shop, order)


async def test_it_is_refunded_by_itself_where_the_settings_say_so(shop: Shop) -> None:
    order = await failed(shop)
    await shop.world.pass_time(hours=5)
    await shop.world.house.queue.tick(refund_unserved)
    assert (await shop.look(order))["state"] == "failed"  # off by default
    await automatic(shop, 6)
    await shop.world.house.queue.tick(refund_unserved)
    assert (await shop.look(order))["state"] == "failed"
    await shop.world.pass_time(hours=1)
    shop.fault("unavailable", "getServer", times=None)
    await shop.world.house.queue.tick(refund_unserved)
    assert (await shop.look(order))["state"] == "failed"  # it could not be looked at
    shop.world.virtfusion.faults.clear()
    await shop.world.house.queue.tick(refund_unserved)
    await shop.world.house.queue.tick(refund_unserved)
    await follow(shop)
    await given_back_once(shop, order)


async def test_one_that_stands_by_now_is_handed_over_instead(shop: Shop) -> None:
    order = await failed(shop)
    server = shop.panel()[0]
    server.state, server.running = "complete", True  # somebody mended it at the panel
    await automatic(shop, 1)
    await shop.world.pass_time(hours=2)
    await shop.world.house.queue.tick(refund_unserved)
    assert (await shop.see_through(order))["state"] == "active"
    assert await shop.world.rows("select count(*) from refunds") == [(0,)]


async def test_what_is_not_refunded_so(shop: Shop) -> None:
    order = await shop.bought()
    await shop.see_through(order)
    assert (await refund(shop, order)).json()["code"] == "order_not_refundable"
    support = await shop.world.staff("support@host.example", "support")
    door = f"/api/v1/admin/orders/{order['id']}/refund"
    assert (await support.http.post(door, json=WISH)).status_code == 403
    assert (await shop.person.http.post(door, json=WISH)).status_code == 404
