"""Hours in full: add-ons, coupons, another plan, and the approval of the billing run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.catalog.test_addons import addon, chosen
from tests.catalog.test_coupons import coupon
from tests.orders.shop import Shop, ok
from tests.usage.hours import balance, books_agree, hours, months, running, tick, until
from tests.world import World

MUCH = 100_000
BY_THE_HOUR = [
    {"currency": "EUR", "cycle": "hourly", "price": "0.002"},
    {"currency": "EUR", "cycle": "monthly", "price": "1.00"},
]


HOURLY = {"VPS 2G": ("0.0083", "4.99"), "VPS 4G": ("0.0166", "9.98")}


async def by_the_hour(shop: Shop) -> None:
    """Two plans on one kind of storage, the second at twice the price."""
    for package in (await ok(shop.staff.http.get("/api/v1/admin/packages")))["items"]:
        if package["name"] in HOURLY:
            prices = zip(("hourly", "monthly"), HOURLY[package["name"]], strict=True)
            answer = await shop.staff.http.post(
                "/api/v1/admin/plans",
                json={
                    "package_id": package["id"],
                    "slug": package["name"].lower().replace(" ", "-"),
                    "name": package["name"],
                    "prices": [
                        {"currency": "EUR", "cycle": cycle, "price": price}
                        for cycle, price in prices
                    ],
                    "location_ids": [shop.places["Falkenstein"]],
                },
            )
            assert answer.status_code == 201, answer.text
            shop.plans[package["name"]] = answer.json()["id"]


async def lines(world: World) -> list[tuple[str, int]]:
    return await world.rows(
        "select l.description, l.net_minor from invoice_lines l join invoices i on i.id ="
        " l.invoice_id where i.kind = 'tax' order by l.invoice_id, l.position"
    )


async def test_add_ons_and_a_coupon_are_in_quote_charges_and_invoice(
    world: World, shop: Shop
) -> None:
    """Half off the plan for one month, two addresses at 0.002; the next month without the half."""
    made = await addon(shop, prices=BY_THE_HOUR)
    await coupon(shop, code="HALF", percent="50", periods=1)
    await coupon(
        shop, code="SUM", kind="fixed", amounts=[{"minor": 100, "currency": "EUR"}], percent=None
    )
    await shop.deposit(100)
    wish = {"cycle": "hourly", "addons": chosen(made, 2)}
    refused = await shop.ask(**wish, coupon="SUM")
    assert refused.json()["errors"][0]["code"] == "coupon_not_hourly"
    quoted = await ok(
        shop.person.http.post(
            f"/api/v1/accounts/{shop.person.account_id}/quotes",
            json={
                "plan_id": shop.plans["VPS 1G"],
                "location_id": shop.places["Falkenstein"],
                "coupon": "HALF",
                **wish,
            },
        )
    )
    hourly = quoted["hourly"]
    # 72 hours: half of 0.5976 and two times 0.144
    assert (hourly["percent"], hourly["needed"]["minor"]) == ("50", 30 + 29)
    assert hourly["per_hour_exact"] == "0.00815"  # half of 0.0083 and two times 0.002
    assert hourly["addons"] == [
        {"name": "IPv4 address", "quantity": 2, "price_exact": "0.002",
         "cap": {"minor": 100, "currency": "EUR"}}
    ]  # fmt: skip
    await running(shop, MUCH, addons=chosen(made, 2), coupon="HALF")
    await until(world, datetime(2026, 4, 1, 0, 30, tzinfo=UTC))
    march, april = await months(world)
    assert march[2] == "invoiced"
    counted = march[3]
    assert await lines(world) == [("VPS 1G web-1.example.com", 249 + 1), ("2 x IPv4 address", 200)]
    assert march[4] == march[5] == 250 + 200
    assert counted > 602  # both were capped
    assert (april[3], april[5]) == (1, 1 + 0)  # 0.0083 whole, and 2 x 0.002
    await books_agree(world)


async def test_another_plan_counts_from_the_next_hour(world: World, shop: Shop) -> None:
    """Hours begun stay at 0.0083; the invoice has a line for each plan; the server follows."""
    await by_the_hour(shop)
    service_id = await running(shop, MUCH, plan_id=shop.plans["VPS 2G"])
    await hours(world, 5)
    [(_, _, _, before, due, _)] = await months(world)
    place = f"/api/v1/services/{service_id}/plan-changes"
    wish: dict[str, Any] = {"plan_id": shop.plans["VPS 4G"], "timing": "now"}
    found = await ok(shop.person.http.get(place))
    assert (found["cycle"], found["cycles"]) == ("hourly", ["hourly"])
    later = await ok(shop.person.http.get(f"{place}/quote", params={**wish, "timing": "renewal"}))
    assert later["refusal"]["code"] == "only_now"
    quoted = await ok(shop.person.http.get(f"{place}/quote", params=wish))
    assert quoted["refusal"] is None
    hourly = quoted["hourly"]
    assert (hourly["price_exact_before"], hourly["price_exact"]) == ("0.0083", "0.0166")
    assert hourly["cap"]["minor"] == 998
    made = await shop.person.http.post(place, json={**wish, "quoted_minor": 0})
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "applying"
    await tick(world)
    [(_, _, standing, now, same, charged)] = await months(world)
    assert (standing, now, same, charged) == ("open", 0, due, due)
    [server] = shop.panel()
    assert server.memory_mb == 4096
    await hours(world, 3)
    [(_, _, _, now, _, charged)] = await months(world)
    assert now == 3
    shown = await ok(shop.staff.http.get(f"/api/v1/admin/services/{service_id}/usage"))
    assert [each["hours"] for each in shown["months"][0]["earlier"]] == [before]
    assert charged == round(before * 0.83 + 1e-9) + 5  # 3 x 1.66 are 4.98
    await books_agree(world)
    await until(world, datetime(2026, 4, 1, 0, 30, tzinfo=UTC))
    march, april = await months(world)
    assert march[5] == 998  # the dearest plan's cap, not both
    sold = await lines(world)
    assert [name for name, _ in sold] == ["VPS 2G web-1.example.com", "VPS 4G web-1.example.com"]
    assert sum(net for _, net in sold) == 998
    assert april[5] == 2


async def test_a_dearer_plan_needs_its_money(world: World, shop: Shop) -> None:
    await by_the_hour(shop)
    service_id = await running(shop, 61, plan_id=shop.plans["VPS 2G"])
    place = f"/api/v1/services/{service_id}/plan-changes"
    wish = {"plan_id": shop.plans["VPS 4G"], "timing": "now", "quoted_minor": 0}
    refused = await shop.person.http.post(place, json=wish)
    assert (refused.status_code, refused.json()["code"]) == (409, "balance_below_change")
    assert await world.rows("select count(*)::int from plan_changes") == [(0,)]


async def test_nothing_is_charged_beyond_what_staff_approved(world: World, shop: Shop) -> None:
    """The run waits: hours stand still and are caught up to the approval, to the hour."""
    await by_the_hour(shop)
    service_id = await running(shop, MUCH, plan_id=shop.plans["VPS 2G"])
    gate = "/api/v1/admin/billing-run"
    await ok(shop.staff.http.put(f"{gate}/gate", json={"needed": True, "reason": "We look."}))
    before = await months(world)
    held = await balance(world)
    await hours(world, 5)
    assert (await months(world), await balance(world)) == (before, held)
    preview = await ok(shop.staff.http.get(f"{gate}/preview", params={"days": 2}))
    [coming] = [each for each in preview["totals"] if each["step"] == "hours"]
    assert coming["count"] == 1
    assert coming["amount"]["minor"] > 0
    place = f"/api/v1/services/{service_id}/plan-changes/quote"
    quoted = await ok(
        shop.person.http.get(place, params={"plan_id": shop.plans["VPS 4G"], "timing": "now"})
    )
    assert quoted["refusal"]["code"] == "service_set_aside"
    now = world.house.clock.now()
    agreed = now + timedelta(hours=2)
    wish = {"until": agreed.isoformat(), "reason": "As shown."}
    await ok(shop.staff.http.post(f"{gate}/approvals", json=wish))
    await hours(world, 6)
    [(_, _, _, counted, _, charged)] = await months(world)
    [(upto,)] = await world.rows("select counted_until from usage_months")
    assert agreed < upto <= agreed + timedelta(hours=1)
    assert charged == round(counted * 0.83 + 1e-9) == MUCH - await balance(world)
    await ok(shop.staff.http.put(f"{gate}/gate", json={"needed": False, "reason": "Done."}))
    await tick(world)
    assert (await months(world))[0][3] == counted + 4 - (0 if upto > agreed else 1)
    await books_agree(world)


async def test_a_day_of_hours_is_one_row_of_the_list(world: World, shop: Shop) -> None:
    """Two servers and a day's end: a row for each service and day, with what is behind it."""
    first = await running(shop, MUCH)
    await running(shop, MUCH, hostname="web-2.example.com")
    [(begun,)] = await world.rows("select min(at) from entries")
    await hours(world, 30)
    await shop.deposit(5)
    shop.person = await world.log_in(world.browser(), "ada@example.com")
    account = {"account_id": str(shop.person.account_id)}
    place = "/api/v1/transactions"
    each = (await ok(shop.person.http.get(place, params={**account, "limit": 100})))["items"]
    folded, cursor = [], None
    while True:
        page = {**account, "folded": "true", "limit": 2, **({"cursor": cursor} if cursor else {})}
        found = await ok(shop.person.http.get(place, params=page))
        folded += found["items"]
        cursor = found["next"]
        if cursor is None:
            break
    assert sum(row["amount"]["minor"] for row in folded) == sum(
        row["amount"]["minor"] for row in each
    )
    rows = [row["folded"] for row in folded if row["folded"]]
    days = {row["on"] for row in rows}
    assert len(rows) == 2 * len(days)
    assert len(days) == (world.house.clock.now().date() - begun.date()).days + 1
    behind = next(row for row in rows if row["service_id"] == str(first))
    day = {**account, "service_id": behind["service_id"], "on": behind["on"], "limit": 100}
    found = await ok(shop.person.http.get(f"{place}/hours", params=day))
    assert len(found["items"]) == behind["count"]
    [shown] = [row for row in folded if row["folded"] == behind]
    assert sum(row["amount"]["minor"] for row in found["items"]) == shown["amount"]["minor"]
    assert shown["balance_after"] == found["items"][0]["balance_after"]
    stranger = await world.customer("eve@example.com", "Eve")
    assert (await stranger.http.get(f"{place}/hours", params=day)).status_code in (403, 404)
