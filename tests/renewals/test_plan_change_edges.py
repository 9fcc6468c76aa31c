"""A change of plan when things go wrong: lost answers, late money, suspension, the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from skypanel.operations.jobs import compare_panel
from skypanel.provisioning.jobs import converge_sizes
from skypanel.renewals.jobs import expire_plan_changes, note_payment
from skypanel.services.actions import hold, release, terminate
from skypanel.services.rules import Hold
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import days
from tests.renewals.plans import Mover, mover, settle_for
from tests.world import World


def asked(world: World, operation: str = "changeServerPackage") -> int:
    return sum(call.operation == operation for call in world.virtfusion.calls)


async def later(world: World, **span: float) -> None:
    """Some time goes by, then the timer looks after what is not done."""
    await world.pass_time(**span)
    await world.house.queue.tick(converge_sizes)
    await world.drain(hurry=True)


async def pay(moving: Mover, invoice_id: Any, minor: int) -> None:
    await moving.shop.deposit(minor)
    await moving.log_in()
    answer = await moving.shop.person.http.post(
        "/api/v1/payments", json={"invoice_id": str(invoice_id), "gateway": "wallet"}
    )
    assert answer.status_code == 201, answer.text
    await moving.world.drain(hurry=True)


async def test_a_lost_answer_is_looked_up_and_never_asked_again(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    await shop.deposit(1000)
    shop.fault("lose_answer", "changeServerPackage")
    await moving.changed("VPS 4G")
    await world.drain()
    [change] = await moving.changes()
    assert (change["state"], asked(world)) == ("applying", 1)
    assert await world.rows("select plan ->> 'name' from servers") == [("VPS 2G",)]
    # What is under way is no difference to the panel.
    await world.house.queue.tick(compare_panel)
    assert await world.rows("select check_name from findings where closed_at is null") == []
    await later(world, minutes=3)
    await moving.log_in()
    [change] = await moving.changes()
    assert (change["state"], asked(world)) == ("done", 1)
    await world.house.queue.tick(compare_panel)
    assert await world.rows("select check_name from findings where closed_at is null") == []
    assert await world.rows("select plan ->> 'name' from servers") == [("VPS 4G",)]


async def test_a_worker_that_died_before_it_asked_is_replaced(world: World, shop: Shop) -> None:
    """The intent was written, then nothing: a timer looks and asks."""
    moving = await mover(shop)
    await shop.deposit(1000)
    await moving.changed("VPS 4G")
    await world.rows("update plan_changes set asked_at = now(), attempts = 1")
    await world.rows("update plan_changes set asked_at = created_at, due_at = created_at")
    await world.drain()
    assert asked(world) == 0
    await later(world, minutes=3)
    assert asked(world) == 1
    await moving.log_in()
    assert [each["state"] for each in await moving.changes()] == ["done"]


async def test_a_locked_server_is_tried_again(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    await shop.deposit(1000)
    shop.fault("lock", "changeServerPackage", times=2)
    await moving.changed("VPS 4G")
    await world.drain()
    for _ in range(3):
        await later(world, minutes=2)
    await moving.log_in()
    assert [each["state"] for each in await moving.changes()] == ["done"]


async def test_a_refusal_stops_at_staff_who_can_ask_again(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    await shop.deposit(1000)
    shop.fault("refuse", "changeServerPackage")
    made = await moving.changed("VPS 4G")
    await world.drain()
    [change] = await moving.changes()
    assert (change["state"], change["error"], change["can"]) == ("failed", None, [])
    home = await ok(shop.staff.http.get("/api/v1/admin/home"))
    assert any(each["kind"] == "resize_failed" for each in home["attention"])
    refused = await moving.ask("VPS 8G")
    assert refused.json()["code"] == "change_under_way"
    retried = await shop.staff.http.post(
        f"/api/v1/admin/plan-changes/{made['id']}/retry", json={"reason": "More room now."}
    )
    assert retried.status_code == 200, retried.text
    await later(world, minutes=2)
    await moving.log_in()
    assert [each["state"] for each in await moving.changes()] == ["done"]


async def test_the_news_of_a_payment_told_twice_changes_once(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    made = await moving.changed("VPS 4G")
    await pay(moving, made["invoice_id"], 1000)
    for _ in range(2):
        async with world.house.transaction() as db:
            await note_payment.run(db, UUID(made["invoice_id"]))
    await world.drain(hurry=True)
    verbs = await world.rows(
        "select verb, count(*)::int from state_changes where subject_kind = 'plan_changes' group by 1"
    )
    assert dict(verbs) == {"wait": 1, "apply": 1, "finish": 1}
    assert asked(world) == 1


async def test_suspended_then_paid_the_server_follows_when_it_may(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    made = await moving.changed("VPS 4G")
    async with world.house.transaction() as db:
        await hold(db, moving.id, Hold.STAFF, "A look at it.")
    await world.drain(hurry=True)
    await pay(moving, made["invoice_id"], 1000)
    assert await moving.plan() == "VPS 4G"
    assert asked(world) == 0
    async with world.house.transaction() as db:
        await release(db, moving.id, Hold.STAFF, "All is well.")
    await world.drain(hurry=True)
    await later(world, minutes=3)
    assert asked(world) == 1


async def test_money_for_a_service_that_ended_comes_back(world: World, shop: Shop) -> None:
    """Its payment was under way when staff ended the service: the invoice stood, the money returns."""
    moving = await mover(shop)
    made = await moving.changed("VPS 4G")
    async with world.house.transaction() as db:
        await terminate(db, moving.id, "It is over.")
    # The news of the end has not been read yet.
    await shop.deposit(1000)
    before = await moving.wallet()
    answer = await shop.person.http.post(
        "/api/v1/payments", json={"invoice_id": made["invoice_id"], "gateway": "wallet"}
    )
    assert answer.status_code == 201, answer.text
    await world.drain(hurry=True)
    assert await moving.wallet() == before
    [change] = await moving.changes()
    assert (change["state"], len(change["credit_note_ids"])) == ("cancelled", 1)
    assert await moving.plan() == "VPS 2G"
    assert await world.rows("select sum(amount_minor)::int from entries") == [(0,)]


async def test_the_end_takes_an_unpaid_change_with_it(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    made = await moving.changed("VPS 4G")
    answer = await shop.person.http.post(
        f"/api/v1/services/{moving.id}/cancel", json={"at_period_end": True}
    )
    assert answer.status_code == 200, answer.text
    await world.drain(hurry=True)
    assert [each["state"] for each in await moving.changes()] == ["cancelled"]
    states = await world.rows("select state from invoices where id = %s", UUID(made["invoice_id"]))
    assert states == [("void",)]
    refused = await moving.ask("VPS 4G")
    assert refused.json()["code"] == "service_ends"


async def test_what_is_not_paid_in_a_day_is_given_up(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    made = await moving.changed("VPS 4G")
    await world.pass_time(hours=23)
    await world.house.queue.tick(expire_plan_changes)
    assert await world.rows("select state from plan_changes") == [("awaiting_payment",)]
    await world.pass_time(hours=2)
    await world.house.queue.tick(expire_plan_changes)
    await world.drain(hurry=True)
    assert await world.rows("select state from plan_changes") == [("expired",)]
    states = await world.rows("select state from invoices where id = %s", UUID(made["invoice_id"]))
    assert states == [("void",)]
    await moving.log_in()
    await shop.deposit(5000)
    assert (await moving.changed("VPS 4G"))["state"] == "applying"


async def test_an_invoice_that_staff_void_takes_the_change_with_it(
    world: World, shop: Shop
) -> None:
    moving = await mover(shop)
    made = await moving.changed("VPS 4G")
    answer = await shop.staff.http.post(
        f"/api/v1/admin/invoices/{made['invoice_id']}/void", json={"reason": "A mistake."}
    )
    assert answer.status_code in (200, 204), answer.text
    await world.drain(hurry=True)
    assert [each["state"] for each in await moving.changes()] == ["cancelled"]


async def test_the_amount_that_was_shown_is_the_amount_that_is_asked(
    world: World, shop: Shop
) -> None:
    moving = await mover(shop)
    quoted = (await moving.quote("VPS 4G"))["total"]["minor"]
    await world.pass_time(hours=16)  # past midnight: a day less
    await moving.log_in()
    answer = await moving.ask("VPS 4G", quoted_minor=quoted)
    assert (answer.status_code, answer.json()["code"]) == (409, "quote_changed")
    assert await world.rows("select count(*)::int from plan_changes") == [(0,)]


async def test_up_and_up_and_down_in_one_period_stays_within_what_was_paid(
    world: World, shop: Shop
) -> None:
    """Down again after two steps up: the credit lies on the latest invoices first."""
    moving = await mover(shop)
    await settle_for(world, smaller_disk="keep")
    await shop.deposit(10_000)
    paid = 1000
    for plan in ("VPS 4G", "VPS 8G"):
        await world.pass_time(days=5)
        await moving.log_in()
        paid += (await moving.changed(plan))["total"]["minor"]
        await later(world, minutes=3)
    await world.pass_time(days=1)
    await moving.log_in()
    back = await moving.changed("VPS 2G")
    await later(world, minutes=3)
    assert await moving.wallet() == 10_000 - (paid - 1000) - back["total"]["minor"]
    # 5 days at 10.00, 5 at 20.00, 1 at 40.00 and 20 at 10.00, each of 31: within a cent a step.
    assert abs(paid + back["total"]["minor"] - (5 * 1000 + 5 * 2000 + 4000 + 20 * 1000) // 31) <= 3
    noted = await world.rows(
        "select n.total_minor <= i.total_minor from invoices n join invoices i on i.id = n.credits_id"
    )
    assert noted == [(True,)] * len(back["credit_note_ids"])
    assert len(noted) >= 1
    assert await world.rows("select sum(amount_minor)::int from entries") == [(0,)]


async def test_what_staff_gave_back_before_is_not_given_back_again(
    world: World, shop: Shop
) -> None:
    moving = await mover(shop, "VPS 8G")
    await settle_for(world, smaller_disk="keep")
    [(invoice_id,)] = await world.rows("select id from invoices where state = 'paid'")
    answer = await shop.staff.http.post(
        f"/api/v1/admin/invoices/{invoice_id}/refund-to-wallet",
        json={"amount": {"minor": 1000, "currency": "EUR"}, "reason": "Goodwill."},
    )
    assert answer.status_code in (200, 201), answer.text
    quoted = await moving.quote("VPS 2G")
    assert quoted["refusal"]["code"] == "only_at_renewal"
    assert (await moving.quote("VPS 2G", "renewal"))["refusal"] is None


async def test_only_its_own_people_and_staff_with_a_reason(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    stranger = await world.customer("mallory@example.com", "Mallory")
    place = f"/api/v1/services/{moving.id}/plan-changes"
    wish = {"plan_id": shop.plans["VPS 4G"], "timing": "now", "quoted_minor": 1000}
    asked_for = {"plan_id": wish["plan_id"], "timing": "now"}
    assert (await stranger.http.get(place)).status_code == 404
    assert (await stranger.http.get(f"{place}/quote", params=asked_for)).status_code == 404
    assert (await stranger.http.post(place, json=wish)).status_code == 404
    own = await moving.changed("VPS 4G")
    assert (await stranger.http.post(f"/api/v1/plan-changes/{own['id']}/cancel")).status_code == 404
    await ok(shop.person.http.post(f"/api/v1/plan-changes/{own['id']}/cancel"))
    staff = f"/api/v1/admin/services/{moving.id}/plan-changes"
    assert (await shop.staff.http.post(staff, json=wish)).status_code == 422
    answer = await shop.staff.http.post(staff, json={**wish, "reason": "As she asked by phone."})
    assert answer.status_code == 201, answer.text
    assert answer.json()["reason"] == "As she asked by phone."
    [seen, _] = await moving.changes()
    assert seen["reason"] is None
    trail = await world.rows(
        "select actor_kind, detail ->> 'reason' from audit_entries where verb = 'plan_change.ask'"
        " order by id desc limit 1"
    )
    assert trail == [("staff", "As she asked by phone.")]


async def test_a_service_that_is_not_paid_keeps_its_plan(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    await days(world, 32)
    await moving.log_in()
    quoted = await moving.quote("VPS 4G")
    assert quoted["refusal"]["code"] == "service_unpaid"


async def test_a_next_period_that_is_paid_already_stays_as_it_is(world: World, shop: Shop) -> None:
    """Paid early: now it can't be, and at renewal means the one after."""
    moving = await mover(shop)
    await days(world, 26)
    [(invoice_id,)] = await world.rows("select invoice_id from renewals where state = 'open'")
    await pay(moving, invoice_id, 1000)
    assert (await moving.quote("VPS 4G"))["refusal"]["code"] == "only_at_renewal"
    made = await moving.changed("VPS 4G", "renewal")
    assert made["effective_on"] == "2026-05-02"


async def test_nobody_parks_a_service_by_changing_back_and_forth(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    for _ in range(6):
        made = await moving.changed("VPS 4G", "renewal")
        await ok(shop.person.http.post(f"/api/v1/plan-changes/{made['id']}/cancel"))
    answer = await moving.ask("VPS 4G", "renewal")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_changes")
