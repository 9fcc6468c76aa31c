"""Closing an order whose server could not be made: what was paid goes back, once."""

from __future__ import annotations

from uuid import UUID

from skypanel.catalog.actions import release_redemption, release_stock
from skypanel.identity.actions import audit
from skypanel.orders.actions.life import lock_order
from skypanel.orders.errors import OrderNotRefundable
from skypanel.orders.events import OrderChanged, OrderRefunded
from skypanel.orders.models import Order
from skypanel.orders.queries import was_served
from skypanel.orders.rules import ORDER_STATES, order_number, refund_refused
from skypanel.payments.actions import give_back
from skypanel.platform.db import Db
from skypanel.platform.states import advance
from skypanel.services.actions import abandon


async def begin_closing(db: Db, order_id: UUID, reason: str, destination: str) -> Order:
    """Decide that an order's money goes back, to the `payment` or the `wallet`; no server follows.

    Nothing is paid out before it is sure that the panel has no server for it. Refuses
    `order_not_refundable`. Publishes OrderChanged.
    """
    order = await lock_order(db, order_id)
    why = refund_refused(
        order.kind, order.state, order.cycle, served=await was_served(db, order_id)
    )
    if why:
        raise OrderNotRefundable(why)
    advance(db, order, ORDER_STATES, "give_up", note=reason)
    order.close_reason, order.refund_to = reason, destination
    audit(
        db, "order.give_up", "order", order.id, account_id=order.account_id,
        number=order_number(order.number), reason=reason, refund_to=destination,
    )  # fmt: skip
    db.publish(OrderChanged(order.id, order.account_id))
    return order


async def close_refunded(db: Db, order_id: UUID) -> None:
    """The panel has nothing of this order: its money goes back and its service ends, once.

    Publishes OrderRefunded, and what giving money back publishes. Refuses `payment_disputed`.
    """
    order = await lock_order(db, order_id)
    if order.state != "closing":
        return
    reason = order.close_reason or ""
    if order.invoice_id is not None:
        await give_back(db, order.invoice_id, reason, order.refund_to or "wallet")
    await abandon(db, order.service_id, reason)
    await release_stock(db, order.id)
    await release_redemption(db, order.id)
    advance(db, order, ORDER_STATES, "refund")
    order.closed_at = db.now
    audit(db, "order.refunded", "order", order.id, account_id=order.account_id, reason=reason)
    db.publish(OrderRefunded(order.id, order.account_id))
