"""What mail about orders says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Uuid, bindparam, select

from skypanel.identity.models import Account
from skypanel.mail.queries.asking import Asking, Overtaken, user_of
from skypanel.mail.rules import MailKind
from skypanel.orders.models import Order
from skypanel.orders.rules import order_number
from skypanel.platform.money import Money
from skypanel.platform.read import Query

_ORDER: Query[dict[str, Any]] = Query(
    select(
        Account.name.label("account"),
        Order.number,
        Order.hostname,
        Order.total_minor,
        Order.currency,
        Order.refund_to.label("destination"),
        Order.close_reason.label("reason"),
    )
    .join(Account, Account.id == Order.account_id)
    .where(Order.id == bindparam("order", type_=Uuid()))
)


async def _refunded(asking: Asking) -> dict[str, Any]:
    order_id = asking.ids["order_id"]
    found = await _ORDER.one(asking.read, order=order_id)
    if found is None:
        raise Overtaken("The order is gone.")
    total = Money(found.pop("total_minor"), found.pop("currency"))
    number = order_number(found["number"])
    link = asking.link(f"/orders/{order_id}")
    return {**await user_of(asking), **found, "number": number, "total": total, "link": link}


ORDER_FACTS: dict[str, Callable[[Asking], Awaitable[dict[str, Any]]]] = {
    MailKind.ORDER_REFUNDED: _refunded,
}
