"""The shop window: equal to the panel's answers, never to its silence."""

from __future__ import annotations

from typing import Any

import pytest

from skypanel.catalog.rules import Host, Need, period_day, slots
from tests.orders.shop import Shop, ok


async def plans(shop: Shop) -> dict[str, dict[str, Any]]:
    found = await ok(shop.world.http.get("/api/v1/plans?currency=EUR"))
    return {plan["name"]: plan for plan in found["items"]}


def left(shop: Shop, plan: dict[str, Any], place: str) -> tuple[str, int | None]:
    [found] = [p for p in plan["locations"] if p["location_id"] == shop.places[place]]
    return found["stock"], found["available"]


async def test_visitors_see_what_is_sold(shop: Shop) -> None:
    found = await plans(shop)
    small = found["VPS 1G"]
    assert (small["vcpu"], small["memory_mib"], small["disk_gib"], small["port_mbps"]) == (
        1, 1024, 25, 100,
    )  # fmt: skip
    prices = {price["cycle"]: price for price in small["prices"]}
    assert prices["hourly"]["price"] == {"minor": 1, "currency": "EUR"}
    assert prices["hourly"]["price_exact"] == "0.0083"
    assert prices["yearly"]["setup"] == {"minor": 500, "currency": "EUR"}
    assert left(shop, small, "Falkenstein")[0] == "available"
    assert left(shop, found["VPS 16G"], "Ashburn") == ("sold_out", 0)
    places = (await ok(shop.world.http.get("/api/v1/locations")))["items"]
    assert {(p["name"], p["country"], p["status"]) for p in places} == {
        ("Falkenstein", "DE", "open"), ("Helsinki", "FI", "open"), ("Ashburn", "US", "open"),
    }  # fmt: skip
    images = (await ok(shop.world.http.get("/api/v1/images")))["items"]
    assert {"Debian 13", "Ubuntu Server 24.04 LTS"} <= {image["name"] for image in images}
    wrong = await shop.world.http.get("/api/v1/plans?currency=JPY")
    assert wrong.status_code == 422


async def test_the_brand(shop: Shop) -> None:
    brand = await ok(shop.world.http.get("/api/v1/brand"))
    assert brand["currencies"] == ["EUR"]
    assert brand["paypal"]["client_id"] == "client"
    assert "secret" not in str(brand)
    assert (brand["sandbox"], brand["real_guests"]) == (False, False)


async def test_a_quote_adds_up(shop: Shop) -> None:
    wish = {
        "plan_id": shop.plans["VPS 1G"],
        "location_id": shop.places["Falkenstein"],
        "cycle": "yearly",
    }
    answer = await shop.world.http.post("/api/v1/quotes", json=wish)
    quote = answer.json()
    assert quote["net"]["minor"] == 5490
    assert quote["total"]["minor"] == quote["net"]["minor"] + quote["tax"]["minor"]
    assert quote["next_invoice_on"] == "2027-03-02"
    assert quote["per_month"]["minor"] == 416
    assert quote["per_hour_exact"] == "0.0057"


@pytest.mark.parametrize(
    "operation", ["any", "listPackages", "listHypervisorGroups", "listPackageTemplates"]
)
async def test_an_outage_empties_nothing(shop: Shop, operation: str) -> None:
    before = await plans(shop)
    images = await ok(shop.world.http.get("/api/v1/images"))
    await shop.world.pass_time(minutes=2)
    shop.fault("refuse", operation, times=None)
    await shop.synchronise()
    assert await plans(shop) == before
    assert await ok(shop.world.http.get("/api/v1/images")) == images


async def test_a_group_that_does_not_answer_keeps_its_figures(shop: Shop) -> None:
    before = await plans(shop)
    await shop.world.pass_time(minutes=2)
    shop.fault("refuse", "getHypervisorGroupResources", times=None)
    await shop.synchronise()
    assert await plans(shop) == before


async def test_an_answer_closes_and_opens(shop: Shop) -> None:
    tables = shop.world.virtfusion.tables
    package = tables.packages.pop(5)
    template = tables.template_groups[0].templates.pop(0)
    await shop.world.pass_time(minutes=2)
    await shop.synchronise()
    assert set(await plans(shop)) == {"VPS 1G"}
    names = [i["name"] for i in (await ok(shop.world.http.get("/api/v1/images")))["items"]]
    assert "Debian 13" not in names
    assert (await shop.ask()).json()["code"] == "not_sold"
    tables.packages[5] = package
    tables.template_groups[0].templates.insert(0, template)
    await shop.world.pass_time(minutes=2)
    await shop.synchronise()
    assert set(await plans(shop)) == {"VPS 1G", "VPS 16G"}
    assert (await shop.ask()).status_code == 201


async def test_an_order_takes_room_of_every_size(shop: Shop) -> None:
    before = await plans(shop)
    order = await shop.order(plan_id=shop.plans["VPS 16G"])
    held = await plans(shop)
    shop.world.house.cache.clear()
    held = await plans(shop)
    large = left(shop, before["VPS 16G"], "Falkenstein")[1]
    assert left(shop, held["VPS 16G"], "Falkenstein")[1] == (large or 0) - 1
    assert left(shop, held["VPS 1G"], "Falkenstein") < left(shop, before["VPS 1G"], "Falkenstein")
    await shop.person.http.post(f"/api/v1/orders/{order['id']}/cancel")
    shop.world.house.cache.clear()
    assert await plans(shop) == before


async def test_a_server_made_is_counted_once(shop: Shop) -> None:
    before = left(shop, (await plans(shop))["VPS 1G"], "Falkenstein")[1] or 0
    await shop.see_through(await shop.bought())
    shop.world.house.cache.clear()
    assert left(shop, (await plans(shop))["VPS 1G"], "Falkenstein")[1] == before - 1
    await shop.world.pass_time(minutes=2)
    await shop.synchronise()
    assert left(shop, (await plans(shop))["VPS 1G"], "Falkenstein")[1] == before - 1


async def test_staff_change_what_is_sold(shop: Shop) -> None:
    http = shop.staff.http
    plan = f"/api/v1/admin/plans/{shop.plans['VPS 16G']}"
    await ok(http.patch(plan, json={"offered": False, "description": "Gone"}))
    shop.world.house.cache.clear()
    assert set(await plans(shop)) == {"VPS 1G"}
    place = f"/api/v1/admin/locations/{shop.places['Falkenstein']}"
    await ok(http.patch(place, json={"status": "closed"}))
    assert (await shop.ask()).json()["code"] == "not_sold"
    taken = await http.patch(place, json={"slug": "helsinki"})
    assert (taken.status_code, taken.json()["code"]) == (409, "slug_taken")
    image = shop.images["Debian 13"]
    await ok(http.patch(f"/api/v1/admin/images/{image}", json={"offered": False}))
    listed = (await ok(http.get("/api/v1/admin/images")))["items"]
    assert [i["offered"] for i in listed if i["id"] == image] == [False]
    sync = await http.post("/api/v1/admin/catalog/sync")
    assert sync.status_code == 202
    await shop.world.drain()
    verbs = {verb for (verb,) in await shop.world.rows("select verb from audit_entries")}
    assert {"plan.edit", "location.edit", "image.edit", "catalog.sync", "plan.add"} <= verbs


def test_slots_lay_holds_on_hosts() -> None:
    need = Need(1, 1024, 10, 0)
    one = Host(servers=2, memory_mib=4096, vcpu=8, stores=((0, 100),))
    assert slots([one], None, [], need) == 2
    assert slots([one, one], None, [need], need) == 3
    assert slots([one, one], 3, [need], need) == 2
    big = Need(8, 4096, 100, 0)
    assert slots([one, one], None, [big], need) == 2
    assert slots([one, one], None, [big, big, big], need) == 0
    endless = Host(float("inf"), float("inf"), float("inf"), ((0, 100),))
    assert slots([endless], None, [], Need(1, 1, 0, 0)) is None


def test_the_end_of_a_month() -> None:
    from datetime import date

    day = date(2027, 1, 31)
    assert period_day(day, "monthly", 1) == date(2027, 2, 28)
    assert period_day(day, "monthly", 2) == date(2027, 3, 31)
    assert period_day(date(2028, 2, 29), "yearly", 1) == date(2029, 2, 28)
    assert period_day(date(2028, 2, 29), "yearly", 4) == date(2032, 2, 29)
    assert period_day(day, "half_yearly", 1) == date(2027, 7, 31)
