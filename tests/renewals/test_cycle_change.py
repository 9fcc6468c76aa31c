"""Another billing term for a service that runs: with its next period, at the same anchor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from skypanel.catalog.rules import Discount, Held
from skypanel.platform.money import Money
from skypanel.renewals.rules import Coming, Policy, Standing, standing_at
from tests.catalog.test_addons import addon, chosen
from tests.catalog.test_coupons import coupon
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import days, mails, running, tick
from tests.renewals.plans import Mover
from tests.world import World

NOBODY = UUID(int=0)


def turning(anchor: date, first: str, *turns: tuple[int, str], shift: int = 0) -> Standing:
    """A service that was billed by `first` and turned, at each number, to another cycle."""
    standing = Standing(
        service_id=NOBODY, account_id=NOBODY, name="A server", state="active", cycle=first,
        zone="UTC", anchor_on=anchor, number=0, billed=0, price=Money(100, "EUR"), shift=shift,
    )  # fmt: skip
    for number, cycle in turns:
        held = Held(NOBODY, NOBODY, "EUR", cycle, Decimal(1), anchor)
        coming = Coming(number, "A server", Money(100, "EUR"), held, Policy())
        standing = standing_at(with_coming(standing, coming), number)
    return standing


def with_coming(standing: Standing, coming: Coming) -> Standing:
    return replace(standing, coming=coming)


@pytest.mark.parametrize(
    ("anchor", "first", "turns", "number", "days_of"),
    [
        # 31 January, monthly: February ends on the 28th; quarters from there keep the 31st.
        (date(2027, 1, 31), "monthly", [(1, "quarterly")], 1, ["2027-02-28", "2027-05-31"]),
        (date(2027, 1, 31), "monthly", [(2, "yearly")], 2, ["2027-03-31", "2028-03-31"]),
        (date(2027, 1, 31), "yearly", [(1, "monthly")], 1, ["2028-01-31", "2028-02-29"]),
        # To quarters, then to months: each goes on where the other ended.
        (
            date(2026, 12, 30),
            "monthly",
            [(2, "quarterly"), (4, "monthly")],
            4,
            ["2027-08-30", "2027-09-30"],
        ),
        (date(2028, 2, 29), "yearly", [(1, "half_yearly")], 1, ["2029-02-28", "2029-08-29"]),
    ],
)
def test_numbers_and_the_anchor_go_on(
    anchor: date, first: str, turns: Any, number: int, days_of: list[str]
) -> None:
    standing = turning(anchor, first, *turns)
    assert [str(standing.first_day(number + n)) for n in (0, 1)] == days_of
    at, cycle = turns[-1]
    noted = with_coming(
        turning(anchor, first, *turns[:-1]),
        Coming(at, "", Money(1, "EUR"), Held(NOBODY, NOBODY, "EUR", cycle, Decimal(1), anchor),
               Policy()),
    )  # fmt: skip
    assert [str(noted.first_day(number + n)) for n in (0, 1)] == days_of


@pytest.mark.parametrize(
    ("discount", "stays"),
    [
        (Discount("X", "percentage", Decimal(10), None, None), True),
        (Discount("X", "percentage", Decimal(10), None, None, cycles=("monthly",)), False),
        (Discount("X", "percentage", Decimal(10), None, 3), False),
        (Discount("X", "fixed", None, Money(100, "EUR"), None), False),
    ],
)
def test_only_a_lasting_share_goes_to_another_term(discount: Discount, stays: bool) -> None:
    assert discount.goes_to("yearly") is stays


async def ask(moving: Mover, cycle: str, timing: str = "renewal") -> Any:
    wish = {
        "plan_id": moving.shop.plans["VPS 1G"],
        "timing": timing,
        "cycle": cycle,
        "quoted_minor": 0,
    }
    place = f"/api/v1/services/{moving.id}/plan-changes"
    return await moving.shop.person.http.post(place, json=wish)


async def test_from_months_to_years_and_back(world: World, shop: Shop) -> None:
    """The issued month is void, a year is asked for instead, taken back and asked for again.

    Its add-on has its own price of a year; its coupon of three months ends.
    """
    made = await addon(shop, prices=[
        {"currency": "EUR", "cycle": "monthly", "price": "1.00"},
        {"currency": "EUR", "cycle": "yearly", "price": "10.00"},
    ])  # fmt: skip
    await coupon(shop, code="SPRING", percent="50", periods=3)
    service_id = await running(shop, addons=chosen(made, 2), coupon="SPRING")
    moving = Mover(shop, service_id)
    await days(world, 26)
    await moving.log_in()
    place = f"/api/v1/services/{service_id}/plan-changes"
    found = await ok(shop.person.http.get(place, params={"cycle": "yearly"}))
    assert (found["cycle"], found["cycles"]) == ("yearly", ["monthly", "yearly"])
    [choice] = [each for each in found["plans"] if each["plan"]["name"] == "VPS 1G"]
    assert (choice["current"], choice["price"]["minor"], choice["renewal"]) == (False, 4990, None)
    assert choice["now"]["code"] == "only_at_renewal"
    quoted = await ok(
        shop.person.http.get(
            f"{place}/quote",
            params={"plan_id": shop.plans["VPS 1G"], "timing": "renewal", "cycle": "yearly"},
        )
    )
    assert (quoted["next_on"], quoted["next_total"]["minor"]) == ("2026-04-02", 4990 + 2 * 1000)
    assert (quoted["coupon_ends"], quoted["refusal"], quoted["restarts"]) == ("SPRING", None, False)
    assert [each["price"]["minor"] for each in quoted["addons"]] == [1000]
    for cycle, code in (("quarterly", "plan_not_offered"), ("monthly", "plan_the_same")):
        assert (await ask(moving, cycle)).json()["code"] == code
    assert (await ask(moving, "hourly")).status_code == 422
    assert (await ask(moving, "yearly", "now")).json()["code"] == "only_at_renewal"

    asked = (await ask(moving, "yearly")).json()
    assert (asked["state"], asked["cycle_before"], asked["cycle"]) == (
        "scheduled", "monthly", "yearly",
    )  # fmt: skip
    await tick(world)
    undone = await shop.person.http.post(f"/api/v1/plan-changes/{asked['id']}/cancel")
    assert undone.status_code == 200
    await tick(world)
    assert (await ask(moving, "yearly")).status_code == 201
    await tick(world)
    month, year = 249 + 2 * 100, 4990 + 2 * 1000  # 50 per cent of 4.99 are 2.50 off
    rows = await world.rows("select state, total_minor from renewals order by billed_at, id")
    assert rows == [("void", month), ("void", year), ("void", month), ("open", year)]
    assert (await mails(world)).count("plan_change_scheduled") == 2
    ahead = await ok(
        shop.person.http.get(
            "/api/v1/upcoming", params={"account_id": str(shop.person.account_id), "days": 400}
        )
    )
    assert [act["on"] for act in ahead["acts"] if act["step"] == "roll"] == ["2026-04-02"]

    await shop.deposit(year)
    await days(world, 5)
    await moving.log_in()
    [now] = await world.rows(
        "select cycle, shift_months, period_number, anchor_on::text, renews_on::text, price_minor"
        " from services"
    )
    assert now == ("yearly", -11, 1, "2026-03-02", "2027-04-02", 4990)
    assert await world.rows("select price_minor from service_addons") == [(1000,)]
    assert await world.rows("select periods from coupon_redemptions") == [(1,)]
    assert [each["state"] for each in await moving.changes()] == ["done", "cancelled"]
    assert (await mails(world))[-1] == "plan_changed"
    assert await world.rows("select parked_at from schedules") == [(None,)]
    back = (await ask(moving, "monthly")).json()
    assert (back["state"], back["effective_on"]) == ("scheduled", "2027-04-02")
