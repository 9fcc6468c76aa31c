"""Which change is possible, and at whose price: tax, add-ons, coupons, own prices, trials, room."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx

from skypanel.catalog.rules import TaxSettings
from skypanel.payments.jobs import follow_due_subscriptions
from skypanel.payments.rules import PaymentSettings
from skypanel.platform.settings import Section
from tests.catalog.test_addons import addon, chosen
from tests.catalog.test_coupons import coupon
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import running
from tests.renewals.plans import Mover, ladder, mover, settle_for
from tests.world import World


async def put(world: World, section: Section) -> None:
    async with world.house.transaction() as db:
        await world.house.settings.put(db, section)
    world.house.cache.clear()


async def sums(world: World, invoice_id: Any) -> tuple[int, int, int]:
    [found] = await world.rows(
        "select net_minor, tax_minor, total_minor from invoices where id = %s", UUID(invoice_id)
    )
    return found  # type: ignore[return-value]


async def test_tax_comes_back_at_the_rate_it_was_paid_with(world: World, shop: Shop) -> None:
    """19 %: 11.90 was paid; 21 of 31 days back are 6.77 and 1.29, the rest costs 13.55 and 2.57."""
    await put(world, TaxSettings(country="DE"))
    moving = await mover(shop)
    await settle_for(world, smaller_disk="keep")
    await world.pass_time(days=10)
    await moving.log_in()
    await shop.deposit(5000)
    up = await moving.changed("VPS 4G")
    assert await sums(world, up["invoice_id"]) == (678, 128, 806)
    await world.drain(hurry=True)
    down = await moving.changed("VPS 2G")
    [first, *rest] = down["credit_note_ids"]
    # The same day: the whole of the step up comes back, on the invoice of the step.
    assert await sums(world, first) == (678, 128, 806)
    assert rest == []
    assert await moving.wallet() == 5000
    books = await world.rows(
        "select kind, sum(balance_minor)::int from books where kind in ('revenue', 'tax') group by 1"
    )
    assert dict(books) == {"revenue": 1000, "tax": 190}


async def test_prices_with_tax_in_them_are_divided_with_it(world: World, shop: Shop) -> None:
    await put(world, TaxSettings(country="DE", prices="inclusive"))
    moving = await mover(shop)
    await world.pass_time(days=10)
    await moving.log_in()
    quoted = await moving.quote("VPS 4G")
    assert quoted["proration"]["credit"]["gross"]["minor"] == 677
    assert quoted["proration"]["charge"]["gross"]["minor"] == 1355
    assert quoted["total"]["minor"] == 678
    assert quoted["next_total"]["minor"] == 2000


async def test_after_the_tax_changed_a_credit_waits_for_the_renewal(
    world: World, shop: Shop
) -> None:
    """An upgrade has both rates on its lines; a credit at one rate only would be wrong."""
    await put(world, TaxSettings(country="DE"))
    moving = await mover(shop, "VPS 4G")
    await settle_for(world, smaller_disk="keep")
    await put(world, TaxSettings(country=""))
    down, up = await moving.quote("VPS 2G"), await moving.quote("VPS 8G")
    assert down["refusal"]["code"] == "only_at_renewal"
    assert up["refusal"] is None
    assert up["total"]["minor"] == 4000 - 2380
    assert (await moving.quote("VPS 2G", "renewal"))["refusal"] is None


async def test_addons_stay_and_are_billed_on(shop: Shop) -> None:
    await ladder(shop)
    made = await addon(shop)
    only = await addon(
        shop, slug="own", name="Only small", kind="backup", plan_ids=[shop.plans["VPS 2G"]]
    )
    moving = Mover(
        shop,
        await running(shop, plan_id=shop.plans["VPS 2G"], addons=chosen(made, 2)),
    )
    quoted = await moving.quote("VPS 4G")
    assert (quoted["total"]["minor"], quoted["next_total"]["minor"]) == (1000, 2000 + 300)
    other = Mover(
        shop,
        await running(
            shop,
            plan_id=shop.plans["VPS 2G"],
            addons=chosen(only),
            hostname="web-2.example.com",
        ),
    )
    assert (await other.quote("VPS 4G"))["refusal"]["code"] == "addon_not_with_plan"


async def test_a_coupon_stays_with_its_service(shop: Shop) -> None:
    """A tenth off for one period: 9.00 was paid, 18.00 is the new plan's; then the full price."""
    await coupon(shop, periods=1)
    moving = await mover(shop, coupon="WELCOME")
    quoted = await moving.quote("VPS 4G")
    assert quoted["proration"]["credit"]["net"]["minor"] == 900
    assert quoted["proration"]["charge"]["net"]["minor"] == 1800
    assert (quoted["total"]["minor"], quoted["next_total"]["minor"]) == (900, 2000)


async def test_an_own_price_wins(shop: Shop) -> None:
    await ladder(shop)
    wish = {
        "account_id": str(shop.person.account_id),
        "plan_id": shop.plans["VPS 4G"],
        "currency": "EUR",
        "cycle": "monthly",
        "price": "12.00",
        "reason": "Promised on the phone",
        "starts_on": "2026-03-01",
        "ends_on": None,
    }
    made = await shop.staff.http.post("/api/v1/admin/price-overrides", json=wish)
    assert made.status_code == 201, made.text
    moving = Mover(shop, await running(shop, plan_id=shop.plans["VPS 2G"]))
    quoted = await moving.quote("VPS 4G")
    assert (quoted["total"]["minor"], quoted["next_total"]["minor"]) == (200, 1200)


async def test_while_it_is_tried_for_free_it_can_change_from_then_on(shop: Shop) -> None:
    await ladder(shop)
    url = f"/api/v1/admin/plans/{shop.plans['VPS 2G']}"
    await ok(shop.staff.http.patch(url, json={"trial_days": 14}))
    order = await shop.order(plan_id=shop.plans["VPS 2G"])
    await shop.see_through(order)
    [(service_id,)] = await shop.world.rows("select id from services")
    moving = Mover(shop, service_id)
    assert (await moving.quote("VPS 4G"))["refusal"]["code"] == "only_at_renewal"
    made = await moving.changed("VPS 4G", "renewal")
    assert made["effective_on"] == "2026-03-16"


async def test_what_does_not_fit_is_said_before(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    found = await ok(shop.person.http.get(f"/api/v1/services/{moving.id}/plan-changes"))
    why = {each["plan"]["name"]: (each["current"], each["now"]) for each in found["plans"]}
    assert why["VPS 2G"][0]
    assert why["VPS 16G"][1]["code"] == "storage_differs"
    assert why["VPS 4G"] == (False, None)
    await world.rows("update stock_levels set hosts = '[]'")
    assert (await moving.quote("VPS 4G"))["refusal"]["code"] == "plan_sold_out"
    gone = await shop.staff.http.patch(
        f"/api/v1/admin/plans/{shop.plans['VPS 4G']}", json={"offered": False}
    )
    assert gone.status_code == 200, gone.text
    answer = await moving.ask("VPS 4G", quoted_minor=1000)
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_not_offered")


async def test_paid_and_taken_back_at_one_moment_is_one_of_both(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    made = await moving.changed("VPS 4G", use_wallet=False)
    await shop.deposit(1000)
    before = await moving.wallet()
    paid, undone = await asyncio.gather(
        shop.person.http.post(
            "/api/v1/payments", json={"invoice_id": made["invoice_id"], "gateway": "wallet"}
        ),
        shop.person.http.post(f"/api/v1/plan-changes/{made['id']}/cancel"),
    )
    await world.drain(hurry=True)
    assert sorted((paid.status_code < 300, undone.status_code < 300)) == [False, True]
    stands = (before - await moving.wallet(), await moving.plan())
    assert stands == ((0, "VPS 2G") if undone.status_code < 300 else (1000, "VPS 4G"))


async def test_a_subscription_follows_the_price(world: World, shop: Shop) -> None:
    settings = await world.house.settings.get(PaymentSettings)
    await put(world, settings.model_copy(update={"subscriptions": True}))
    moving = await mover(shop)
    asked = await shop.person.http.post(
        "/api/v1/subscriptions", json={"service_id": str(moving.id)}
    )
    assert asked.status_code == 202, asked.text
    await world.drain(hurry=True)
    [ref] = world.paypal.book.subscriptions
    async with httpx.AsyncClient(base_url=world.desk.url) as desk:
        answer = await desk.post(f"/_sandbox/subscriptions/{ref}/approve", json={})
        assert answer.status_code == 200, answer.text
    await world.pass_time(hours=7)
    await world.house.queue.tick(follow_due_subscriptions)
    await world.drain(hurry=True)
    assert await world.rows("select state from paypal_subscriptions") == [("active",)]
    await moving.log_in()
    await shop.deposit(1000)
    await moving.changed("VPS 4G")
    await world.drain(hurry=True)
    await world.pass_time(hours=7)
    await world.house.queue.tick(follow_due_subscriptions)
    await world.drain(hurry=True)
    assert await world.rows("select amount_minor from paypal_subscriptions") == [(2000,)]
