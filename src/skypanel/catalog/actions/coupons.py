"""Making coupons, and using them: the coupon's row lock makes its limits hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.errors import CouponCodeTaken
from skypanel.catalog.models import Coupon, CouponRedemption
from skypanel.catalog.queries.coupons import Usable
from skypanel.catalog.rules import CouponKind, read_code
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money


async def add_coupon(db: Db, facts: dict[str, Any]) -> Coupon:
    """Make a code that takes something off. Refuses `coupon_code_taken`."""
    code = read_code(facts["code"])
    if not code:
        raise FieldRefusal("code", "Give the coupon a code.", "code_missing")
    if await db.scalar(select(Coupon.id).where(Coupon.code == code)):
        raise CouponCodeTaken
    fixed = facts["kind"] == CouponKind.FIXED
    if fixed and not facts["amounts"]:
        raise FieldRefusal("amounts", "Say how much, for one currency or more.", "amount_missing")
    if not fixed and facts["percent"] is None:
        raise FieldRefusal("percent", "Say how many per cent.", "percent_missing")
    coupon = Coupon(
        **{
            **facts,
            "id": new_id(),
            "code": code,
            "percent": None if fixed else facts["percent"],
            "amounts": facts["amounts"] if fixed else {},
            "created_at": db.now,
        }
    )
    db.add(coupon)
    await db.flush()
    audit(db, "coupon.add", "coupon", coupon.id, code=code, kind=coupon.kind)
    return coupon


async def edit_coupon(db: Db, coupon_id: UUID, changes: dict[str, Any]) -> Coupon:
    """Change for whom and until when a coupon may be used; what was redeemed stays as it is."""
    coupon = await db.get(Coupon, coupon_id, with_for_update=True)
    if coupon is None:
        raise NotFound
    for name, value in changes.items():
        setattr(coupon, name, value)
    audit(db, "coupon.edit", "coupon", coupon.id, fields=sorted(changes))
    await db.flush()
    return coupon


async def lock_coupon(db: Db, code: str) -> None:
    """Whoever uses this code queues here until the one before has ended."""
    await db.scalar(select(Coupon.id).where(Coupon.code == read_code(code)).with_for_update())


async def redeem(
    db: Db, used: Usable, *, account_id: UUID, order_id: UUID, service_id: UUID, saved: Money
) -> None:
    """Count a use of a coupon, as it is now, for an order and the service that comes of it.

    The caller holds the coupon's lock and has asked whether it may be used.
    """
    discount = used.discount
    db.add(
        CouponRedemption(
            coupon_id=used.coupon_id,
            account_id=account_id,
            order_id=order_id,
            service_id=service_id,
            code=discount.code,
            kind=discount.kind,
            percent=discount.percent,
            amount_minor=None if discount.amount is None else discount.amount.minor,
            currency=saved.currency,
            periods=discount.periods,
            saved_minor=saved.minor,
            created_at=db.now,
        )
    )
    await db.flush()


async def end_redemption(db: Db, service_id: UUID, number: int) -> None:
    """A service's discount holds for no period from this number on."""
    await db.run(
        "update coupon_redemptions set periods = least(coalesce(periods, %(number)s), %(number)s)"
        " where service_id = %(service)s and released_at is null",
        service=service_id,
        number=number,
    )


async def release_redemption(db: Db, order_id: UUID) -> None:
    """The order came to nothing: the coupon may be used again."""
    await db.run(
        "update coupon_redemptions set released_at = %(now)s"
        " where order_id = %(order)s and released_at is null",
        now=db.now,
        order=order_id,
    )
