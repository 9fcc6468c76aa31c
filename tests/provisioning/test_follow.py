"""A suspension is over when the guest stands still, an end when the panel has no such server."""

from __future__ import annotations

from uuid import UUID

from skypanel.integrations.virtfusion.simulator.state import Server
from skypanel.provisioning.jobs import converge_services
from skypanel.services.actions import erase, hold, release, terminate
from skypanel.services.rules import Hold
from tests.orders.shop import Shop


async def bought(shop: Shop) -> tuple[UUID, Server]:
    await shop.see_through(await shop.bought())
    [(service_id,)] = await shop.world.rows("select id from services")
    [server] = shop.panel()
    return service_id, server


async def standing(shop: Shop) -> tuple[str, str]:
    [row] = await shop.world.rows("select standing, power from servers")
    return row[0], row[1]


async def converge(shop: Shop) -> None:
    await shop.drain()
    await shop.world.house.queue.tick(converge_services)


async def test_a_guest_that_runs_on_although_suspended_is_powered_off(shop: Shop) -> None:
    service_id, server = await bought(shop)
    shop.world.virtfusion.timing.suspend_stops_guest = False
    async with shop.world.house.transaction() as db:
        await hold(db, service_id, Hold.STAFF, "to see it stand still")
    await converge(shop)
    assert server.suspended
    assert not server.running
    assert await standing(shop) == ("suspended", "stopped")


async def test_it_is_not_called_suspended_while_it_runs(shop: Shop) -> None:
    service_id, server = await bought(shop)
    shop.world.virtfusion.timing.suspend_stops_guest = False
    shop.world.virtfusion.timing.power_seconds = 30
    async with shop.world.house.transaction() as db:
        await hold(db, service_id, Hold.STAFF, "to see it stand still")
    await converge(shop)
    assert (await standing(shop))[0] == "free"
    asked = [call for call in shop.world.virtfusion.calls if call.operation == "poweroffServer"]
    await converge(shop)  # it is under way: nobody asks twice
    assert len(asked) == 1
    await shop.world.pass_time(seconds=31)
    await converge(shop)
    assert await standing(shop) == ("suspended", "stopped")
    assert not server.running
    async with shop.world.house.transaction() as db:
        await release(db, service_id, Hold.STAFF, "enough")
    await converge(shop)
    assert (await standing(shop))[0] == "free"


async def test_what_was_asked_is_looked_up_although_the_service_is_as_before(shop: Shop) -> None:
    service_id, server = await bought(shop)
    shop.fault("lose_answer", "suspendServer")
    async with shop.world.house.transaction() as db:
        await hold(db, service_id, Hold.STAFF, "its answer is lost")
    await converge(shop)
    assert server.suspended
    async with shop.world.house.transaction() as db:
        await release(db, service_id, Hold.STAFF, "before anybody knew")
    await shop.world.pass_time(seconds=91)
    await converge(shop)
    assert not server.suspended
    shop.world.virtfusion.timing.suspend_stops_guest = False
    shop.world.virtfusion.timing.power_seconds = 30
    async with shop.world.house.transaction() as db:
        await hold(db, service_id, Hold.STAFF, "it is suspended, and does not stand still yet")
    await converge(shop)
    assert (server.suspended, await standing(shop)) == (True, ("free", "unknown"))
    async with shop.world.house.transaction() as db:
        await release(db, service_id, Hold.STAFF, "before it did")
    await converge(shop)
    assert not server.suspended
    asked = len(shop.world.virtfusion.calls)
    await converge(shop)  # and now it is known
    assert len(shop.world.virtfusion.calls) == asked


async def test_an_end_is_believed_when_the_panel_has_no_such_server(shop: Shop) -> None:
    service_id, _ = await bought(shop)
    shop.world.virtfusion.timing.delete_seconds = 300
    async with shop.world.house.transaction() as db:
        await terminate(db, service_id, "over")
        await erase(db, service_id)
    await converge(shop)
    assert (await standing(shop))[0] != "gone"
    for _ in range(3):
        await converge(shop)
    deletions = [call for call in shop.world.virtfusion.calls if call.method == "DELETE"]
    assert len(deletions) == 1  # it is on its way: nobody asks twice
    await shop.world.pass_time(seconds=301)
    await converge(shop)
    assert (await standing(shop))[0] == "gone"
    assert shop.panel() == []
