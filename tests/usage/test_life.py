"""The life of a server by the hour, under the clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from skypanel.ledger.actions import book, post
from skypanel.mail.queries import facts_of
from skypanel.mail.render import Sender, render
from skypanel.mail.rules import MailKind
from skypanel.payments.actions import grant_credit, refund_payment
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.renewals.actions import count_hours as count_some
from skypanel.renewals.jobs import count_hours
from skypanel.renewals.queries.checks import CHECKS
from skypanel.services.actions import terminate, undo_termination
from skypanel.usage.rules import full_hour
from tests.orders.shop import Shop, ok
from tests.usage.hours import (
    balance,
    books_agree,
    hours,
    mails,
    months,
    running,
    state,
    tick,
    until,
)
from tests.world import World

MUCH = 10_000


async def test_too_little_money_is_refused_with_what_is_missing(world: World, shop: Shop) -> None:
    """72 hours at 0.0083 are 0.60: with 0.59 nothing starts, and nothing is left behind."""
    await shop.deposit(59)
    answer = await shop.ask(cycle="hourly")
    assert answer.status_code == 409, answer.text
    assert answer.json()["code"] == "balance_below_start"
    assert "0.01 EUR is missing" in answer.json()["message"]
    assert await world.rows("select 1 from orders union all select 1 from services") == []
    await shop.deposit(1)
    order = await shop.order(cycle="hourly")
    assert (order["state"], order["invoice_id"]) == ("paid", None)
    assert (await shop.see_through(order))["state"] == "active"


async def test_money_starts_one_server_only(world: World, shop: Shop) -> None:
    """Two orders at once, in two places, on the money of one: one runs."""
    await shop.deposit(60)
    answers = await asyncio.gather(
        *(
            shop.ask(cycle="hourly", hostname="web.example.com", location_id=shop.places[name])
            for name in ("Falkenstein", "Ashburn")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(await months(world)) == 1


async def test_begun_hours_are_charged_as_one_rounded_sum(world: World, shop: Shop) -> None:
    await running(shop, MUCH)
    [(_, _, _, begun, _, _)] = await months(world)
    await hours(world, 10)
    [(month, part, standing, counted, due, charged)] = await months(world)
    assert (month, part, standing, counted) == ("2026-03", 0, "open", begun + 10)
    assert due == charged == round(counted * 0.83 + 1e-9)
    assert await balance(world) == MUCH - charged
    await books_agree(world)
    await tick(world)
    assert await balance(world) == MUCH - charged


async def test_a_month_is_capped_invoiced_and_begun_anew(world: World, shop: Shop) -> None:
    """A cap of 4.99 is reached after 602 hours of March; the invoice is what was charged."""
    service_id = await running(shop, MUCH)
    await until(world, datetime(2026, 3, 30, tzinfo=UTC))
    [(_, _, standing, _, due, charged)] = await months(world)
    assert (standing, due, charged) == ("open", 499, 499)
    await until(world, datetime(2026, 4, 1, 0, 30, tzinfo=UTC))
    march, april = await months(world)
    assert march[2] == "invoiced"
    assert (april[0], april[2], april[3], april[4]) == ("2026-04", "open", 1, 1)
    [(number, kind, how, total, paid)] = await world.rows(
        "select number, kind, state, total_minor, paid_minor from invoices"
    )
    assert (number, kind, how, total, paid) == ("INV-2026-000001", "tax", "paid", 499, 499)
    [(detail, explanation)] = await world.rows("select detail, explanation from invoice_lines")
    assert f"{march[3]} hours x 0.0083 EUR, at most 4.99 EUR a month" in detail
    assert ["capped at the month's price", "4.99 EUR"] in [
        [step["label"], step["value"]] for step in explanation["steps"]
    ]
    await books_agree(world)
    assert await balance(world, "revenue") == 499
    shop.person = await world.log_in(world.browser(), "ada@example.com")
    found = await ok(shop.person.http.get(f"/api/v1/services/{service_id}/usage"))
    assert [each["state"] for each in found["months"]] == ["open", "invoiced"]
    assert found["months"][0]["estimate"]["minor"] == 499
    ahead = await ok(
        shop.person.http.get(
            "/api/v1/upcoming", params={"account_id": str(shop.person.account_id), "days": 40}
        )
    )
    assert [(act["step"], act["on"], act["amount"]["minor"]) for act in ahead["acts"]] == [
        ("issue", "2026-05-01", 499)
    ]


async def test_forty_days_of_silence_are_caught_up_once(world: World, shop: Shop) -> None:
    """Whoever counts each hour and whoever wakes after forty days charge the same."""
    await running(shop, MUCH)
    [(began,)] = await world.rows("select begins_at from usage_months")
    await until(world, datetime(2026, 4, 12, 0, 10, tzinfo=UTC))
    march, april = await months(world)
    assert march[3] == (datetime(2026, 4, 1, tzinfo=UTC) - began).total_seconds() / 3600
    assert (march[2], march[5]) == ("invoiced", 499)
    assert (april[3], april[4], april[5]) == (11 * 24 + 1, 220, 220)
    assert await balance(world) == MUCH - 499 - 220
    await books_agree(world)


async def test_fifty_runs_at_once_charge_once(world: World, shop: Shop) -> None:
    await running(shop, MUCH)
    await world.pass_time(hours=30)

    async def run(house: House) -> None:
        await count_hours.run(house)

    await asyncio.gather(*(run(world.house) for _ in range(50)))
    [(_, _, _, counted, due, charged)] = await months(world)
    assert due == charged == round(counted * 0.83 + 1e-9)
    assert await balance(world) == MUCH - charged
    await books_agree(world)


async def test_a_run_killed_before_it_commits_leaves_nothing(world: World, shop: Shop) -> None:
    await running(shop, MUCH)
    before = (await months(world), await balance(world))
    await world.pass_time(hours=5)

    async def killed() -> None:
        async with world.house.transaction() as db:
            assert await count_some(db, 10) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await killed()
    assert (await months(world), await balance(world)) == before
    await tick(world)
    [(_, _, _, counted, due, charged)] = await months(world)
    assert counted == before[0][0][3] + 5
    assert due == charged == MUCH - await balance(world)
    await books_agree(world)


async def written(world: World, shop: Shop, kind: MailKind) -> str:
    """A letter as its reader would have it now."""
    read = world.house.read()
    facts = await facts_of(
        read,
        world.house.sealer,
        "https://panel.example",
        kind=kind,
        ids={"subject_account_id": shop.person.account_id or UUID(int=0)},
        user_id=shop.person.user_id,
        written_at=read.now,
    )
    return render(kind, facts, Sender("Host", "#ffd43b", "a@b.example", "https://x.example")).text


async def test_an_empty_wallet_warns_stops_and_goes_on_when_filled(
    world: World, shop: Shop
) -> None:
    """Low, empty, suspended after a day; filled again: paid, running, the pause never charged."""
    service_id = await running(shop, 61)
    await hours(world, 40)
    assert (await mails(world)).count("balance_low") == 1
    assert "At this rate it lasts until" in await written(world, shop, MailKind.BALANCE_LOW)
    await hours(world, 40)
    assert await balance(world) == 0
    assert (await state(world, service_id))[0] == "active"
    await hours(world, 24)
    assert await state(world, service_id) == ("suspended", ["unpaid"])
    [server] = shop.panel()
    assert server.suspended
    [(_, _, standing, stopped, due, charged)] = await months(world)
    assert (standing, charged) == ("held", 61)
    assert due > charged
    await hours(world, 48)
    assert await months(world) == [("2026-03", 0, "held", stopped, due, 61)]
    said = await mails(world)
    assert said.count("balance_low") == said.count("balance_empty") == 1
    assert said.count("service_suspended") == 1
    letter = await written(world, shop, MailKind.BALANCE_EMPTY)
    assert f"{(due - charged) / 100:.2f}" in letter
    await shop.deposit(MUCH)
    await tick(world)
    assert (await state(world, service_id)) == ("active", [])
    assert not server.suspended
    await hours(world, 3)
    [(_, _, standing, counted, due, charged)] = await months(world)
    assert (standing, due) == ("open", charged)
    assert stopped + 3 <= counted <= stopped + 4
    assert await balance(world) == MUCH + 61 - charged
    await books_agree(world)


async def test_never_paid_it_is_terminated_and_asked_for_by_invoice(
    world: World, shop: Shop
) -> None:
    """What was used beyond the wallet stands as an open, numbered invoice; then it is erased."""
    service_id = await running(shop, 61)
    for _ in range(20):
        await world.pass_time(days=1)
        await tick(world)
    assert (await state(world, service_id))[0] == "terminated"
    await tick(world)
    [(how, kind, total, paid)] = await world.rows(
        "select state, kind, total_minor, paid_minor from invoices"
    )
    [(_, _, standing, _, due, charged)] = await months(world)
    assert (how, kind, standing) == ("open", "tax", "invoiced")
    assert (total, paid) == (due, charged)
    assert paid == 61
    assert await balance(world, "receivable") == 61 - due
    await books_agree(world)
    for _ in range(8):
        await world.pass_time(days=1)
        await tick(world)
    assert (await state(world, service_id))[0] == "erased"


async def test_ended_in_mid_hour_it_is_invoiced_to_that_hour(world: World, shop: Shop) -> None:
    service_id = await running(shop, MUCH)
    await hours(world, 5)
    [(_, _, _, counted, _, _)] = await months(world)
    [(upto,)] = await world.rows("select counted_until from usage_months")
    left = (upto - world.house.clock.now()).total_seconds()
    await world.pass_time(seconds=left + 600)
    await ok(
        shop.person.http.post(f"/api/v1/services/{service_id}/cancel", json={"at_period_end": True})
    )
    await world.pass_time(hours=9)
    await tick(world)
    [(_, _, standing, ended, due, charged)] = await months(world)
    assert (standing, ended) == ("invoiced", counted + 1)
    assert due == charged == MUCH - await balance(world)
    await books_agree(world)
    await hours(world, 5)
    assert len(await months(world)) == 1


async def test_taken_back_in_the_same_month_it_keeps_the_rest_of_the_cap(
    world: World, shop: Shop
) -> None:
    service_id = await running(shop, MUCH)
    await until(world, datetime(2026, 3, 20, tzinfo=UTC))
    async with world.house.transaction() as db:
        await terminate(db, service_id, "It was asked for.")
    await tick(world)
    await world.pass_time(days=2)
    async with world.house.transaction() as db:
        await undo_termination(db, service_id, "It was a mistake.")
    await tick(world)
    await until(world, datetime(2026, 4, 1, 1, 0, tzinfo=UTC))
    first, second, april = await months(world)
    assert (first[1], second[1], april[1]) == (0, 1, 0)
    assert first[5] + second[5] == 499
    assert first[2] == second[2] == "invoiced"
    await books_agree(world)


async def test_credit_goes_first(world: World, shop: Shop) -> None:
    await running(shop, MUCH)
    spent = MUCH - await balance(world)
    assert shop.person.account_id is not None
    async with world.house.transaction() as db:
        await grant_credit(db, shop.person.account_id, Money(5, "EUR"), "For your trouble")
    await hours(world, 12)
    [(_, _, _, _, _, charged)] = await months(world)
    assert charged > spent + 5
    assert await balance(world, "promotional") == 0
    assert await balance(world) == MUCH - charged + 5
    assert await world.rows("select promotional_minor from usage_months") == [(5,)]
    await books_agree(world)


async def test_what_breaks_for_one_service_leaves_the_others_alone(
    world: World, shop: Shop
) -> None:
    """The key of its next charge is taken: it is not counted, and the laws tell of it."""
    broken = await running(shop, MUCH)
    other = await running(shop, MUCH, hostname="web-2.example.com")
    await world.pass_time(hours=3)
    [(month_id, count, charged)] = await world.rows(
        "select id, hours, charged_minor from usage_months where service_id = %s", broken
    )
    now = full_hour(world.house.clock.now())
    [(until,)] = await world.rows(
        "select counted_until from usage_months where service_id = %s", broken
    )
    due = round((count + (now - until).total_seconds() / 3600 + 1) * 0.83 + 1e-9)
    assert due > charged
    async with world.house.transaction() as db:
        revenue, tax = await book(db, "revenue", "EUR"), await book(db, "tax", "EUR")
        one = Money(1, "EUR")
        await post(
            db,
            key=f"usage:{month_id}:{due}",
            reason="In the way",
            entries=[(revenue.id, one), (tax.id, -one)],
        )
    before = await world.rows("select hours from usage_months where service_id = %s", other)
    await tick(world)
    after = await world.rows("select hours from usage_months where service_id = %s", other)
    assert after[0][0] >= before[0][0] + 3
    assert (
        await world.rows(
            "select hours, charged_minor from usage_months where service_id = %s", broken
        )
    ) == [(count, charged)]
    await world.pass_time(hours=3)
    read = world.house.read()
    [law] = [each for each in CHECKS if each.name == "hours_are_counted"]
    found = await read.rows(law, {"now": read.now})
    assert [row[1] for row in found] == [str(broken)]


async def test_the_money_of_a_month_goes_back_to_the_wallet(world: World, shop: Shop) -> None:
    """A refund finds the payment behind the invoice, as of any other."""
    service_id = await running(shop, MUCH)
    await hours(world, 5)
    async with world.house.transaction() as db:
        await terminate(db, service_id, "It was asked for.")
    await world.drain(hurry=True)
    await tick(world)
    [(payment_id, minor)] = await world.rows("select id, amount_minor from payments")
    assert await balance(world) == MUCH - minor
    async with world.house.transaction() as db:
        await refund_payment(db, payment_id, Money(minor, "EUR"), "It was slow.", "wallet")
    assert await balance(world) == MUCH
    assert await balance(world, "revenue") == await balance(world, "receivable") == 0
    await books_agree(world)


async def test_staff_are_not_offered_to_park_what_has_no_agenda(world: World, shop: Shop) -> None:
    service_id = await running(shop, MUCH)
    found = await ok(shop.staff.http.get(f"/api/v1/admin/services/{service_id}"))
    assert found["can"] == ["hold", "terminate", "change_plan"]


async def test_another_account_sees_nothing(world: World, shop: Shop) -> None:
    service_id = await running(shop, MUCH)
    other = await world.customer("eve@example.com", "Eve")
    answer = await other.http.get(f"/api/v1/services/{service_id}/usage")
    assert answer.status_code in (403, 404)
    mine = await ok(shop.staff.http.get(f"/api/v1/admin/services/{service_id}/usage"))
    assert mine["months"][0]["hours"] >= 1
