"""What follows from payments and from servers' tasks, and a timer for what was lost."""

from __future__ import annotations

from uuid import UUID

import structlog

from skypanel.addresses import actions, queries
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer

log = structlog.get_logger()
BATCH = 100


@job(queue="renewals")
async def note_payment(db: Db, invoice_id: UUID) -> None:
    """An invoice was paid: perhaps of an address."""
    await actions.note_paid(db, invoice_id)


@job(queue="renewals")
async def note_void(db: Db, invoice_id: UUID) -> None:
    """An invoice is void: perhaps of an address."""
    await actions.note_void(db, invoice_id)


@job(queue="renewals")
async def hear_task(db: Db, task_id: UUID) -> None:
    """A server's task about an address has ended."""
    await actions.hear_task(db, task_id)


@timer("* * * * *", queue="renewals")
async def follow_addresses(house: House) -> None:
    """Addresses that are not settled are looked after, each in its own transaction."""
    for extra_id in await queries.due(house.read(), BATCH):
        try:
            async with house.transaction() as db:
                await actions.follow(db, extra_id)
        except Exception:
            # One broken row must not keep the others; it is tried again at each tick.
            log.exception("an extra address was not followed", extra=str(extra_id))
