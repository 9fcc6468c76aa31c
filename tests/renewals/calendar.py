"""Letting a company's days go by."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from skypanel.provisioning.jobs import converge_services
from skypanel.renewals.jobs import bill_due_services
from tests.orders.shop import Shop
from tests.world import World


async def days(world: World, count: int) -> None:
    """A day at a time: what is due is done, and what follows from it."""
    for _ in range(count):
        await world.pass_time(days=1)
        await tick(world)


async def tick(world: World) -> None:
    """This minute's billing, and the jobs that it makes."""
    queue = world.house.queue
    await queue.tick(queue.jobs[bill_due_services.name])
    await world.drain(hurry=True)
    await queue.tick(queue.jobs[converge_services.name])


async def acts(world: World) -> list[tuple[str, int, int, date, str]]:
    """What the run did so far: (step, period, day from due, day it was done, outcome)."""
    found = await world.rows(
        "select step, number, day, done_at, outcome from renewal_acts order by id"
    )
    return [(step, number, day, at.date(), outcome) for step, number, day, at, outcome in found]


async def running(shop: Shop, **changes: Any) -> UUID:
    """A bought server that stands; its service."""
    order = await shop.bought(**changes)
    await shop.see_through(order)
    [(service_id,)] = await shop.world.rows(
        "select service_id from orders where id = %s", UUID(order["id"])
    )
    return service_id  # type: ignore[no-any-return]


async def service(world: World, service_id: UUID) -> dict[str, Any]:
    [row] = await world.rows(
        "select state, holds, period_number, renews_on, period_ends_at from services where id = %s",
        service_id,
    )
    return dict(zip(("state", "holds", "number", "renews_on", "ends_at"), row, strict=True))


async def mails(world: World) -> list[str]:
    found = await world.rows("select kind from mail_messages order by id")
    return [kind for (kind,) in found if kind not in ("verify_email", "receipt", "server_ready")]
