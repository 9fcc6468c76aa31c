"""Coupons: what a code takes off, whether it may be used, and for whom it still counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select

from skypanel.catalog.models import Coupon, CouponRedemption
from skypanel.catalog.rules import CouponKind, Discount, read_code
from skypanel.identity.models import Account
from skypanel.platform.db import Read
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.money import Money
from skypanel.platform.read import Page, Query, money

_USED = (
    select(func.count())
    .where(CouponRedemption.coupon_id == Coupon.id, CouponRedemption.released_at.is_(None))
    .scalar_subquery()
)
_COLUMNS = (
    Coupon.id,
    Coupon.code,
    Coupon.name,
    Coupon.kind,
    Coupon.percent,
    Coupon.amounts,
    Coupon.periods,
    Coupon.first_order_only,
    Coupon.covers_setup,
    Coupon.plan_ids,
    Coupon.cycles,
    Coupon.starts_at,
    Coupon.ends_at,
    Coupon.redemptions_max,
    Coupon.per_account_max,
    Coupon.enabled,
)
BY_CODE: Query[dict[str, Any]] = Query(
    select(
        *_COLUMNS,
        _USED.label("used"),
        select(func.count())
        .where(
            CouponRedemption.coupon_id == Coupon.id,
            CouponRedemption.account_id == bindparam("account", type_=Uuid()),
            CouponRedemption.released_at.is_(None),
        )
        .scalar_subquery()
        .label("used_here"),
    ).where(Coupon.code == bindparam("code"))
)


@dataclass(frozen=True, slots=True)
class Usable:
    """A coupon that may be used for what is asked."""

    coupon_id: UUID
    discount: Discount


@dataclass(frozen=True, slots=True)
class CouponAsk:
    """Whom and what a code is to be used for."""

    code: str
    plan_id: UUID
    cycle: str
    currency: str
    account_id: UUID | None
    is_first_order: bool


async def usable_coupon(read: Read, ask: CouponAsk) -> Usable:
    """What a code takes off; refuses, at the field `coupon`, one that may not be used here.

    Limits hold when the coupon's row is locked before (`actions.lock_coupon`).
    """
    row = await BY_CODE.one(read, code=read_code(ask.code), account=ask.account_id)
    if row is None or not row["enabled"] or row["starts_at"] > read.now:
        raise _refusal("coupon_unknown", "There is no such coupon.")
    if row["ends_at"] is not None and row["ends_at"] <= read.now:
        raise _refusal("coupon_ended", "This coupon has ended.")
    if row["plan_ids"] and str(ask.plan_id) not in row["plan_ids"]:
        raise _refusal("coupon_not_for_this", "This coupon is not for this plan.")
    if row["cycles"] and ask.cycle not in row["cycles"]:
        raise _refusal("coupon_not_for_this", "This coupon is not for this billing term.")
    if row["kind"] == CouponKind.FIXED and ask.currency not in row["amounts"]:
        raise _refusal("coupon_not_for_this", f"This coupon is not for {ask.currency}.")
    if row["first_order_only"] and not ask.is_first_order:
        raise _refusal("coupon_first_order_only", "This coupon is for a first order only.")
    if row["redemptions_max"] is not None and row["used"] >= row["redemptions_max"]:
        raise _refusal("coupon_used_up", "This coupon is used up.")
    if row["per_account_max"] is not None and row["used_here"] >= row["per_account_max"]:
        raise _refusal("coupon_used_up", "You have used this coupon already.")
    amount = None
    if row["kind"] == CouponKind.FIXED:
        amount = Money(row["amounts"][ask.currency], ask.currency)
    return Usable(
        row["id"],
        Discount(
            code=row["code"],
            kind=row["kind"],
            percent=row["percent"],
            amount=amount,
            periods=row["periods"],
            covers_setup=row["covers_setup"],
            cycles=tuple(row["cycles"]),
        ),
    )


def _refusal(code: str, message: str) -> FieldRefusal:
    return FieldRefusal("coupon", message, code)


def _redeemed(
    service_id: UUID,
    code: str,
    kind: str,
    percent: Decimal | None,
    amount_minor: int | None,
    currency: str,
    periods: int | None,
    cycles: list[str],
) -> tuple[UUID, Discount]:
    amount = None if amount_minor is None else Money(amount_minor, currency)
    return service_id, Discount(code, kind, percent, amount, periods, cycles=tuple(cycles))


OF_SERVICES: Query[tuple[UUID, Discount]] = Query(
    select(
        CouponRedemption.service_id,
        CouponRedemption.code,
        CouponRedemption.kind,
        CouponRedemption.percent,
        CouponRedemption.amount_minor,
        CouponRedemption.currency,
        CouponRedemption.periods,
        Coupon.cycles,
    )
    .join(Coupon, Coupon.id == CouponRedemption.coupon_id)
    .where(
        CouponRedemption.service_id == any_(bindparam("services", type_=ARRAY(Uuid))),
        CouponRedemption.released_at.is_(None),
    ),
    _redeemed,
)


async def discounts_for(read: Read, service_ids: Sequence[UUID]) -> dict[UUID, Discount]:
    """The discounts of some services; ask `Discount.holds(period_number)` before using one."""
    return dict(await OF_SERVICES.all(read, services=list(service_ids)))


async def discount_for(read: Read, service_id: UUID, period_number: int) -> Discount | None:
    """What is taken off this period of a service, counted from 0; or nothing."""
    found = (await discounts_for(read, [service_id])).get(service_id)
    return found if found is not None and found.holds(period_number) else None


def _staff(*columns: Any) -> dict[str, Any]:
    row = dict(zip((*(column.key for column in _COLUMNS), "used", "created_at"), columns,
                   strict=True))  # fmt: skip
    percent = row["percent"]
    return {
        **row,
        "percent": None if percent is None else f"{percent.normalize():f}",
        "amounts": [money(minor, currency) for currency, minor in sorted(row["amounts"].items())],
    }


STAFF_COUPONS: Query[dict[str, Any]] = Query(
    select(*_COLUMNS, _USED, Coupon.created_at)
    .where(Coupon.id < bindparam("before"))
    .order_by(Coupon.id.desc())
    .limit(bindparam("limit")),
    _staff,
)
COUPON: Query[dict[str, Any]] = Query(
    select(*_COLUMNS, _USED, Coupon.created_at).where(Coupon.id == bindparam("id")), _staff
)


def _redemption(
    row_id: UUID,
    account_id: UUID,
    account_name: str,
    order_id: UUID,
    service_id: UUID,
    saved_minor: int,
    currency: str,
    created_at: datetime,
    released_at: datetime | None,
) -> dict[str, Any]:
    return {
        "id": row_id,
        "account_id": account_id,
        "account_name": account_name,
        "order_id": order_id,
        "service_id": service_id,
        "saved": money(saved_minor, currency),
        "created_at": created_at,
        "released_at": released_at,
    }


REDEMPTIONS: Query[dict[str, Any]] = Query(
    select(
        CouponRedemption.id,
        CouponRedemption.account_id,
        Account.name,
        CouponRedemption.order_id,
        CouponRedemption.service_id,
        CouponRedemption.saved_minor,
        CouponRedemption.currency,
        CouponRedemption.created_at,
        CouponRedemption.released_at,
    )
    .join(Account, Account.id == CouponRedemption.account_id)
    .where(
        CouponRedemption.coupon_id == bindparam("coupon"),
        CouponRedemption.id < bindparam("before"),
    )
    .order_by(CouponRedemption.id.desc())
    .limit(bindparam("limit")),
    _redemption,
)


async def staff_coupons(read: Read, page: Page) -> dict[str, Any]:
    """Every coupon and how often it is used, newest first."""
    return await STAFF_COUPONS.page(read, page)


async def coupon(read: Read, coupon_id: UUID) -> dict[str, Any]:
    """One coupon."""
    found = await COUPON.one(read, id=coupon_id)
    if found is None:
        raise NotFound
    return found


async def redemptions(read: Read, coupon_id: UUID, page: Page) -> dict[str, Any]:
    """Who used a coupon for what, newest first."""
    return await REDEMPTIONS.page(read, page, coupon=coupon_id)
