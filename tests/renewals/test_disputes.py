"""A contested payment holds what it paid for."""

from __future__ import annotations

from uuid import UUID

import httpx

from skypanel.integrations.paypal.simulator.state import Hook
from skypanel.payments.events import DisputeOpened, DisputeResolved
from skypanel.payments.rules import PaymentSettings
from skypanel.platform.ids import new_id
from tests.orders.shop import Shop
from tests.payments.checkout import HOOK, Checkout
from tests.renewals.calendar import running, service, tick
from tests.world import World


async def test_a_dispute_holds_the_service_until_it_ends(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    [(invoice_id, account_id)] = await world.rows("select invoice_id, account_id from orders")
    about: dict[str, UUID] = {
        "dispute_id": new_id(),
        "payment_id": new_id(),
        "invoice_id": invoice_id,
        "account_id": account_id,
    }
    async with world.house.transaction() as db:
        db.publish(DisputeOpened(**about, hold=True))
    await tick(world)
    assert (await service(world, service_id))["holds"] == ["dispute"]
    assert shop.panel()[0].suspended
    async with world.house.transaction() as db:
        db.publish(DisputeResolved(**about, won=True))
    await tick(world)
    assert (await service(world, service_id))["state"] == "active"


async def test_a_claim_holds_what_its_payment_bought_where_the_policy_says_so(
    world: World, shop: Shop
) -> None:
    """A question holds nothing; the claim it becomes does, until it is won. Switched off: nothing."""
    world.paypal.client_id, world.paypal.client_secret = "client", "secret"
    world.paypal.book.hooks[HOOK] = Hook(id=HOOK, url="http://127.0.0.1:9/", event_types=["*"])
    world.paypal.book.faults.stopped = True
    async with httpx.AsyncClient(base_url=world.desk.url, trust_env=False) as paypal:
        checkout = Checkout(world, shop.person, paypal)
        order = await shop.order()
        payment = await checkout.settled(UUID(order["invoice_id"]))
        await shop.see_through(order)
        [(service_id,)] = await world.rows("select service_id from orders")
        capture = f"captures/{payment['capture_ref']}/dispute"

        async def holds(kind: str) -> list[str]:
            for delivery in checkout.deliveries(f"CUSTOMER.DISPUTE.{kind}"):
                await checkout.deliver(delivery)
            await tick(world)
            return list((await service(world, service_id))["holds"])

        ref = (await checkout.sandbox(capture, stage="INQUIRY"))["id"]
        assert await holds("CREATED") == []
        await checkout.sandbox(f"disputes/{ref}/move", stage="CHARGEBACK")
        assert await holds("UPDATED") == ["dispute"]
        assert shop.panel()[0].suspended
        await checkout.sandbox(f"disputes/{ref}/move", outcome="RESOLVED_SELLER_FAVOUR")
        assert await holds("RESOLVED") == []

        async with world.house.transaction() as db:
            await world.house.settings.put(db, PaymentSettings(hold_while_disputed=False))
        world.house.cache.clear()
        await checkout.sandbox(capture)
        assert await holds("CREATED") == []
        [(held,)] = await world.rows("select sum(held_minor)::int from disputes")
        assert held == payment["amount"]["minor"]  # the money is held all the same
    world.paypal.book.hooks.pop(HOOK)
