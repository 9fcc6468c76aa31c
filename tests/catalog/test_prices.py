"""Prices that change, own prices, trials, and currencies without or with three decimals."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from skypanel.catalog.jobs import apply_due_price_changes
from skypanel.catalog.queries import price_for_renewal
from skypanel.catalog.rules import BrandSettings, Held, Move, Override, PriceBook
from tests.catalog.test_coupons import coupon, quote
from tests.orders.shop import Shop, ok
from tests.world import PASSWORD, Person

CHANGES, OVERRIDES = "/api/v1/admin/price-changes", "/api/v1/admin/price-overrides"
PLAN, ANN, BOB = uuid4(), uuid4(), uuid4()


def held(account: UUID = ANN, amount: str = "5", since: date = date(2026, 1, 10)) -> Held:
    return Held(account, PLAN, "EUR", "monthly", Decimal(amount), since)


def move(amount: str, on: date) -> Move:
    return Move(uuid4(), PLAN, "EUR", "monthly", Decimal(amount), on)


def own(amount: str, starts: date, ends: date | None) -> Override:
    return Override(uuid4(), ANN, PLAN, "EUR", "monthly", Decimal(amount), starts, ends)


BOOK = PriceBook(
    [move("7", date(2026, 6, 1)), move("6", date(2026, 3, 1))],
    [own("3", date(2026, 5, 1), date(2026, 6, 30))],
)


@pytest.mark.parametrize(
    ("account", "since", "on", "amount", "source"),
    [
        (BOB, date(2026, 1, 10), date(2026, 2, 28), "5", "own"),
        (BOB, date(2026, 1, 10), date(2026, 3, 1), "6", "change"),
        (BOB, date(2026, 1, 10), date(2026, 6, 1), "7", "change"),
        (BOB, date(2026, 3, 1), date(2026, 4, 1), "5", "own"),  # bought at the new price
        (BOB, date(2026, 3, 1), date(2026, 6, 1), "7", "change"),
        (ANN, date(2026, 1, 10), date(2026, 4, 30), "6", "change"),
        (ANN, date(2026, 1, 10), date(2026, 5, 1), "3", "override"),
        (ANN, date(2026, 1, 10), date(2026, 6, 30), "3", "override"),
        (ANN, date(2026, 1, 10), date(2026, 7, 1), "7", "change"),
    ],
)
def test_the_price_that_holds(
    account: UUID, since: date, on: date, amount: str, source: str
) -> None:
    found = BOOK.price(held(account, since=since), on)
    assert (found.amount, found.source) == (Decimal(amount), source)


def test_other_plans_terms_and_currencies_are_left_alone() -> None:
    for other in (
        Held(BOB, uuid4(), "EUR", "monthly", Decimal(5), date(2026, 1, 1)),
        Held(BOB, PLAN, "USD", "monthly", Decimal(5), date(2026, 1, 1)),
        Held(BOB, PLAN, "EUR", "yearly", Decimal(5), date(2026, 1, 1)),
    ):
        assert BOOK.price(other, date(2027, 1, 1)).source == "own"


def change(shop: Shop, **more: Any) -> dict[str, Any]:
    wish = {
        "plan_id": shop.plans["VPS 1G"],
        "currency": "EUR",
        "cycle": "monthly",
        "price": "5.99",
        "effective_on": "2026-04-15",
        "policy": "move",
        "notice_days": 30,
    }
    return {**wish, **more}


async def renewal(shop: Shop, order: dict[str, Any], on: date) -> str:
    found = await price_for_renewal(
        shop.world.house.read(),
        Held(
            UUID(order["account_id"]),
            UUID(order["plan"]["id"]),
            "EUR",
            "monthly",
            Decimal("4.99"),
            date(2026, 3, 2),
        ),
        on,
    )
    return f"{found.amount.normalize():f}"


async def test_a_change_is_previewed_announced_mailed_and_applied(shop: Shop) -> None:
    order = await shop.bought()
    await shop.world.drain()
    shown = (await shop.staff.http.post(f"{CHANGES}/preview", json=change(shop))).json()
    assert (shown["services"], shown["accounts"]) == (1, 1)
    assert shown["items"][0]["price_before"]["minor"] == 499
    assert shown["items"][0]["price_after"]["minor"] == 599
    assert await shop.world.rows("select 1 from price_changes") == []
    made = await shop.staff.http.post(CHANGES, json=change(shop))
    assert made.status_code == 201, made.text
    assert (made.json()["price_before"], made.json()["can"]) == ("4.99", ["cancel"])
    await shop.world.drain()
    assert await shop.world.rows(
        "select count(*) from mail_messages where kind = 'price_change'"
    ) == [(1,)]
    assert await renewal(shop, order, date(2026, 4, 14)) == "4.99"
    assert await renewal(shop, order, date(2026, 4, 15)) == "5.99"
    assert (await shop.order(hostname="b.example.com"))["total"]["minor"] == 499
    await shop.world.pass_time(days=44)
    await shop.world.house.queue.tick(apply_due_price_changes)
    await shop.world.house.queue.tick(apply_due_price_changes)
    rows = await shop.world.rows(
        "select amount::text from plan_prices where until_at is null and cycle = 'monthly'"
        " and plan_id = %s",
        UUID(shop.plans["VPS 1G"]),
    )
    assert rows == [("5.990000",)]
    assert await shop.world.rows("select state from price_changes") == [("applied",)]


async def test_those_who_keep_keep(shop: Shop) -> None:
    order = await shop.bought()
    await shop.world.drain()
    wish = change(shop, policy="keep", effective_on="2026-03-02")
    shown = (await shop.staff.http.post(f"{CHANGES}/preview", json=wish)).json()
    assert shown["items"][0]["price_after"]["minor"] == 499
    assert (await shop.staff.http.post(CHANGES, json=wish)).status_code == 201
    await shop.world.drain()
    assert await renewal(shop, order, date(2027, 1, 1)) == "4.99"
    assert await shop.world.rows("select 1 from mail_messages where kind = 'price_change'") == []
    await shop.world.house.queue.tick(apply_due_price_changes)
    assert (await shop.order(hostname="b.example.com"))["total"]["minor"] == 599


async def test_notice_is_kept_and_a_change_can_be_taken_back(shop: Shop) -> None:
    soon = await shop.staff.http.post(CHANGES, json=change(shop, effective_on="2026-03-31"))
    assert soon.json()["errors"][0]["code"] == "notice_too_short"
    made = (await shop.staff.http.post(CHANGES, json=change(shop))).json()
    again = await shop.staff.http.post(CHANGES, json=change(shop))
    assert (again.status_code, again.json()["code"]) == (409, "price_change_taken")
    order = await shop.order()
    taken = await shop.staff.http.post(f"{CHANGES}/{made['id']}/cancel")
    assert (taken.json()["state"], taken.json()["can"]) == ("cancelled", [])
    assert await renewal(shop, order, date(2027, 1, 1)) == "4.99"
    assert (await shop.staff.http.post(f"{CHANGES}/{made['id']}/cancel")).status_code == 409
    for wrong in ({"price": "-1"}, {"price": "1.0000001"}, {"policy": "both"}, {"x": 1}):
        answer = await shop.staff.http.post(CHANGES, json=change(shop, **wrong))
        assert answer.status_code == 422


async def test_a_change_leaves_the_set_up_unless_it_names_one(shop: Shop) -> None:
    yearly = change(shop, cycle="yearly", price="59.90", policy="keep")
    kept = await shop.staff.http.post(CHANGES, json=yearly)
    assert kept.json()["setup"]["minor"] == 500
    named = {**yearly, "setup_minor": 0, "effective_on": "2026-05-01"}
    waived = await shop.staff.http.post(CHANGES, json=named)
    assert waived.json()["setup"]["minor"] == 0


async def test_the_quote_says_what_the_renewal_will_cost(shop: Shop) -> None:
    await shop.staff.http.post(CHANGES, json=change(shop, effective_on="2026-04-02"))
    shown = await quote(shop)
    assert (shown["total"]["minor"], shown["next_total"]["minor"]) == (499, 599)
    assert shown["next_invoice_on"] == "2026-04-02"


async def test_an_own_price_wins_for_its_account_only(shop: Shop) -> None:
    wish = {
        "account_id": str(shop.person.account_id),
        "plan_id": shop.plans["VPS 1G"],
        "currency": "EUR",
        "cycle": "monthly",
        "price": "2.50",
        "reason": "Promised on the phone",
        "starts_on": "2026-03-01",
        "ends_on": "2026-04-01",
    }
    for wrong, field in (
        ({"reason": ""}, "reason"),
        ({"currency": "USD"}, "currency"),
        ({"ends_on": "2026-02-01"}, "ends_on"),
        ({"account_id": str(uuid4())}, "account_id"),
    ):
        answer = await shop.staff.http.post(OVERRIDES, json={**wish, **wrong})
        assert answer.json()["errors"][0]["field"] == field
    made = await shop.staff.http.post(OVERRIDES, json=wish)
    assert made.status_code == 201, made.text
    shown = await quote(shop)
    assert (shown["total"]["minor"], shown["next_total"]["minor"]) == (250, 499)
    order = await shop.order()
    assert order["total"]["minor"] == 250
    assert await shop.world.rows("select price_minor from services") == [(499,)]
    assert await renewal(shop, order, date(2026, 4, 1)) == "2.5"
    assert await renewal(shop, order, date(2026, 4, 2)) == "4.99"
    other = await shop.world.customer("bob@example.com", "Bob")
    theirs = await other.http.post(
        "/api/v1/orders", json=shop.wish(account_id=str(other.account_id), hostname="b.example.com")
    )
    assert theirs.json()["total"]["minor"] == 499
    ended = await shop.staff.http.post(
        f"{OVERRIDES}/{made.json()['id']}/end", json={"ends_on": "2026-03-01"}
    )
    assert ended.json()["ends_on"] == "2026-03-01"
    assert (await quote(shop))["total"]["minor"] == 499
    listed = await ok(shop.staff.http.get(f"{OVERRIDES}?account_id={shop.person.account_id}"))
    assert [each["reason"] for each in listed["items"]] == ["Promised on the phone"]
    entries = await shop.world.rows(
        "select detail->>'reason' from audit_entries where verb = 'price_override.set'"
    )
    assert entries == [("Promised on the phone",)]


async def try_for(shop: Shop, days: int) -> None:
    url = f"/api/v1/admin/plans/{shop.plans['VPS 1G']}"
    await ok(shop.staff.http.patch(url, json={"trial_days": days}))


async def test_a_trial_is_free_then_costs(shop: Shop) -> None:
    await try_for(shop, 14)
    await coupon(shop, periods=1)
    shown = await quote(shop, coupon="WELCOME")
    assert (shown["total"]["minor"], shown["trial_days"]) == (0, 14)
    assert (shown["next_invoice_on"], shown["next_total"]["minor"]) == ("2026-03-16", 449)
    order = await shop.order(coupon="WELCOME")
    assert (order["total"]["minor"], order["trial_days"]) == (0, 14)
    await shop.world.drain()
    [(starts, ends, renews_on)] = await shop.world.rows(
        "select period_starts_at, period_ends_at, renews_on from services"
    )
    assert (ends - starts).days == 14
    assert renews_on == date(2026, 3, 16)


async def test_each_account_has_one_trial_whatever_the_hurry(shop: Shop) -> None:
    await try_for(shop, 14)
    answers = await asyncio.gather(*(shop.ask(hostname=f"t{n}.example.com") for n in range(6)))
    totals = sorted(answer.json()["total"]["minor"] for answer in answers)
    assert totals == [0, 499, 499, 499, 499, 499]
    assert await shop.world.rows("select count(*) from services where trial_days > 0") == [(1,)]
    assert (await quote(shop))["trial_days"] == 0


async def pays_in(shop: Shop, currency: str) -> Person:
    """A customer who pays in another currency, and the plan's price in it."""
    async with shop.world.house.transaction() as db:
        brand = BrandSettings(currencies=("EUR", "JPY", "KWD"))
        await shop.world.house.settings.put(db, brand)
    shop.world.house.cache.clear()
    browser = shop.world.browser()
    email = f"{currency.lower()}@example.com"
    person = {"name": currency, "email": email, "password": PASSWORD, "currency": currency}
    made = await browser.post("/api/v1/registrations", json=person)
    assert made.status_code == 202, made.text
    await shop.world.confirm(browser, email)
    return await shop.world.log_in(browser, email)


@pytest.mark.parametrize(
    ("currency", "price", "percent", "minor", "discounted"),
    [("JPY", "750", "10", 750, 675), ("KWD", "1.525", "10", 1525, 1372),
     ("JPY", "750.2", "33", 751, 503)],
)  # fmt: skip
async def test_currencies_without_and_with_three_decimals(
    shop: Shop, currency: str, price: str, percent: str, minor: int, discounted: int
) -> None:
    buyer = await pays_in(shop, currency)
    wish = shop.wish(account_id=str(buyer.account_id))
    refused = await buyer.http.post("/api/v1/orders", json=wish)
    assert refused.json()["code"] == "not_sold", "nothing is converted: no price, no sale"
    prices = [{"currency": currency, "cycle": "monthly", "price": price}]
    await ok(
        shop.staff.http.patch(
            f"/api/v1/admin/plans/{shop.plans['VPS 1G']}", json={"prices": prices}
        )
    )
    await coupon(shop, percent=percent)
    plain = await buyer.http.post("/api/v1/orders", json=wish)
    assert plain.json()["total"] == {"minor": minor, "currency": currency}
    cheap = {**wish, "hostname": "b.example.com", "coupon": "WELCOME"}
    less = await buyer.http.post("/api/v1/orders", json=cheap)
    assert less.json()["total"]["minor"] == discounted


async def test_a_free_plan_is_paid_as_it_is_ordered(shop: Shop) -> None:
    prices = [{"currency": "EUR", "cycle": "monthly", "price": "0"}]
    url = f"/api/v1/admin/plans/{shop.plans['VPS 1G']}"
    await ok(shop.staff.http.patch(url, json={"prices": prices}))
    order = await shop.order()
    assert order["total"]["minor"] == 0
    found = await shop.see_through(order)
    assert found["state"] == "active"
