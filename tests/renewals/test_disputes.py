"""A contested payment holds what it paid for."""

from __future__ import annotations

from uuid import UUID

from skypanel.payments.events import DisputeOpened, DisputeResolved
from skypanel.platform.ids import new_id
from tests.orders.shop import Shop
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
