"""Another plan for a service that runs: now or at renewal, to the day, once."""

from __future__ import annotations

import asyncio

from tests.orders.shop import Shop
from tests.renewals.calendar import days, mails, service, tick
from tests.renewals.plans import mover, settle_for
from tests.world import World


async def test_an_upgrade_now_is_paid_to_the_day_and_the_server_follows(
    world: World, shop: Shop
) -> None:
    """2 March to 2 April has 31 days; on 12 March 21 are left: 13.55 less 6.77."""
    moving = await mover(shop)
    await world.pass_time(days=10)
    await moving.log_in()
    await shop.deposit(1000)
    quoted = await moving.quote("VPS 4G")
    assert quoted["refusal"] is None
    found = quoted["proration"]
    assert (found["days_left"], found["days_whole"]) == (21, 31)
    assert found["credit"]["gross"]["minor"] == 677
    assert found["charge"]["gross"]["minor"] == 1355
    assert quoted["total"] == {"minor": 678, "currency": "EUR"}
    assert quoted["from_wallet"]["minor"] == 678
    assert quoted["next_on"] == "2026-04-02"
    assert quoted["next_total"]["minor"] == 2000
    assert quoted["restarts"]
    made = await moving.changed("VPS 4G")
    assert (made["state"], made["total"]["minor"]) == ("applying", 678)
    assert await moving.plan() == "VPS 4G"
    await world.drain()
    [change] = await moving.changes()
    assert change["state"] == "done"
    [server] = shop.panel()
    assert (server.cpu_cores, server.memory_mb, server.storage_gb) == (2, 4096, 80)
    assert await moving.wallet() == 1000 - 678
    lines = await world.rows(
        "select description, net_minor, explanation is not null from invoice_lines where invoice_id = %s"
        " order by position",
        change["invoice_id"],
    )
    assert lines == [("VPS 2G, unused", -677, True), ("VPS 4G", 1355, True)]
    assert (await mails(world))[-1] == "plan_changed"
    assert await world.rows("select name, price_minor from services") == [
        ("VPS 4G web-1.example.com", 2000)
    ]
    assert await world.rows("select plan ->> 'name' from servers") == [("VPS 4G",)]


async def test_what_the_wallet_does_not_hold_is_paid_before_anything_changes(
    world: World, shop: Shop
) -> None:
    moving = await mover(shop)
    made = await moving.changed("VPS 4G")
    assert made["state"] == "awaiting_payment"
    assert made["can"] == ["cancel"]
    assert await moving.plan() == "VPS 2G"
    await shop.deposit(1000)
    paid = await shop.person.http.post(
        "/api/v1/payments", json={"invoice_id": made["invoice_id"], "gateway": "wallet"}
    )
    assert paid.status_code == 201, paid.text
    await world.drain()
    await world.drain()
    assert await moving.plan() == "VPS 4G"
    assert [each["state"] for each in await moving.changes()] == ["done"]


async def test_a_downgrade_now_gives_the_difference_back_once(world: World, shop: Shop) -> None:
    """21 of 31 days: 27.10 less 6.77 comes back, on the line of the plan, to the wallet."""
    moving = await mover(shop, "VPS 8G")
    await settle_for(world, smaller_disk="keep")
    await world.pass_time(days=10)
    await moving.log_in()
    quoted = await moving.quote("VPS 2G")
    assert quoted["total"]["minor"] == -(2710 - 677)
    assert quoted["to_wallet"]["minor"] == 2033
    assert quoted["keeps_disk"]
    made = await moving.changed("VPS 2G")
    await world.drain()
    assert await moving.wallet() == 2033
    notes = await world.rows("select total_minor, state from invoices where kind = 'credit_note'")
    assert notes == [(2033, "issued")]
    assert len(made["credit_note_ids"]) == 1
    [server] = shop.panel()
    assert (server.memory_mb, server.storage_gb) == (2048, 160)
    assert await world.rows("select plan -> 'disk_gib' from servers") == [(160,)]


async def test_a_disk_never_shrinks(shop: Shop) -> None:
    moving = await mover(shop, "VPS 8G")
    for timing in ("now", "renewal"):
        answer = await moving.ask("VPS 2G", timing)
        assert (answer.status_code, answer.json()["code"]) == (409, "disk_cannot_shrink")


async def test_fifty_at_once_make_one_change(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    await shop.deposit(100_000)
    held = await moving.wallet()
    answers = await asyncio.gather(*(moving.ask("VPS 4G", quoted_minor=1000) for _ in range(50)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] + [409] * 49
    await world.drain()
    assert await moving.wallet() == held - 1000
    assert await world.rows("select count(*)::int from plan_changes") == [(1,)]


async def test_fifty_at_once_give_back_once(world: World, shop: Shop) -> None:
    moving = await mover(shop, "VPS 8G")
    await settle_for(world, smaller_disk="keep")
    before = await moving.wallet()
    answers = await asyncio.gather(*(moving.ask("VPS 2G", quoted_minor=-3000) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    assert await moving.wallet() == before + 3000


async def test_at_renewal_the_next_period_is_billed_at_the_new_price(
    world: World, shop: Shop
) -> None:
    """The invoice that was issued before at the old price is void and issued anew."""
    moving = await mover(shop)
    await days(world, 26)  # the next period is billed at the old price
    await moving.log_in()
    made = await moving.changed("VPS 4G", "renewal")
    assert (made["state"], made["effective_on"]) == ("scheduled", "2026-04-02")
    await tick(world)
    rows = await world.rows(
        "select number, state, total_minor from renewals order by billed_at, id"
    )
    assert rows == [(1, "void", 1000), (1, "open", 2000)]
    assert "plan_change_scheduled" in await mails(world)
    await shop.deposit(2000)
    await days(world, 5)
    assert (await service(world, moving.id))["number"] == 1
    assert await moving.plan() == "VPS 4G"
    await world.drain(hurry=True)
    assert [server.memory_mb for server in shop.panel()] == [4096]
    await moving.log_in()
    assert [each["state"] for each in await moving.changes()] == ["done"]


async def test_until_then_it_can_be_taken_back(world: World, shop: Shop) -> None:
    moving = await mover(shop)
    await days(world, 26)
    await moving.log_in()
    made = await moving.changed("VPS 4G", "renewal")
    await tick(world)
    undone = await shop.person.http.post(f"/api/v1/plan-changes/{made['id']}/cancel")
    assert (undone.status_code, undone.json()["state"]) == (200, "cancelled")
    await tick(world)
    rows = await world.rows(
        "select number, state, total_minor from renewals order by billed_at, id"
    )
    assert rows == [(1, "void", 1000), (1, "void", 2000), (1, "open", 1000)]
    assert await world.rows("select parked_at from schedules") == [(None,)]
    again = await shop.person.http.post(f"/api/v1/plan-changes/{made['id']}/cancel")
    assert again.status_code == 409
