"""The life of a service, day by day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tests.orders.shop import Shop
from tests.renewals.calendar import acts, days, mails, running, service, tick
from tests.world import World

D = date


async def suspended_at_panel(shop: Shop) -> bool:
    [server] = shop.panel()
    return bool(server.suspended)


async def test_a_wallet_pays_month_after_month(world: World, shop: Shop) -> None:
    """Bought on 2 March: billed a week before, charged and rolled on the day itself."""
    service_id = await running(shop)
    await shop.deposit(2 * 499)
    await days(world, 62)
    assert (
        await world.rows("select parked_because from schedules where parked_at is not null") == []
    )
    assert await acts(world) == [
        ("issue", 1, 0, D(2026, 3, 26), "done"),
        ("remind", 1, -3, D(2026, 3, 30), "done"),
        ("collect", 1, 0, D(2026, 4, 2), "paid"),
        ("roll", 1, 0, D(2026, 4, 2), "done"),
        ("issue", 2, 0, D(2026, 4, 25), "done"),
        ("remind", 2, -3, D(2026, 4, 29), "done"),
        ("collect", 2, 0, D(2026, 5, 2), "paid"),
        ("roll", 2, 0, D(2026, 5, 2), "done"),
    ]
    stands = await service(world, service_id)
    assert (stands["state"], stands["number"]) == ("active", 2)
    assert stands["renews_on"] == D(2026, 6, 2)
    assert await world.rows("select balance_minor from books where kind = 'wallet'") == [(0,)]
    assert await world.rows("select sum(amount_minor)::int from entries") == [(0,)]
    numbers = await world.rows("select number from invoices where state = 'paid' order by number")
    assert [number for (number,) in numbers] == [f"INV-2026-00000{n}" for n in (1, 2, 3)]


async def test_nobody_pays(world: World, shop: Shop) -> None:
    """Reminded before and after, suspended, terminated, erased; each mail once."""
    service_id = await running(shop)
    written = len(await mails(world))
    await days(world, 31 + 5)
    assert (await service(world, service_id))["holds"] == ["unpaid"]
    assert await suspended_at_panel(shop)
    await days(world, 9)
    assert (await service(world, service_id))["state"] == "terminated"
    assert len(shop.panel()) == 1
    await days(world, 7)
    assert (await service(world, service_id))["state"] == "erased"
    assert await acts(world) == [
        ("issue", 1, 0, D(2026, 3, 26), "done"),
        ("remind", 1, -3, D(2026, 3, 30), "done"),
        ("collect", 1, 0, D(2026, 4, 2), "unpaid"),
        ("roll", 1, 0, D(2026, 4, 2), "done"),
        ("collect", 1, 1, D(2026, 4, 3), "unpaid"),
        ("remind", 1, 1, D(2026, 4, 3), "done"),
        ("collect", 1, 3, D(2026, 4, 5), "unpaid"),
        ("remind", 1, 3, D(2026, 4, 5), "done"),
        ("suspend", 1, 0, D(2026, 4, 7), "done"),
        ("terminate", 1, 0, D(2026, 4, 16), "done"),
        ("erase", 1, 0, D(2026, 4, 23), "done"),
    ]
    assert [s for s in shop.panel() if not s.deleting] == []
    assert (await mails(world))[written:] == [
        "invoice_issued",
        "payment_reminder",
        "payment_reminder",
        "payment_reminder",
        "service_suspended",
        "service_terminated",
    ]
    assert await world.rows("select state from renewals") == [("void",)]
    await days(world, 40)
    assert len(await acts(world)) == 11


async def test_paying_late_never_moves_the_anchor(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    await days(world, 31 + 6)
    assert await suspended_at_panel(shop)
    [(invoice_id,)] = await world.rows("select invoice_id from renewals")
    await pay(shop, invoice_id)
    stands = await service(world, service_id)
    assert (stands["state"], stands["holds"]) == ("active", [])
    assert stands["renews_on"] == D(2026, 5, 2)
    assert not await suspended_at_panel(shop)
    await days(world, 20)
    assert (await acts(world))[-1][:4] == ("issue", 2, 0, D(2026, 4, 25))


async def test_paying_after_termination_brings_it_back(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    await days(world, 31 + 16)
    assert (await service(world, service_id))["state"] == "terminated"
    [(invoice_id,)] = await world.rows("select invoice_id from renewals")
    await pay(shop, invoice_id)
    assert (await service(world, service_id))["state"] == "active"
    assert not await suspended_at_panel(shop)
    await days(world, 9)
    assert (await service(world, service_id))["state"] == "active"
    assert len(shop.panel()) == 1


async def test_a_worker_that_was_away_reminds_once(world: World, shop: Shop) -> None:
    """Four days of a stopped run: the latest reminder goes out, those it overtook do not."""
    await running(shop)
    await days(world, 31)
    before = (await mails(world)).count("payment_reminder")
    await world.pass_time(days=4)
    await tick(world)
    assert (await mails(world)).count("payment_reminder") == before + 1


async def pay(shop: Shop, invoice_id: UUID) -> None:
    await shop.deposit(499)
    await shop.world.log_in(shop.person.http, shop.person.email)
    wish = {"invoice_id": str(invoice_id), "gateway": "wallet"}
    answer = await shop.person.http.post("/api/v1/payments", json=wish)
    assert answer.status_code in (201, 202), answer.text
    await tick(shop.world)
