"""What follows from payments, servers and time."""

from __future__ import annotations

from uuid import UUID

import structlog

from skypanel.orders import actions, queries
from skypanel.platform.db import Db
from skypanel.platform.errors import Refusal
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer

log = structlog.get_logger()
BATCH = 100


@job()
async def confirm_order(db: Db, invoice_id: UUID) -> None:
    """An invoice was paid: if an order waits for it, its server is to be made."""
    await actions.confirm_order(db, invoice_id)


@job()
async def complete_order(db: Db, server_id: UUID) -> None:
    """A server is ready: its order is fulfilled."""
    await actions.complete_order(db, server_id)


@timer("* * * * *")
async def expire_orders(house: House) -> None:
    """Orders that were not paid in time are closed, each by itself."""
    read = house.read()
    for order_id in await queries.DUE.all(read, now=read.now, limit=BATCH):
        try:
            async with house.transaction() as db:
                await actions.expire_order(db, order_id)
        except Refusal as refusal:
            # Its invoice took money meanwhile: the order waits for what follows from that.
            log.warning("an order was not closed", order=str(order_id), reason=str(refusal))
            async with house.transaction() as db:
                order = await actions.lock_order(db, order_id)
                if order.state == "awaiting_payment":
                    await actions.extend_order(db, order)
        except Exception:
            # One broken order must not keep the others open; it is tried again at each tick.
            log.exception("an order could not be closed", order=str(order_id))
