"""Letting a company's hours go by, and what is asked of it then."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from skypanel.provisioning.jobs import converge_services
from skypanel.renewals.jobs import bill_due_services, count_hours, follow_hourly
from tests.orders.shop import Shop
from tests.world import World


async def tick(world: World) -> None:
    """This minute's run, and the jobs that it makes."""
    queue = world.house.queue
    for timer in (count_hours, follow_hourly, bill_due_services):
        await queue.tick(queue.jobs[timer.name])
        await world.drain(hurry=True)
    await queue.tick(queue.jobs[converge_services.name])


async def hours(world: World, count: int) -> None:
    for _ in range(count):
        await world.pass_time(hours=1)
        await tick(world)


async def until(world: World, at: datetime) -> None:
    """One long silence of the worker, then its run."""
    left = at - world.house.clock.now()
    await world.pass_time(seconds=left.total_seconds())
    await tick(world)


async def running(shop: Shop, minor: int, **changes: Any) -> UUID:
    """A server by the hour that stands, on so much money; its service."""
    await shop.deposit(minor)
    order = await shop.order(cycle="hourly", **changes)
    await shop.see_through(order)
    await tick(shop.world)
    return UUID(order["service_id"])


async def months(world: World) -> list[tuple[Any, ...]]:
    """(month, part, state, hours, due, charged) in their order."""
    return await world.rows(
        "select to_char(month, 'YYYY-MM'), part, state, hours, due_minor, charged_minor"
        " from usage_months order by month, part, id"
    )


async def balance(world: World, kind: str = "wallet") -> int:
    [(minor,)] = await world.rows(
        "select coalesce(sum(balance_minor), 0)::int from books where kind = %s", kind
    )
    return int(minor)


async def books_agree(world: World) -> None:
    """The ledger sums to zero, and prepaid usage is what open months were charged."""
    assert await world.rows("select coalesce(sum(amount_minor), 0)::int from entries") == [(0,)]
    [(charged,)] = await world.rows(
        "select coalesce(sum(charged_minor), 0)::int from usage_months"
        " where state in ('open', 'held', 'closing')"
    )
    assert await balance(world, "prepaid_usage") == charged


async def state(world: World, service_id: UUID) -> tuple[str, list[str]]:
    [found] = await world.rows("select state, holds from services where id = %s", service_id)
    return found


async def mails(world: World) -> list[str]:
    found = await world.rows("select kind from mail_messages order by id")
    quiet = ("verify_email", "receipt", "server_ready", "invoice_issued")
    return [kind for (kind,) in found if kind not in quiet]
