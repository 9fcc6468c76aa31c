"""Placing, confirming, completing, cancelling and closing orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from skypanel.catalog.actions import hold_stock, keep_stock, release_stock
from skypanel.catalog.queries import Sellable, sellable, tax_day, treatment
from skypanel.catalog.rules import HOLD, BrandSettings, Cycle, TaxSettings, is_finer
from skypanel.customers.queries import billing_party
from skypanel.identity.actions import audit
from skypanel.invoices.actions import issue_invoice, void_invoice
from skypanel.invoices.rules import InvoiceDraft, LineDraft
from skypanel.orders.errors import PaymentUnderWay
from skypanel.orders.events import OrderChanged, OrderPaid, OrderPlaced
from skypanel.orders.models import Order
from skypanel.orders.queries import payment_under_way
from skypanel.orders.rules import ORDER_STATES, HostnameWrong, Wish, order_number, read_hostname
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound, VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance
from skypanel.servers.actions import add_key, read_key
from skypanel.servers.models import Server, SshKey
from skypanel.services.actions import activate, create_service
from skypanel.services.actions import cancel as cancel_service

KEYS_MAX = 10
TERMS = {
    "hourly": "per hour",
    "monthly": "1 month",
    "quarterly": "3 months",
    "half_yearly": "6 months",
    "yearly": "12 months",
}


async def place_order(db: Db, viewer: Viewer, wish: Wish) -> Order:
    """Order a server: the service waits, room is held for an hour, a proforma asks for the money.

    Price and size come from the catalog alone. Refuses `plan_unknown`, `not_sold`, `sold_out` and
    wrong fields. Publishes OrderPlaced.
    """
    viewer.require("orders.place", wish.account_id)
    hostname = _hostname(wish.hostname)
    currency = viewer.accounts[wish.account_id].currency
    sold = await sellable(db, wish.plan_id, wish.location_id, wish.image_id, wish.cycle, currency)
    assert sold.image is not None
    keys = await _keys(db, viewer, wish)
    if not keys and not wish.password_login:
        raise FieldRefusal(
            "ssh_key_ids", "Choose a key or log-in by password.", "login_method_missing"
        )
    party = await billing_party(db, wish.account_id)
    order = _order(db, viewer, wish, sold, hostname, keys)
    order.service_id = await _begin_service(db, order, sold, party)
    db.add(order)
    await db.flush()
    await hold_stock(
        db,
        plan_id=sold.plan_id,
        location_id=sold.location_id,
        order_id=order.id,
        until=order.expires_at,
    )
    draft = await _draft(db, order, sold, party)
    order.total_minor = draft.total.minor
    invoice = await issue_invoice(db, draft)
    order.invoice_id = invoice.id
    await db.flush()
    audit(
        db, "order.place", "order", order.id, account_id=order.account_id,
        number=order_number(order.number), plan=sold.plan_name, total_minor=order.total_minor,
    )  # fmt: skip
    db.publish(OrderPlaced(order.id, order.account_id))
    return order


def _order(
    db: Db, viewer: Viewer, wish: Wish, sold: Sellable, hostname: str, keys: list[tuple[str, str]]
) -> Order:
    return Order(
        id=new_id(),
        account_id=wish.account_id,
        user_id=viewer.user_id,
        state="awaiting_payment",
        plan_id=sold.plan_id,
        location_id=sold.location_id,
        image_id=wish.image_id,
        price_version=sold.price_version,
        plan=sold.plan(),
        location=sold.location(),
        image=_image(sold),
        hostname=hostname,
        label=wish.label.strip() or hostname[:60],
        ssh_keys=[list(key) for key in keys],
        password_login=wish.password_login,
        cycle=wish.cycle,
        currency=sold.price.currency,
        price_minor=sold.price.minor,
        setup_minor=sold.setup.minor,
        total_minor=0,
        created_at=db.now,
        expires_at=db.now + HOLD,
    )


async def _begin_service(db: Db, order: Order, sold: Sellable, party: dict[str, Any]) -> UUID:
    service = await create_service(
        db,
        account_id=order.account_id,
        plan_id=sold.plan_id,
        location_id=sold.location_id,
        price=sold.price,
        price_exact=sold.amount if is_finer(sold.amount, order.currency) else None,
        cycle=order.cycle,
        zone="UTC" if order.cycle == Cycle.HOURLY else party["time_zone"],
        name=f"{sold.plan_name} {order.hostname}"[:100],
    )
    return service.id


async def _draft(db: Db, order: Order, sold: Sellable, party: dict[str, Any]) -> InvoiceDraft:
    """The proforma: the first period, and the set-up if there is one."""
    settings = await db.house.settings.get(TaxSettings)
    brand = await db.house.settings.get(BrandSettings)
    tax = await treatment(db, settings, party, tax_day(db, brand.time_zone))
    lines = [
        LineDraft.priced(
            sold.price,
            tax,
            description=f"{sold.plan_name}, {sold.location_name}",
            detail=f"{order.hostname}, {TERMS[order.cycle]}",
        )
    ]
    if sold.setup:
        lines.append(LineDraft.priced(sold.setup, tax, description="Set-up, once"))
    return InvoiceDraft(
        account_id=order.account_id,
        currency=order.currency,
        due_on=order.expires_at.astimezone(ZoneInfo(party["time_zone"])).date(),
        lines=lines,
        order_ref=order.id,
        tax_note=tax.note,
    )


def _hostname(text: str) -> str:
    try:
        return read_hostname(text)
    except HostnameWrong as wrong:
        raise FieldRefusal("hostname", str(wrong), "hostname_invalid") from None


def _image(sold: Sellable) -> dict[str, str]:
    assert sold.image is not None
    return {name: str(sold.image[name]) for name in ("id", "name", "icon", "default_user")}


async def _keys(db: Db, viewer: Viewer, wish: Wish) -> list[tuple[str, str]]:
    """The account's chosen keys and the new one, which is kept for orders to come."""
    found = list(
        await db.scalars(
            select(SshKey).where(
                SshKey.account_id == wish.account_id, SshKey.id.in_(wish.ssh_key_ids)
            )
        )
    )
    if {key.id for key in found} != set(wish.ssh_key_ids):
        raise FieldRefusal("ssh_key_ids", "One of these keys is not kept here.", "key_unknown")
    keys = {key.fingerprint: (key.name, key.public_key) for key in found}
    if wish.new_key is not None:
        name, text = wish.new_key
        key = read_key(text)
        known = await db.scalar(
            select(SshKey).where(
                SshKey.account_id == wish.account_id, SshKey.fingerprint == key.fingerprint
            )
        )
        if known is None:
            viewer.require("keys.manage", wish.account_id)
            known = await add_key(db, wish.account_id, name, text)
        keys[key.fingerprint] = (known.name, known.public_key)
    return list(keys.values())


async def lock_order(db: Db, order_id: UUID) -> Order:
    """The order as it stands now, locked until this unit of work ends."""
    order = await db.get(Order, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise NotFound
    return order


async def confirm_order(db: Db, invoice_id: UUID) -> None:
    """Its invoice is paid: the service runs, the room stays held. Publishes OrderPaid."""
    order = await db.scalar(select(Order).where(Order.invoice_id == invoice_id).with_for_update())
    if order is None or order.state != "awaiting_payment":
        return
    advance(db, order, ORDER_STATES, "confirm")
    order.paid_at = db.now
    await keep_stock(db, order.id)
    await activate(db, order.service_id)
    audit(db, "order.confirm", "order", order.id, account_id=order.account_id)
    db.publish(OrderPaid(order.id, order.account_id, order.service_id))


async def complete_order(db: Db, server_id: UUID) -> None:
    """Its server is ready. Publishes OrderChanged."""
    server = await db.get(Server, server_id)
    if server is None:
        return
    order = await lock_order(db, server.order_id)
    if order.state not in ("paid", "failed"):
        return
    advance(db, order, ORDER_STATES, "complete")
    order.closed_at, order.failure = db.now, None
    db.publish(OrderChanged(order.id, order.account_id))


async def fail_order(db: Db, order_id: UUID, reason: str) -> None:
    """Its server could not be made; staff decide. Publishes OrderChanged."""
    order = await lock_order(db, order_id)
    if order.state == "paid":
        advance(db, order, ORDER_STATES, "fail", note=reason[:400])
    order.failure = reason[:400]
    db.publish(OrderChanged(order.id, order.account_id))


async def retry_order(db: Db, order_id: UUID) -> None:
    """Staff try again to make its server. Publishes OrderChanged."""
    order = await lock_order(db, order_id)
    if order.state == "failed":
        advance(db, order, ORDER_STATES, "retry")
    order.failure = None
    db.publish(OrderChanged(order.id, order.account_id))


async def cancel_order(db: Db, order_id: UUID) -> Order:
    """Withdraw an unpaid order: room, service and proforma go with it.

    Refuses `payment_under_way`. Publishes OrderChanged.
    """
    order = await lock_order(db, order_id)
    if order.state != "awaiting_payment":
        raise VerbNotAllowed("Only an order that waits for its payment can be cancelled.")
    assert order.invoice_id is not None
    if await payment_under_way(db, order.invoice_id):
        raise PaymentUnderWay
    await _close(db, order, "cancel", "The order was cancelled.")
    audit(db, "order.cancel", "order", order.id, account_id=order.account_id)
    return order


async def expire_order(db: Db, order_id: UUID) -> None:
    """Close an order that was not paid in time; wait on while a payment is being taken."""
    order = await lock_order(db, order_id)
    if order.state != "awaiting_payment" or order.expires_at > db.now:
        return
    assert order.invoice_id is not None
    if await payment_under_way(db, order.invoice_id):
        await extend_order(db, order)
        return
    await _close(db, order, "expire", "No payment came in time.")


async def extend_order(db: Db, order: Order, span: timedelta = HOLD) -> None:
    """Hold an order's room longer. Publishes OrderChanged."""
    order.expires_at = db.now + span
    await keep_stock(db, order.id, until=order.expires_at)
    db.publish(OrderChanged(order.id, order.account_id))


async def _close(db: Db, order: Order, verb: str, reason: str) -> None:
    advance(db, order, ORDER_STATES, verb)
    order.closed_at = db.now
    assert order.invoice_id is not None
    await void_invoice(db, order.invoice_id, reason)
    await cancel_service(db, order.service_id, reason)
    await release_stock(db, order.id)
    db.publish(OrderChanged(order.id, order.account_id))
