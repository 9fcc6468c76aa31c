"""What is asked about orders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    Select,
    String,
    Uuid,
    any_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)

from skypanel.catalog.rules import per_month
from skypanel.identity.models import Account
from skypanel.invoices.models import Invoice
from skypanel.orders.models import Order
from skypanel.orders.rules import ORDER_STATES, BuildWish, order_number, refund_refused, timeline
from skypanel.payments.models import Payment
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.money import Money
from skypanel.platform.read import Page, Query, money
from skypanel.platform.states import StateChange, allowed
from skypanel.servers import queries as servers
from skypanel.services.models import Service, ServiceAddon

# Its server stood once: what was paid for it was delivered, at least in part.
_SERVED = exists().where(StateChange.subject_id == Order.id, StateChange.verb == "reopen")
COLUMNS = (
    Order.id,
    Order.number,
    Order.kind,
    Order.account_id,
    Order.state,
    Order.hostname,
    Order.label,
    Order.plan,
    Order.location,
    Order.image,
    Order.cycle,
    Order.total_minor,
    Order.price_minor,
    Order.currency,
    Service.price_exact,
    Order.invoice_id,
    Invoice.state.label("invoice_state"),
    Order.service_id,
    Order.created_at,
    Order.expires_at,
    Order.paid_at,
    Order.closed_at,
    Order.failure,
    Order.close_reason,
    _SERVED.label("served"),
    Order.discount_minor,
    Order.coupon_code,
    Order.addons,
    Order.trial_days,
    Account.name.label("account_name"),
)


def _orders() -> Select[*tuple[Any, ...]]:
    return (
        select(*COLUMNS)
        .join(Service, Service.id == Order.service_id)
        .join(Account, Account.id == Order.account_id)
        .outerjoin(Invoice, Invoice.id == Order.invoice_id)
    )


def _listed() -> Select[*tuple[Any, ...]]:
    return (
        _orders()
        .where(Order.id < bindparam("before"))
        .order_by(Order.id.desc())
        .limit(bindparam("limit"))
    )


def _wish(columns: tuple[Any, ...]) -> BuildWish:
    facts = dict(zip(BuildWish.__slots__, columns, strict=True))
    facts["ssh_public_keys"] = [(name, key) for name, key in facts["ssh_public_keys"]]
    return BuildWish(**facts)


LIST: Query[dict[str, Any]] = Query(
    _listed().where(Order.account_id == any_(bindparam("accounts", type_=ARRAY(Uuid))))
)
ONE: Query[dict[str, Any]] = Query(_orders().where(Order.id == bindparam("id")))
STAFF_LIST: Query[dict[str, Any]] = Query(
    _listed().where(
        or_(
            bindparam("state", type_=String) == "",
            Order.state == bindparam("state", type_=String),
        ),
        func.strpos(
            func.lower(
                func.concat_ws(
                    " ", "ord-" + cast(Order.number, String), Order.hostname, Account.name
                )
            ),
            bindparam("q"),
        )
        > 0,
    )
)
_EXTRA_IPV4 = (
    select(cast(func.sum(ServiceAddon.quantity), Integer))
    .where(
        ServiceAddon.service_id == Order.service_id,
        ServiceAddon.kind == "ipv4",
        ServiceAddon.ended_at.is_(None),
    )
    .scalar_subquery()
)
WISH: Query[BuildWish] = Query(
    select(
        Order.id,
        Order.account_id,
        Order.service_id,
        Order.plan_id,
        Order.location_id,
        Order.image_id,
        Order.plan,
        Order.location,
        Order.image,
        Order.hostname,
        Order.label,
        Order.ssh_keys,
        Order.password_login,
        Order.state,
        1 + func.coalesce(_EXTRA_IPV4, 0),
    ).where(Order.id == bindparam("id")),
    lambda *columns: _wish(columns),
)
SERVED: Query[bool] = Query(
    select(_SERVED).select_from(Order).where(Order.id == bindparam("id")), bool
)
DUE: Query[UUID] = Query(
    select(Order.id)
    .where(Order.state == "awaiting_payment", Order.expires_at <= bindparam("now"))
    .order_by(Order.expires_at)
    .limit(bindparam("limit")),
    lambda order_id: order_id,
)
# A transfer takes days: its order is kept open so long, though its customer may still cancel it.
AWAITED: Query[UUID] = Query(
    select(Payment.id)
    .where(Payment.invoice_id == bindparam("invoice"), Payment.state == "awaiting_transfer")
    .limit(1),
    lambda payment_id: payment_id,
)
# Money that may still come: what was approved is being taken, or the gateway is checking it.
UNDER_WAY: Query[UUID] = Query(
    select(Payment.id)
    .where(Payment.invoice_id == bindparam("invoice"), Payment.state.in_(("capturing", "pending")))
    .limit(1),
    lambda payment_id: payment_id,
)


def _shape(
    viewer: Viewer, row: dict[str, Any], server: dict[str, Any] | None, *, staff: bool = False
) -> dict[str, Any]:
    currency = row["currency"]
    price = row["price_exact"]
    if price is None:
        price = Money(row["price_minor"], currency).major
    may = not staff and viewer.may("orders.place", row["account_id"])
    verbs = allowed(ORDER_STATES, row["state"])
    order = {
        "id": row["id"],
        "number": order_number(row["number"]),
        "kind": row["kind"],
        "account_id": row["account_id"],
        "state": row["state"],
        "hostname": row["hostname"],
        "label": row["label"],
        "plan": row["plan"],
        "location": row["location"],
        "image": row["image"],
        "cycle": row["cycle"],
        "total": money(row["total_minor"], currency),
        "per_month": per_month(price, row["cycle"], currency),
        "invoice_id": row["invoice_id"],
        "invoice_state": row["invoice_state"],
        "service_id": row["service_id"],
        "server_id": server["id"] if server else None,
        "created_at": row["created_at"],
        "expires_at": row["expires_at"],
        "paid_at": row["paid_at"],
        "discount": money(row["discount_minor"], currency),
        "coupon": row["coupon_code"],
        "addons": row["addons"],
        "trial_days": row["trial_days"],
        "timeline": timeline(row, server),
        "can": ["cancel"] if may and "cancel" in verbs else [],
    }
    if staff:
        order["account_name"] = row["account_name"]
        order["failure"], order["close_reason"] = row["failure"], row["close_reason"]
        if "orders.edit" in viewer.staff and not refund_refused(
            row["kind"], row["state"], row["cycle"], served=row["served"]
        ):
            order["can"] = ["refund"]
    return order


async def _with_servers(
    read: Read, viewer: Viewer, found: dict[str, Any], *, staff: bool = False
) -> dict[str, Any]:
    rows = found["items"]
    by_order = await servers.of_orders(read, [row["id"] for row in rows]) if rows else {}
    found["items"] = [_shape(viewer, row, by_order.get(row["id"]), staff=staff) for row in rows]
    return found


async def page(read: Read, viewer: Viewer, page: Page, account_id: UUID | None) -> dict[str, Any]:
    """The orders that the viewer sees, newest first."""
    accounts = viewer.visible("servers.view", account_id)
    found = await LIST.page(read, page, accounts=accounts)
    return await _with_servers(read, viewer, found)


async def get_for(
    read: Read, viewer: Viewer, order_id: UUID, permission: str = "servers.view"
) -> dict[str, Any]:
    """One order on which the viewer may do this, or not found."""
    row = await ONE.one(read, id=order_id)
    if row is None:
        raise NotFound
    viewer.require(permission, row["account_id"])
    server = (await servers.of_orders(read, [order_id])).get(order_id)
    return _shape(viewer, row, server)


async def staff_page(
    read: Read, viewer: Viewer, page: Page, *, state: str, q: str
) -> dict[str, Any]:
    """All orders, newest first."""
    found = await STAFF_LIST.page(read, page, state=state, q=q.strip().lower())
    return await _with_servers(read, viewer, found, staff=True)


async def staff_one(read: Read, viewer: Viewer, order_id: UUID) -> dict[str, Any]:
    """One order for staff."""
    row = await ONE.one(read, id=order_id)
    if row is None:
        raise NotFound
    server = (await servers.of_orders(read, [order_id])).get(order_id)
    return _shape(viewer, row, server, staff=True)


async def build_wish(read: Read, order_id: UUID) -> BuildWish:
    """What is to be made for an order."""
    wish = await WISH.one(read, id=order_id)
    if wish is None:
        raise NotFound
    return wish


async def was_served(read: Read, order_id: UUID) -> bool:
    """Whether an order's server stood once."""
    return bool(await SERVED.one(read, id=order_id))


async def transfer_awaited(read: Read, invoice_id: UUID) -> bool:
    """Whether a bank transfer for this invoice is still waited for."""
    return await AWAITED.one(read, invoice=invoice_id) is not None


async def payment_under_way(read: Read, invoice_id: UUID) -> bool:
    """Whether money for this invoice may still come by itself."""
    return await UNDER_WAY.one(read, invoice=invoice_id) is not None
