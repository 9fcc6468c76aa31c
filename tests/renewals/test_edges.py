"""Where the run once went wrong: bills asked for anew, half paid, or with a payment left lying."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from skypanel.invoices.rules import SellerSettings
from skypanel.payments.actions import start_payment
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import acts, days, running, service, tick
from tests.world import World


async def parked(world: World) -> list[Any]:
    return await world.rows("select parked_because from schedules where parked_at is not null")


async def choose(shop: Shop, service_id: UUID, *, ends: bool) -> None:
    await shop.world.log_in(shop.person.http, shop.person.email)
    wish = {"at_period_end": ends}
    await ok(shop.person.http.post(f"/api/v1/services/{service_id}/cancel", json=wish))
    await tick(shop.world)
    await tick(shop.world)


async def test_a_period_billed_anew_is_reminded_and_paid_like_any_other(
    world: World, shop: Shop
) -> None:
    """Cancelled after its invoice was issued, then kept: the void one stays void."""
    service_id = await running(shop)
    await days(world, 25)
    await choose(shop, service_id, ends=True)
    await choose(shop, service_id, ends=False)
    await shop.deposit(499)
    await days(world, 8)
    assert await parked(world) == []
    assert await world.rows("select state from renewals order by state") == [("paid",), ("void",)]
    stands = await service(world, service_id)
    assert (stands["state"], stands["renews_on"]) == ("active", date(2026, 5, 2))


async def test_what_is_left_of_a_partly_paid_invoice_is_collected(world: World, shop: Shop) -> None:
    """A transfer brought a part; the wallet covers the rest, so nobody is suspended."""
    service_id = await running(shop)
    await days(world, 25)
    [(invoice_id,)] = await world.rows("select invoice_id from renewals")
    await transfer(shop, invoice_id, 200)
    await shop.deposit(299)
    await days(world, 8)
    assert ("collect", 1, 0, date(2026, 4, 2), "paid") in await acts(world)
    assert (await service(world, service_id))["state"] == "active"
    assert await world.rows("select state, paid_minor from invoices where id = %s", invoice_id) == [
        ("paid", 499)
    ]
    assert await world.rows("select balance_minor from books where kind = 'wallet'") == [(0,)]


async def test_a_checkout_left_lying_does_not_keep_the_wallet_from_paying(
    world: World, shop: Shop
) -> None:
    await running(shop)
    await days(world, 30)
    [(invoice_id,)] = await world.rows("select invoice_id from renewals")
    async with world.house.transaction() as db:
        await start_payment(db, invoice_id, "paypal")
    await world.drain()
    assert await world.rows("select state from payments where gateway = 'paypal'") == [
        ("awaiting_approval",)
    ]
    await shop.deposit(499)
    await days(world, 1)
    assert ("collect", 1, 0, date(2026, 4, 2), "paid") in await acts(world)


async def test_the_preview_asks_for_what_is_left(world: World, shop: Shop) -> None:
    await running(shop)
    await days(world, 25)
    [(invoice_id,)] = await world.rows("select invoice_id from renewals")
    await transfer(shop, invoice_id, 200)
    await world.log_in(shop.person.http, shop.person.email)
    account = {"account_id": str(shop.person.account_id), "days": 10}
    ahead = await ok(shop.person.http.get("/api/v1/upcoming", params=account))
    [charge] = [each for each in ahead["acts"] if each["step"] == "collect" and each["day"] == 0]
    assert charge["amount"] == {"minor": 299, "currency": "EUR"}


async def test_cancelling_keeps_a_partly_paid_invoice_for_staff(world: World, shop: Shop) -> None:
    """Money lies on it, so it is not void by itself; the service ends as chosen all the same."""
    service_id = await running(shop)
    await days(world, 25)
    [(invoice_id,)] = await world.rows("select invoice_id from renewals")
    await transfer(shop, invoice_id, 200)
    await choose(shop, service_id, ends=True)
    assert await world.rows("select kind, message from job_failures") == []
    await days(world, 8)
    assert (await service(world, service_id))["state"] == "terminated"
    assert await world.rows("select state from invoices where id = %s", invoice_id) == [("open",)]


async def transfer(shop: Shop, invoice_id: UUID, minor: int) -> None:
    """A bank transfer of a part, confirmed by staff."""
    world = shop.world
    async with world.house.transaction() as db:
        await world.house.settings.put(db, SellerSettings(iban="DE02120300000000202051"))
    async with world.house.transaction() as db:
        payment = await start_payment(db, invoice_id, "bank")
    await world.log_in(shop.staff.http, shop.staff.email)
    answer = await shop.staff.http.post(
        f"/api/v1/admin/payments/{payment.id}/confirm-transfer",
        json={"amount_minor": minor, "received_on": world.clock.at.date().isoformat()},
    )
    assert answer.status_code in (200, 202), answer.text
    await tick(world)
