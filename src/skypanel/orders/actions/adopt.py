"""The order behind a server that stood at the panel before anybody ordered it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.queries import Kept
from skypanel.catalog.rules import is_finer
from skypanel.customers.queries import billing_party
from skypanel.identity.actions import audit
from skypanel.identity.models import Member
from skypanel.identity.rules.roles import OWNER
from skypanel.orders.events import OrderChanged
from skypanel.orders.models import Order
from skypanel.orders.rules import ADOPTED, order_number
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.services.actions import activate, create_service


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """For whom, at which price and from which day on a server of the panel is billed."""

    account_id: UUID
    cycle: str
    starts_on: date
    hostname: str
    label: str
    reason: str


async def place_adopted(db: Db, kept: Kept, wish: Adoption) -> Order:
    """Begin the service of a server that exists: nothing is paid now, nothing is made.

    Its first period begins on `starts_on`; the price is the list's, frozen as at an order, and an
    account's own price counts at each period. The order is its account's owner's; who adopted it
    is in the audit trail. Publishes ServiceActivated and OrderChanged.
    """
    party = await billing_party(db, wish.account_id)
    owner_id = await db.scalar(
        select(Member.user_id)
        .where(Member.account_id == wish.account_id, Member.role == OWNER)
        .order_by(Member.joined_at, Member.user_id)
        .limit(1)
    )
    if owner_id is None:
        raise NotFound("This account has no owner.")
    service = await create_service(
        db,
        account_id=wish.account_id,
        plan_id=kept.plan_id,
        location_id=kept.location_id,
        price=kept.price,
        price_exact=kept.amount if is_finer(kept.amount, kept.currency) else None,
        cycle=wish.cycle,
        zone=party["time_zone"],
        name=f"{kept.plan['name']} {wish.hostname}"[:100],
    )
    order = _order(db, kept, wish, owner_id, service.id)
    db.add(order)
    await db.flush()
    await activate(db, service.id, first_on=wish.starts_on)
    audit(
        db, "order.adopt", "order", order.id, account_id=order.account_id,
        number=order_number(order.number), plan=kept.plan["name"], price_minor=order.price_minor,
        starts_on=wish.starts_on.isoformat(), reason=wish.reason,
    )  # fmt: skip
    db.publish(OrderChanged(order.id, order.account_id))
    return order


def _order(db: Db, kept: Kept, wish: Adoption, owner_id: UUID, service_id: UUID) -> Order:
    return Order(
        id=new_id(),
        kind=ADOPTED,
        account_id=wish.account_id,
        user_id=owner_id,
        service_id=service_id,
        state="active",
        plan_id=kept.plan_id,
        location_id=kept.location_id,
        image_id=kept.image_id,
        price_version=kept.price_version,
        plan=kept.plan,
        location=kept.location,
        image=kept.image,
        hostname=wish.hostname,
        label=wish.label,
        ssh_keys=[],
        password_login=True,
        cycle=wish.cycle,
        currency=kept.currency,
        price_minor=kept.price.minor,
        setup_minor=0,
        total_minor=0,
        discount_minor=0,
        addons=[],
        trial_days=0,
        created_at=db.now,
        expires_at=db.now,
        paid_at=db.now,
        closed_at=db.now,
    )
