"""Giving up an order whose server could not be made: first the panel is to have nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from skypanel.orders.actions import begin_closing, close_refunded, lock_order
from skypanel.platform.db import Db
from skypanel.platform.states import advance
from skypanel.provisioning.actions.create import lock_provision, log_step, panel_user
from skypanel.provisioning.errors import PeriodPaid
from skypanel.provisioning.events import ClearingAsked
from skypanel.provisioning.models import Provision
from skypanel.provisioning.rules import LEASE, LOOK_AFTER, PROVISION_STATES
from skypanel.renewals.actions import lock_standings, void_bills
from skypanel.renewals.models import Renewal
from skypanel.servers import actions as servers
from skypanel.servers.models import Server


@dataclass(frozen=True, slots=True)
class Clearing:
    """What may stand at the panel for an order that is given up."""

    order_id: UUID
    server_id: UUID
    panel_id: UUID
    plan: dict[str, Any]
    user_ref: int | None
    virtfusion_ref: int | None
    asked_at: datetime | None


async def give_up_order(db: Db, order_id: UUID, reason: str, destination: str) -> None:
    """Refund an order that has no server and close it, once the panel has nothing of it.

    Refuses `order_not_refundable` and `period_paid`. Publishes ClearingAsked.
    """
    order = await begin_closing(db, order_id, reason, destination)
    paid = select(Renewal.id).where(Renewal.service_id == order.service_id, Renewal.state == "paid")
    if await db.scalar(paid.limit(1)) is not None:
        raise PeriodPaid
    provision = await _provision(db, order_id)
    advance(db, provision, PROVISION_STATES, "clear", note=reason)
    provision.due_at = db.now + LOOK_AFTER
    provision.lease_until_at = None
    await log_step(db, provision, f"Given up by {db.actor.name}: the panel is looked at.")
    db.publish(ClearingAsked(order_id, order.account_id))


async def _provision(db: Db, order_id: UUID) -> Provision:
    found = await db.scalar(select(Provision.id).where(Provision.order_id == order_id))
    assert found is not None  # an order fails only by its creation
    return await lock_provision(db, found)


async def claim_clearing(db: Db, order_id: UUID) -> Clearing | None:
    """Claim the look at the panel; nothing when it is over, or somebody is at it.

    No other server of the account is made meanwhile, so that a stranger of this size is this one.
    """
    order = await lock_order(db, order_id)
    if order.state != "closing":
        return None
    provision = await _provision(db, order_id)
    if provision.state != "clearing":
        return None
    if provision.lease_until_at is not None and provision.lease_until_at > db.now:
        return None
    server = await db.get_one(Server, provision.server_id, populate_existing=True)
    user = await panel_user(db, order.account_id, server.panel_id)
    if user.creating_id not in (None, provision.id):
        return None
    user.creating_id = provision.id
    provision.lease_until_at = db.now + LEASE
    provision.due_at = provision.lease_until_at
    return Clearing(
        order_id=order_id,
        server_id=server.id,
        panel_id=server.panel_id,
        plan=order.plan,
        user_ref=user.virtfusion_ref,
        virtfusion_ref=server.virtfusion_ref,
        asked_at=provision.asked_at,
    )


async def bind_stray(db: Db, clearing: Clearing, virtfusion_ref: int) -> None:
    """A creation whose answer was lost did happen: that server is this order's."""
    await servers.bind(db, clearing.server_id, virtfusion_ref, None)
    provision = await _provision(db, clearing.order_id)
    await log_step(db, provision, f"It stands at the panel after all, as {virtfusion_ref}.")


async def note_clearing(db: Db, order_id: UUID, why: str) -> None:
    """It is not sure yet that the panel has nothing: it is looked at again."""
    provision = await _provision(db, order_id)
    if provision.state != "clearing":
        return
    await _release(db, provision)
    provision.due_at = db.now + LOOK_AFTER
    if provision.error != why[:400]:
        provision.error = why[:400]
        await log_step(db, provision, "Not refunded yet.", why)


async def finish_clearing(db: Db, order_id: UUID) -> None:
    """The panel has nothing of it: the money goes back and the order is closed, in one.

    Refuses what giving back refuses, and `invoice_partly_paid`. Publishes OrderRefunded.
    """
    order = await lock_order(db, order_id)
    if order.state != "closing":
        return
    provision = await _provision(db, order_id)
    for loaded in await lock_standings(db, [order.service_id]):
        await void_bills(db, loaded, 0, order.close_reason or "")
    await close_refunded(db, order_id)
    await _release(db, provision)
    advance(db, provision, PROVISION_STATES, "cleared")
    provision.error, provision.due_at, provision.finished_at = None, None, db.now
    await servers.note_standing(db, provision.server_id, "gone")
    await log_step(db, provision, "The panel has nothing of it: refunded and closed.")


async def _release(db: Db, provision: Provision) -> None:
    server = await db.get_one(Server, provision.server_id)
    user = await panel_user(db, provision.account_id, server.panel_id)
    if user.creating_id == provision.id:
        user.creating_id = None
    provision.lease_until_at = None
