"""Ordering: only the catalog's price, one buyer per slot, and orders that end by themselves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from skypanel.invoices.rules import SellerSettings
from skypanel.orders.jobs import expire_orders
from skypanel.servers.rules import HostnameWrong, read_hostname
from tests.orders.shop import KEY, Shop


@pytest.mark.parametrize(
    "extra",
    [
        {"price": {"minor": 1, "currency": "EUR"}},
        {"total_minor": 1},
        {"currency": "JPY"},
        {"vcpu": 64},
        {"disk_gib": 9999},
        {"plan": {"vcpu": 64}},
        {"new_ssh_key": {"name": "x", "public_key": KEY, "fingerprint": "x"}},
    ],
)
async def test_a_price_or_size_of_ones_own_is_no_field(shop: Shop, extra: dict[str, Any]) -> None:
    answer = await shop.ask(**extra)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "extra_forbidden"
    assert await shop.world.rows("select 1 from orders") == []


async def test_an_order_costs_what_the_catalog_says(shop: Shop) -> None:
    order = await shop.order(cycle="yearly")
    assert order["total"] == {"minor": 5490, "currency": "EUR"}
    assert order["per_month"] == {"minor": 416, "currency": "EUR"}
    [invoice] = await shop.world.rows(
        "select kind, state, total_minor from invoices where id = %s", order["invoice_id"]
    )
    assert invoice == ("proforma", "open", 5490)


async def test_an_hour_s_price_alone_starts_no_server(shop: Shop) -> None:
    """Nobody gets a server for one hour's price: the balance must last (tests/usage)."""
    await shop.deposit(1)
    answer = await shop.ask(cycle="hourly")
    assert (answer.status_code, answer.json()["code"]) == (409, "balance_below_start")
    assert await shop.world.rows("select 1 from orders") == []


async def test_a_later_price_leaves_a_standing_order_alone(shop: Shop) -> None:
    order = await shop.order()
    prices = [{"currency": "EUR", "cycle": "monthly", "price": "99.00"}]
    answer = await shop.staff.http.patch(
        f"/api/v1/admin/plans/{shop.plans['VPS 1G']}", json={"prices": prices}
    )
    assert answer.status_code == 200, answer.text
    assert (await shop.look(order))["total"]["minor"] == 499
    assert (await shop.order(hostname="b.example.com"))["total"]["minor"] == 9900
    assert (await shop.ask(cycle="yearly")).json()["code"] == "not_sold"


async def test_the_last_slot_has_one_winner(shop: Shop) -> None:
    tables = shop.world.virtfusion.tables
    for host in tables.hypervisors.values():
        if host.group_id == 1:
            host.max_servers, host.taken_servers = 100, 100
    tables.hypervisors[4].taken_servers = 99
    await shop.world.pass_time(minutes=2)
    await shop.synchronise()
    answers = await asyncio.gather(*(shop.ask(hostname=f"web-{n}.example.com") for n in range(8)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] + [409] * 7
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"sold_out"}
    assert await shop.world.rows("select count(*) from stock_holds") == [(1,)]
    assert await shop.world.rows("select count(*) from orders") == [(1,)]
    assert await shop.world.rows("select count(*) from invoices") == [(1,)]


async def test_an_unpaid_order_ends_after_an_hour(shop: Shop) -> None:
    order = await shop.order()
    await shop.world.pass_time(minutes=59)
    await shop.world.house.queue.tick(expire_orders)
    assert (await shop.look(order))["state"] == "awaiting_payment"
    await shop.world.pass_time(minutes=2)
    await shop.world.house.queue.tick(expire_orders)
    found = await shop.look(order)
    assert (found["state"], found["invoice_state"], found["can"]) == ("expired", "void", [])
    assert found["timeline"][1]["state"] == "failed"
    assert "not charged" in found["timeline"][1]["message"]
    assert await shop.world.rows("select 1 from stock_holds") == []
    assert await shop.world.rows("select state from services") == [("cancelled",)]


async def test_while_a_payment_is_taken_the_order_waits(shop: Shop) -> None:
    order = await shop.order()
    started = await shop.person.http.post(
        "/api/v1/payments", json={"invoice_id": order["invoice_id"], "gateway": "paypal"}
    )
    assert started.status_code == 202
    await shop.world.rows("update payments set state = 'pending'")
    refused = await shop.person.http.post(f"/api/v1/orders/{order['id']}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_under_way")
    await shop.world.pass_time(minutes=61)
    await shop.world.house.queue.tick(expire_orders)
    found = await shop.look(order)
    assert found["state"] == "awaiting_payment"
    assert found["expires_at"] == "2026-03-02T11:01:00Z"
    [(until,)] = await shop.world.rows("select until_at from stock_holds")
    assert until.isoformat() == "2026-03-02T11:01:00+00:00"


async def test_room_is_held_while_a_bank_transfer_is_awaited(shop: Shop) -> None:
    """Two days on their way, then the bank sends it back: the room goes with the order."""
    async with shop.world.house.transaction() as db:
        await shop.world.house.settings.put(db, SellerSettings(iban="DE02120300000000202051"))
    shop.world.house.cache.clear()
    order = await shop.order()
    asked = {"invoice_id": order["invoice_id"], "gateway": "bank"}
    payment = (await shop.person.http.post("/api/v1/payments", json=asked)).json()
    for _ in range(2):
        await shop.world.pass_time(hours=23)
        await shop.world.house.queue.tick(expire_orders)
    now = shop.world.clock.at
    assert await shop.world.rows("select state from orders") == [("awaiting_payment",)]
    assert await shop.world.rows("select until_at > %s from stock_holds", now) == [(True,)]
    staff = await shop.world.log_in(shop.staff.http, shop.staff.email)
    url = f"/api/v1/admin/payments/{payment['id']}/reject-transfer"
    assert (await staff.http.post(url, json={"reason": "Sent back"})).status_code == 200
    await shop.world.pass_time(hours=2)
    await shop.world.house.queue.tick(expire_orders)
    assert await shop.world.rows("select state from orders") == [("expired",)]
    assert await shop.world.rows("select 1 from stock_holds") == []


async def test_cancelling_gives_everything_back(shop: Shop) -> None:
    order = await shop.order()
    assert order["can"] == ["cancel"]
    answer = await shop.person.http.post(f"/api/v1/orders/{order['id']}/cancel")
    assert answer.json()["state"] == "cancelled"
    assert await shop.world.rows("select 1 from stock_holds") == []
    again = await shop.person.http.post(f"/api/v1/orders/{order['id']}/cancel")
    assert again.status_code == 409


async def test_a_paid_order_can_not_be_cancelled_and_its_room_stays(shop: Shop) -> None:
    order = await shop.bought()
    shop.fault("unavailable", "any", times=None)
    await shop.world.drain()
    await shop.world.pass_time(minutes=90)
    await shop.world.house.queue.tick(expire_orders)
    found = await shop.look(order)
    assert (found["state"], found["can"]) == ("paid", [])
    assert "could not be reached" in found["timeline"][2]["message"]
    assert await shop.world.rows("select until_at, used_at from stock_holds") == [(None, None)]
    answer = await shop.person.http.post(f"/api/v1/orders/{order['id']}/cancel")
    assert answer.status_code == 409


async def test_the_same_key_orders_once(shop: Shop) -> None:
    headers = {"idempotency-key": "one"}
    answers = [
        await shop.person.http.post("/api/v1/orders", json=shop.wish(), headers=headers)
        for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert await shop.world.rows("select count(*) from orders") == [(1,)]


async def test_what_is_not_sold_is_refused(shop: Shop) -> None:
    nowhere = "018f0000-0000-7000-8000-000000000000"
    wrong = {
        "plan_unknown": {"plan_id": nowhere},
        "not_sold": {"location_id": shop.places["Helsinki"]},
        "sold_out": {
            "plan_id": shop.plans["VPS 16G"],
            "location_id": shop.places["Ashburn"],
        },
    }
    for code, change in wrong.items():
        assert (await shop.ask(**change)).json()["code"] == code
    assert (await shop.ask(image_id=nowhere)).json()["code"] == "not_sold"
    without = await shop.ask(password_login=False)
    assert without.json()["errors"][0]["code"] == "login_method_missing"
    assert await shop.world.rows("select 1 from orders") == []


async def test_foreign_things_are_not_there(shop: Shop) -> None:
    order = await shop.bought(new_ssh_key={"name": "laptop", "public_key": KEY})
    order = await shop.see_through(order)
    [(key_id,)] = await shop.world.rows("select id from ssh_keys")
    other = await shop.world.customer("mallory@example.com", "Mallory")
    server = f"/api/v1/servers/{order['server_id']}"
    calls = [
        ("GET", f"/api/v1/orders/{order['id']}", None),
        ("POST", f"/api/v1/orders/{order['id']}/cancel", None),
        ("GET", f"/api/v1/orders?account_id={order['account_id']}", None),
        ("POST", "/api/v1/orders", shop.wish()),
        ("GET", server, None),
        ("PATCH", server, {"label": "mine"}),
        ("GET", f"{server}/tasks", None),
        ("POST", f"{server}/tasks", {"kind": "restart"}),
        ("POST", f"{server}/password/reveal", None),
        ("GET", f"/api/v1/servers?account_id={order['account_id']}", None),
        ("GET", f"/api/v1/ssh-keys?account_id={order['account_id']}", None),
        ("POST", "/api/v1/ssh-keys", {"account_id": order["account_id"], "public_key": KEY}),
        ("DELETE", f"/api/v1/ssh-keys/{key_id}", None),
        ("GET", "/api/v1/admin/orders", None),
        ("GET", f"/api/v1/admin/servers/{order['server_id']}", None),
        ("GET", f"/api/v1/admin/provisions/{order['id']}", None),
        ("POST", f"/api/v1/admin/provisions/{order['id']}/retry", None),
        ("POST", "/api/v1/admin/catalog/sync", None),
    ]
    for method, path, body in calls:
        answer = await other.http.request(method, path, json=body)
        assert answer.status_code == 404, (method, path, answer.text)
        visitor = await shop.world.browser().request(method, path, json=body)
        assert visitor.status_code == 401, (method, path, visitor.text)
    stolen = shop.wish(account_id=str(other.account_id), ssh_key_ids=[str(key_id)])
    answer = await other.http.post("/api/v1/orders", json=stolen)
    assert answer.json()["errors"][0]["code"] == "key_unknown"
    assert (await other.http.get("/api/v1/orders")).json()["items"] == []


async def test_lists_page_and_ask_few_questions(shop: Shop) -> None:
    made = [(await shop.order(hostname=f"h{n}.example.com"))["id"] for n in range(3)]
    first = (await shop.person.http.get("/api/v1/orders?limit=2")).json()
    rest = (await shop.person.http.get(f"/api/v1/orders?cursor={first['next']}")).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    staff = (await shop.staff.http.get("/api/v1/admin/orders?q=h1.")).json()["items"]
    assert [each["id"] for each in staff] == [made[1]]
    assert staff[0]["account_name"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Web-1.Example.COM.", "web-1.example.com"), ("a", "a"), ("3com", "3com"), ("x" * 63,) * 2],
)
def test_a_host_name(text: str, name: str) -> None:
    assert read_hostname(text) == name


@pytest.mark.parametrize(
    "text",
    ["", ".", "-a", "a-", "a..b", "a_b", "a b", "ä", "x" * 64, "a" * 60 + ".com.de", "10.0.0.1",
     "a.\nb", "$(reboot)"],
)  # fmt: skip
def test_no_host_name(text: str) -> None:
    with pytest.raises(HostnameWrong):
        read_hostname(text)
