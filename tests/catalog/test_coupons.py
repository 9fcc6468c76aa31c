"""Coupons: what they take off, whom they are for, and limits that hold whatever the hurry."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypanel.catalog.queries import discount_for
from skypanel.catalog.rules import Discount, TaxSettings
from skypanel.orders.jobs import expire_orders
from skypanel.platform.money import Money
from tests.orders.shop import Shop
from tests.world import Person

COUPONS = "/api/v1/admin/coupons"


async def coupon(shop: Shop, code: str = "WELCOME", **more: Any) -> dict[str, Any]:
    wish = {"code": code, "kind": "percentage", "percent": "10", **more}
    answer = await shop.staff.http.post(COUPONS, json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def refusal(shop: Shop, **changes: Any) -> str:
    answer = await shop.ask(**changes)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "coupon"
    return str(answer.json()["errors"][0]["code"])


async def quote(shop: Shop, **changes: Any) -> dict[str, Any]:
    wish = {
        "plan_id": shop.plans["VPS 1G"],
        "location_id": shop.places["Falkenstein"],
        "cycle": "monthly",
        **changes,
    }
    url = f"/api/v1/accounts/{shop.person.account_id}/quotes"
    answer = await shop.person.http.post(url, json=wish)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def lines(shop: Shop, order: dict[str, Any]) -> list[tuple[str, int, int]]:
    return [
        (detail or "", net, tax)
        for detail, net, tax in await shop.world.rows(
            "select detail, net_minor, tax_minor from invoice_lines where invoice_id = %s"
            " order by position",
            UUID(order["invoice_id"]),
        )
    ]


async def tax_at_home(shop: Shop, **more: Any) -> None:
    async with shop.world.house.transaction() as db:
        await shop.world.house.settings.put(db, TaxSettings(country="DE", **more))
    shop.world.house.cache.clear()


async def test_a_percentage_reduces_the_line_before_tax_and_quote_equals_order(shop: Shop) -> None:
    await tax_at_home(shop)
    await coupon(shop, periods=3)
    shown = await quote(shop, coupon=" welcome ")
    assert shown["lines"][0]["price"]["minor"] == 499
    assert shown["lines"][0]["discount"]["minor"] == 50
    assert (shown["discount"]["minor"], shown["coupon"]) == (50, {"code": "WELCOME", "periods": 3})
    assert (shown["net"]["minor"], shown["tax"]["minor"]) == (449, 85)
    assert shown["next_total"]["minor"] == 449 + 85
    order = await shop.order(coupon="welcome")
    assert order["total"] == shown["total"]
    assert (order["discount"]["minor"], order["coupon"]) == (50, "WELCOME")
    [(detail, net, tax)] = await lines(shop, order)
    assert (net, tax) == (449, 85)
    assert "Coupon WELCOME: 0.50 EUR off 4.99 EUR" in detail


async def test_a_fixed_amount_never_goes_below_nothing_nor_to_another_currency(shop: Shop) -> None:
    await coupon(
        shop, "TEN", kind="fixed", percent=None, amounts=[{"minor": 1000, "currency": "EUR"}]
    )
    order = await shop.order(coupon="TEN")
    assert order["total"]["minor"] == 0
    await shop.world.drain()
    assert (await shop.look(order))["state"] in ("paid", "active"), "nothing to pay is paid"
    await coupon(
        shop, "YEN", kind="fixed", percent=None, amounts=[{"minor": 100, "currency": "JPY"}]
    )
    assert await refusal(shop, coupon="YEN") == "coupon_not_for_this"


async def test_set_up_is_waived_only_where_the_coupon_says_so(shop: Shop) -> None:
    """Elsewhere a code waived the set-up of products it was not for."""
    await coupon(shop, "PLAIN")
    await coupon(shop, "WIDE", covers_setup=True)
    await coupon(shop, "BIG", kind="fixed", percent=None, covers_setup=True,
                 amounts=[{"minor": 5200, "currency": "EUR"}])  # fmt: skip
    for code, wanted in (("PLAIN", [4491, 500]), ("WIDE", [4491, 450]), ("BIG", [0, 290])):
        order = await shop.order(cycle="yearly", coupon=code, hostname=f"{code}.example.com")
        assert [net for _, net, _ in await lines(shop, order)] == wanted


async def test_whom_a_coupon_is_for(shop: Shop) -> None:
    await coupon(shop, "BIGONLY", plan_ids=[shop.plans["VPS 16G"]])
    await coupon(shop, "YEARLY", cycles=["yearly"])
    await coupon(shop, "NEW", first_order_only=True)
    await coupon(shop, "LATER", starts_at="2026-04-01T00:00:00Z")
    await coupon(shop, "GONE", ends_at="2026-03-01T00:00:00Z")
    assert await refusal(shop, coupon="NOSUCH") == "coupon_unknown"
    assert await refusal(shop, coupon="LATER") == "coupon_unknown"
    assert await refusal(shop, coupon="GONE") == "coupon_ended"
    assert await refusal(shop, coupon="BIGONLY") == "coupon_not_for_this"
    assert await refusal(shop, coupon="YEARLY") == "coupon_not_for_this"
    first = await shop.order(coupon="NEW")
    again = {"hostname": "b.example.com", "coupon": "NEW"}
    assert await refusal(shop, **again) == "coupon_first_order_only"
    await shop.person.http.post(f"/api/v1/orders/{first['id']}/cancel")
    assert (await shop.ask(**again)).status_code == 201


async def test_a_use_is_given_back_with_its_order(shop: Shop) -> None:
    made = await coupon(shop, redemptions_max=1)
    first = await shop.order(coupon="WELCOME")
    assert await refusal(shop, coupon="WELCOME", hostname="b.example.com") == "coupon_used_up"
    await shop.person.http.post(f"/api/v1/orders/{first['id']}/cancel")
    await shop.order(coupon="WELCOME", hostname="c.example.com")
    await shop.world.pass_time(minutes=61)
    await shop.world.house.queue.tick(expire_orders)
    await shop.bought(coupon="WELCOME", hostname="d.example.com")
    await shop.world.drain()
    uses = (await shop.staff.http.get(f"{COUPONS}/{made['id']}/redemptions")).json()["items"]
    assert [use["released_at"] is None for use in uses] == [True, False, False]
    assert uses[0]["saved"]["minor"] == 50
    assert (await shop.staff.http.get(f"{COUPONS}/{made['id']}")).json()["used"] == 1


async def test_fifty_at_once_and_only_as_many_as_there_are(shop: Shop) -> None:
    await coupon(shop, redemptions_max=3, per_account_max=2)
    people = [shop.person]
    for n in range(4):
        people.append(await shop.world.customer(f"p{n}@example.com", f"P {n}"))

    # All fifty come at once; as many as a process has connections stand before the coupon's row.
    door = asyncio.Semaphore(6)

    async def one(number: int) -> str:
        person = people[number % len(people)]
        wish = shop.wish(
            account_id=str(person.account_id), hostname=f"h{number}.example.com", coupon="WELCOME"
        )
        async with door:
            answer = await person.http.post("/api/v1/orders", json=wish)
        if answer.status_code == 201:
            return "placed"
        return str(answer.json()["errors"][0]["code"])

    said = await asyncio.gather(*(one(number) for number in range(50)))
    assert sorted(said) == ["coupon_used_up"] * 47 + ["placed"] * 3
    held = await shop.world.rows(
        "select account_id, count(*) from coupon_redemptions where released_at is null group by 1"
    )
    assert sum(count for _, count in held) == 3
    assert max(count for _, count in held) <= 2


async def test_two_connections_and_one_use(shop: Shop) -> None:
    """The second stands at the coupon's row until the first is done, then finds it used up."""
    from skypanel.catalog.actions import lock_coupon, redeem
    from skypanel.catalog.queries import usable_coupon
    from skypanel.catalog.queries.coupons import CouponAsk
    from skypanel.platform.errors import FieldRefusal

    await coupon(shop, redemptions_max=1)
    order = await shop.order()
    [(service_id,)] = await shop.world.rows("select service_id from orders")
    assert shop.person.account_id is not None
    ask = CouponAsk("WELCOME", UUID(order["plan"]["id"]), "monthly", "EUR",
                    shop.person.account_id, is_first_order=True)  # fmt: skip
    first_has_it, first_may_end = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with shop.world.house.transaction() as db:
            await lock_coupon(db, "WELCOME")
            used = await usable_coupon(db, ask)
            first_has_it.set()
            await first_may_end.wait()
            assert shop.person.account_id is not None
            await redeem(db, used, account_id=shop.person.account_id, order_id=UUID(order["id"]),
                         service_id=service_id, saved=Money(50, "EUR"))  # fmt: skip

    async def second() -> str:
        await first_has_it.wait()
        async with shop.world.house.transaction() as db:
            asyncio.get_running_loop().call_later(0.2, first_may_end.set)
            await lock_coupon(db, "WELCOME")
            with pytest.raises(FieldRefusal) as refused:
                await usable_coupon(db, ask)
            return refused.value.errors[0]["code"]

    _, code = await asyncio.gather(first(), second())
    assert code == "coupon_used_up"


async def test_renewals_ask_for_how_long_it_holds(shop: Shop) -> None:
    await coupon(shop, periods=3)
    order = await shop.order(coupon="WELCOME")
    read = shop.world.house.read()
    service = UUID(order["service_id"])
    for number, holds in ((0, True), (2, True), (3, False)):
        found = await discount_for(read, service, number)
        assert (found is not None) is holds
    found = await discount_for(read, service, 1)
    assert found is not None
    assert found.off(Money(1000, "EUR")) == Money(100, "EUR")
    await shop.person.http.post(f"/api/v1/orders/{order['id']}/cancel")
    assert await discount_for(read, service, 0) is None


async def test_a_coupon_is_made_by_who_may_and_whole(shop: Shop) -> None:
    wrong = [
        ({"percent": "0"}, "percent"),
        ({"percent": "100.01"}, "percent"),
        ({"percent": "-5"}, "percent"),
        ({"percent": None}, "percent"),
        ({"kind": "fixed"}, "amounts"),
        ({"kind": "fixed", "amounts": [{"minor": -1, "currency": "EUR"}]}, "amounts.0.minor"),
        ({"redemptions_max": 0}, "redemptions_max"),
        ({"discount": 5}, "discount"),
        ({"ends_at": "2026-03-01T00:00:00"}, "ends_at"),
    ]
    wish = {"code": "X1", "kind": "percentage", "percent": "10"}
    for change, field in wrong:
        answer = await shop.staff.http.post(COUPONS, json={**wish, **change})
        assert answer.status_code == 422, change
        assert answer.json()["errors"][0]["field"] == field
    await coupon(shop, "X1")
    again = await shop.staff.http.post(COUPONS, json={**wish, "code": "x1"})
    assert (again.status_code, again.json()["code"]) == (409, "coupon_code_taken")
    support = await shop.world.staff("help@host.example", role="support")
    assert (await support.http.post(COUPONS, json=wish)).status_code == 403
    assert (await shop.person.http.post(COUPONS, json=wish)).status_code == 404


async def test_a_coupon_is_stopped(shop: Shop) -> None:
    made = await coupon(shop, redemptions_max=1)
    url = f"{COUPONS}/{made['id']}"
    shown = (await shop.staff.http.patch(url, json={"redemptions_max": None})).json()
    assert (shown["redemptions_max"], shown["percent"]) == (None, "10")
    assert (await shop.staff.http.patch(url, json={"percent": "50"})).status_code == 422
    await shop.staff.http.patch(url, json={"enabled": False})
    assert await refusal(shop, coupon="WELCOME") == "coupon_unknown"


async def test_an_inclusive_list_is_discounted_with_its_tax(shop: Shop) -> None:
    await tax_at_home(shop, prices="inclusive")
    await coupon(shop)
    order = await shop.order(coupon="WELCOME")
    assert order["total"]["minor"] == 449
    [(_, net, tax)] = await lines(shop, order)
    assert (net, tax) == (377, 72)


@pytest.mark.parametrize("extra", [{"discount": {"minor": 499, "currency": "EUR"}},
                                   {"coupon_percent": 100}, {"coupon": {"code": "X"}}])  # fmt: skip
async def test_a_discount_of_ones_own_is_no_field(shop: Shop, extra: dict[str, Any]) -> None:
    assert (await shop.ask(**extra)).status_code == 422


async def test_a_quote_for_another_account_is_not_there(shop: Shop) -> None:
    other: Person = await shop.world.customer("mallory@example.com", "Mallory")
    url = f"/api/v1/accounts/{shop.person.account_id}/quotes"
    wish = {
        "plan_id": shop.plans["VPS 1G"],
        "location_id": shop.places["Falkenstein"],
        "cycle": "monthly",
    }
    assert (await other.http.post(url, json=wish)).status_code == 404
    assert (await shop.person.http.post(url, json={**wish, "price": 1})).status_code == 422


@given(
    price=st.integers(0, 10**9),
    percent=st.decimals("0.01", "100", places=2),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_a_discount_is_never_more_than_the_price(
    price: int, percent: Decimal, currency: str
) -> None:
    money = Money(price, currency)
    off = Discount("X", "percentage", percent, None, None).off(money)
    assert 0 <= off.minor <= price
    fixed = Discount("X", "fixed", None, Money(500, currency), None, covers_setup=True)
    off, setup = fixed.off(money), fixed.off_setup(money, fixed.off(money))
    assert off.minor + setup.minor <= 500
