"""Placing, confirming, completing, cancelling and closing orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from skypanel.catalog.actions import (
    hold_stock,
    keep_stock,
    lock_coupon,
    redeem,
    release_redemption,
    release_stock,
)
from skypanel.catalog.queries import Offer, OfferLine, Sellable
from skypanel.catalog.rules import (
    HOLD,
    TERMS,
    BrandSettings,
    Cycle,
    TaxSettings,
    is_finer,
    price_money,
)
from skypanel.customers.queries import billing_party
from skypanel.identity.actions import audit
from skypanel.identity.models import Account
from skypanel.invoices.actions import issue_invoice, void_invoice
from skypanel.invoices.rules import InvoiceDraft, LineDraft
from skypanel.orders.errors import PaymentUnderWay
from skypanel.orders.events import OrderChanged, OrderPaid, OrderPlaced
from skypanel.orders.models import Order
from skypanel.orders.queries import (
    OfferAsk,
    hours_of,
    offer_for,
    payment_under_way,
    transfer_awaited,
)
from skypanel.orders.rules import ORDER_STATES, Wish, order_number
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound, VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance
from skypanel.servers.actions import chosen_keys, named_host
from skypanel.servers.models import Server
from skypanel.services.actions import activate, attach_addons, create_service, lock_service
from skypanel.services.actions import cancel as cancel_service
from skypanel.usage.actions import begin as begin_hours
from skypanel.usage.errors import BalanceBelowStart
from skypanel.usage.queries import start_needs

KEYS_MAX = 10


async def place_order(db: Db, viewer: Viewer, wish: Wish) -> Order:
    """Order a server: the service waits, room is held for an hour, a proforma asks for the money.

    Price and size come from the catalog alone. Refuses `plan_unknown`, `not_sold`, `sold_out`,
    coupons and add-ons that are not for this, and wrong fields. Publishes OrderPlaced. An hourly
    one is not paid before: it is confirmed at once, or refused `balance_below_start`.
    """
    viewer.require("orders.place", wish.account_id)
    hostname = named_host(wish.hostname)
    found = await _offer(db, viewer, wish)
    keys = await chosen_keys(
        db, viewer, wish.account_id, wish.ssh_key_ids, wish.new_key, password=wish.password_login
    )
    party = await billing_party(db, wish.account_id)
    order = _order(db, viewer, wish, found, hostname, keys)
    order.service_id = await _begin_service(db, order, found, party)
    db.add(order)
    await db.flush()
    if found.coupon is not None:
        await redeem(
            db,
            found.coupon,
            account_id=order.account_id,
            order_id=order.id,
            service_id=order.service_id,
            saved=found.saved,
        )
    await hold_stock(
        db,
        plan_id=order.plan_id,
        location_id=order.location_id,
        order_id=order.id,
        until=order.expires_at,
        ipv4_count=1 + sum(one.quantity for one in found.addons if one.kind == "ipv4"),
    )
    if order.cycle != Cycle.HOURLY:
        draft = _draft(order, found, party)
        order.total_minor = draft.total.minor
        invoice = await issue_invoice(db, draft)
        order.invoice_id = invoice.id
    await db.flush()
    audit(
        db, "order.place", "order", order.id, account_id=order.account_id,
        number=order_number(order.number), plan=order.plan["name"],
        total_minor=order.total_minor, coupon=order.coupon_code,
    )  # fmt: skip
    db.publish(OrderPlaced(order.id, order.account_id))
    if order.cycle == Cycle.HOURLY:
        await _start_hourly(db, order, found)
    return order


async def _start_hourly(db: Db, order: Order, found: Offer) -> None:
    """Nothing is paid before: the wallet holds enough for a while, so the service runs at once.

    The account is locked (`_offer`), so that no two servers start on the same money. Refuses
    `balance_below_start`.
    """
    wanted = hours_of(order.account_id, found, db.now.date())
    _, needed, held = await start_needs(db.house, db, wanted)
    if held < needed:
        raise BalanceBelowStart(
            f"Starting this server needs {needed} in the wallet; {needed - held} is missing."
        )
    await _confirm(db, order)
    service = await lock_service(db, order.service_id)
    await begin_hours(db, service, wanted.setup)


async def _offer(db: Db, viewer: Viewer, wish: Wish) -> Offer:
    """What is bought; who uses a coupon, a trial or money for hours queues for it."""
    asked = OfferAsk(
        account_id=wish.account_id,
        plan_id=wish.plan_id,
        location_id=wish.location_id,
        image_id=wish.image_id,
        cycle=wish.cycle,
        currency=viewer.accounts[wish.account_id].currency,
        coupon=wish.coupon,
        addons=wish.addons,
    )
    tax = await db.house.settings.get(TaxSettings)
    brand = await db.house.settings.get(BrandSettings)
    if wish.coupon.strip():
        await lock_coupon(db, wish.coupon)
    if wish.cycle == Cycle.HOURLY:
        await db.scalar(select(Account.id).where(Account.id == wish.account_id).with_for_update())
    found = await offer_for(db, asked, tax, brand)
    if found.trial_days:
        await db.scalar(select(Account.id).where(Account.id == wish.account_id).with_for_update())
        found = await offer_for(db, asked, tax, brand)
    return found


def _order(
    db: Db, viewer: Viewer, wish: Wish, found: Offer, hostname: str, keys: list[tuple[str, str]]
) -> Order:
    sold = found.sold
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
        currency=found.currency,
        price_minor=found.price.minor,
        setup_minor=0 if found.trial_days else sold.setup.minor,
        total_minor=0,
        discount_minor=found.saved.minor,
        coupon_code=found.coupon.discount.code if found.coupon else None,
        addons=[
            {
                "name": one.name,
                "kind": one.kind,
                "quantity": one.quantity,
                "price": one.price.wire(),
            }
            for one in found.addons
        ],
        trial_days=found.trial_days,
        created_at=db.now,
        expires_at=db.now + HOLD,
    )


async def _begin_service(db: Db, order: Order, found: Offer, party: dict[str, Any]) -> UUID:
    """The service at the list's price: what an account pays instead is asked at each period."""
    sold = found.sold
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
        trial_days=found.trial_days,
    )
    await attach_addons(db, service, found.addons)
    return service.id


def _draft(order: Order, found: Offer, party: dict[str, Any]) -> InvoiceDraft:
    """The proforma: the first period with its add-ons, and the set-up if there is one.

    A discount reduces the line it belongs to, before tax; the line says so.
    """
    return InvoiceDraft(
        account_id=order.account_id,
        currency=order.currency,
        due_on=order.expires_at.astimezone(ZoneInfo(party["time_zone"])).date(),
        lines=[_line(order, found, line) for line in found.lines],
        order_ref=order.id,
        tax_note=found.tax.note,
    )


def _line(order: Order, found: Offer, line: OfferLine) -> LineDraft:
    terms = {"plan": f"{order.hostname}, {TERMS[order.cycle]}", "addon": TERMS[order.cycle]}
    if found.trial_days:
        terms = {"plan": order.hostname}
    said = [terms.get(line.kind, ""), line.detail]
    unit = line.price - line.discount if line.quantity == 1 else line.price
    steps = [(_priced(found, line), str(line.price))]
    if line.discount:
        steps.append(("Coupon", str(-line.discount)))
    return LineDraft.priced(
        unit,
        found.tax,
        quantity=line.quantity,
        told={"steps": steps},
        description=line.description,
        detail=", ".join(part for part in said if part) or None,
    )


def _priced(found: Offer, line: OfferLine) -> str:
    """Where the price of a line comes from."""
    if found.trial_days:
        return f"Free for {found.trial_days} days"
    listed = price_money(found.sold.amount, found.currency)
    own = line.kind == "plan" and line.price != listed
    return "Price agreed with this account" if own else "Price of the list"


def _image(sold: Sellable) -> dict[str, str]:
    assert sold.image is not None
    return {name: str(sold.image[name]) for name in ("id", "name", "icon", "default_user")}


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
    await _confirm(db, order)


async def _confirm(db: Db, order: Order) -> None:
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


async def reopen_order(db: Db, order_id: UUID, reason: str) -> None:
    """Its server is lost and is made once more. Publishes OrderChanged."""
    order = await lock_order(db, order_id)
    advance(db, order, ORDER_STATES, "reopen", note=reason)
    order.closed_at = None
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
    if await payment_under_way(db, order.invoice_id) or await transfer_awaited(
        db, order.invoice_id
    ):
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
    await release_redemption(db, order.id)
    db.publish(OrderChanged(order.id, order.account_id))
