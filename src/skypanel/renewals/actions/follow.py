"""What the billing makes of money that came, and of invoices that are asked for no more."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from skypanel.catalog.rules import taxed
from skypanel.invoices.models import Invoice
from skypanel.payments.actions import wish_of_subscription
from skypanel.payments.models import PayPalSubscription
from skypanel.platform.db import Db
from skypanel.platform.states import advance
from skypanel.renewals import queries
from skypanel.renewals.actions.schedule import lock_standings, renewal_of, write_plans
from skypanel.renewals.models import Renewal
from skypanel.renewals.rules import RENEWAL_STATES, settled
from skypanel.servers.models import Server
from skypanel.services.actions import hold, release, undo_termination
from skypanel.services.models import Service
from skypanel.services.rules import Hold, local_day


async def note_payment(db: Db, invoice_id: UUID) -> None:
    """A period was paid, by whatever way: with the last open invoice its service runs again.

    A service terminated for that invoice comes back while its data is kept.
    """
    renewal = await renewal_of(db, invoice_id)
    if renewal is None or renewal.state != "open":
        return
    advance(db, renewal, RENEWAL_STATES, "pay")
    await _go_on(db, renewal.service_id, renewal.number)


async def note_void(db: Db, invoice_id: UUID) -> None:
    """A period's invoice is void: nothing is asked for it any more."""
    renewal = await renewal_of(db, invoice_id)
    if renewal is None or renewal.state != "open":
        return
    advance(db, renewal, RENEWAL_STATES, "void")
    await _go_on(db, renewal.service_id, renewal.number)


async def _go_on(db: Db, service_id: UUID, number: int) -> None:
    [loaded] = await lock_standings(db, [service_id])
    before = loaded.standing
    standing = settled(before, number)
    if before.unpaid and not standing.unpaid:
        reason = "Its invoices are paid."
        if before.state == "terminated":
            await undo_termination(db, service_id, reason)
        await release(db, service_id, Hold.UNPAID, reason)
    await db.flush()
    [loaded] = await lock_standings(db, [service_id])
    await write_plans(db, [(loaded.standing, loaded.policy)])


async def revise_subscription(db: Db, service_id: UUID) -> None:
    """A service costs something else: a subscription that fills the wallet for it is to as well."""
    found = await db.scalar(
        select(PayPalSubscription).where(
            PayPalSubscription.service_id == service_id,
            PayPalSubscription.ended_at.is_(None),
            PayPalSubscription.state == "active",
        )
    )
    loaded = await queries.standings(db.house, db, [service_id])
    if found is None or not loaded:
        return
    standing = loaded[0].standing
    price = taxed(standing.price_on(local_day(db.now, standing.zone)), standing.tax).gross
    wanted = found.wished_minor if found.wish == "revise" else found.amount_minor
    if price and price.minor != wanted:
        await wish_of_subscription(db, found.id, "revise", price)


async def hold_disputed(db: Db, invoice_id: UUID) -> None:
    """A payer contests a payment: what it paid for may not run meanwhile."""
    for service_id in await _paid_by(db, invoice_id):
        await hold(db, service_id, Hold.DISPUTE, "Its payment is disputed.")


async def release_disputed(db: Db, invoice_id: UUID) -> None:
    """A dispute ended."""
    for service_id in await _paid_by(db, invoice_id):
        await release(db, service_id, Hold.DISPUTE, "The dispute ended.")


async def _paid_by(db: Db, invoice_id: UUID) -> list[UUID]:
    """Services that still stand and that an invoice was for: of a period, or of an order."""
    found = await db.scalars(
        select(Service.id)
        .outerjoin(Renewal, Renewal.service_id == Service.id)
        .outerjoin(Server, Server.service_id == Service.id)
        .outerjoin(Invoice, Invoice.order_ref == Server.order_id)
        .where(
            or_(Renewal.invoice_id == invoice_id, Invoice.id == invoice_id),
            Service.state.in_(("active", "suspended")),
        )
        .distinct()
    )
    return list(found)
