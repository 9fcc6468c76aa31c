"""Add-ons: ordered with the server at the catalog's price, kept on the service."""

from __future__ import annotations

from typing import Any

import pytest

from skypanel.catalog.rules import TaxSettings
from tests.catalog.test_coupons import coupon, lines, quote, tax_at_home
from tests.orders.shop import Shop, ok

ADDONS = "/api/v1/admin/addons"


async def addon(shop: Shop, **more: Any) -> dict[str, Any]:
    wish = {
        "slug": "ipv4",
        "name": "IPv4 address",
        "kind": "ipv4",
        "quantity_max": 4,
        "prices": [{"currency": "EUR", "cycle": "monthly", "price": "1.50"}],
        **more,
    }
    answer = await shop.staff.http.post(ADDONS, json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def chosen(made: dict[str, Any], quantity: int = 1) -> list[dict[str, Any]]:
    return [{"addon_id": made["id"], "quantity": quantity}]


async def test_visitors_see_them_and_what_they_cost(shop: Shop) -> None:
    made = await addon(shop)
    found = await ok(shop.world.http.get("/api/v1/addons?currency=EUR"))
    [shown] = found["items"]
    assert shown["prices"] == [
        {"cycle": "monthly", "price": {"minor": 150, "currency": "EUR"}, "price_exact": None}
    ]
    wish = {
        "plan_id": shop.plans["VPS 1G"],
        "location_id": shop.places["Falkenstein"],
        "cycle": "monthly",
        "addons": chosen(made, 2),
    }
    total = (await shop.world.http.post("/api/v1/quotes", json=wish)).json()
    assert [line["amount"]["minor"] for line in total["lines"]] == [499, 300]


async def test_they_are_on_order_invoice_service_and_panel(shop: Shop) -> None:
    await tax_at_home(shop)
    made = await addon(shop)
    await coupon(shop)
    shown = await quote(shop, addons=chosen(made, 2), coupon="WELCOME")
    order = await shop.order(addons=chosen(made, 2), coupon="WELCOME")
    assert order["total"] == shown["total"]
    assert order["addons"] == [
        {
            "name": "IPv4 address",
            "kind": "ipv4",
            "quantity": 2,
            "price": {"minor": 150, "currency": "EUR"},
        }
    ]
    assert [(net, tax) for _, net, tax in await lines(shop, order)] == [(449, 85), (300, 57)]
    rows = await shop.world.rows(
        "select name, kind, quantity, price_minor, currency, ended_at from service_addons"
    )
    assert rows == [("IPv4 address", "ipv4", 2, 150, "EUR", None)]
    assert await shop.world.rows("select ipv4_count from stock_holds") == [(3,)]
    assert shown["next_total"] == shown["total"], "the coupon holds for every period"
    await shop.pay(order)
    await shop.see_through(order)
    [server] = shop.panel()
    assert len(server.ipv4) == 3


@pytest.mark.parametrize("quantity", [0, -1, 5, 1.5, "many"])
async def test_a_quantity_is_a_whole_number_within_bounds(shop: Shop, quantity: Any) -> None:
    """Elsewhere a negative quantity made a negative total."""
    made = await addon(shop)
    answer = await shop.ask(addons=[{"addon_id": made["id"], "quantity": quantity}])
    assert answer.status_code == 422
    assert await shop.world.rows("select 1 from orders") == []


async def test_what_is_not_sold_with_this_is_refused(shop: Shop) -> None:
    made = await addon(shop, plan_ids=[shop.plans["VPS 16G"]])
    hidden = await addon(shop, slug="hidden", offered=False)
    nowhere = {"id": "018f0000-0000-7000-8000-000000000000"}
    for wish in (chosen(made), chosen(hidden), chosen(nowhere)):
        answer = await shop.ask(addons=wish)
        assert answer.json()["errors"][0]["code"] == "addon_not_sold"
    yearly = await addon(shop, slug="other", kind="other")
    answer = await shop.ask(cycle="yearly", addons=chosen(yearly))
    assert answer.json()["errors"][0]["code"] == "addon_not_sold"
    twice = await shop.ask(addons=chosen(yearly) * 2)
    assert twice.json()["errors"][0]["code"] == "addon_twice"
    priced = await shop.ask(addons=[{**chosen(yearly)[0], "price": 1}])
    assert priced.json()["errors"][0]["code"] == "extra_forbidden"


async def test_a_new_price_leaves_what_was_sold_alone(shop: Shop) -> None:
    made = await addon(shop)
    await shop.order(addons=chosen(made))
    prices = [{"currency": "EUR", "cycle": "monthly", "price": "9"}]
    shown = await ok(shop.staff.http.patch(f"{ADDONS}/{made['id']}", json={"prices": prices}))
    assert shown["prices"] == [{"currency": "EUR", "cycle": "monthly", "price": "9"}]
    assert await shop.world.rows("select price_minor from service_addons") == [(150,)]
    order = await shop.order(addons=chosen(made), hostname="b.example.com")
    assert order["total"]["minor"] == 499 + 900


async def test_an_odd_gross_price_stays_what_it_is(shop: Shop) -> None:
    async with shop.world.house.transaction() as db:
        await shop.world.house.settings.put(db, TaxSettings(country="DE", prices="inclusive"))
    shop.world.house.cache.clear()
    made = await addon(shop, prices=[{"currency": "EUR", "cycle": "monthly", "price": "0.99"}])
    order = await shop.order(addons=chosen(made, 3))
    assert order["total"]["minor"] == 499 + 297
