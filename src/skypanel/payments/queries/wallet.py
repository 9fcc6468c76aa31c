"""The wallet and its promotional credit, as people read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, Date, Uuid, bindparam, func, or_, select

from skypanel.identity.models import Account
from skypanel.ledger.queries import balance
from skypanel.payments.models import AutoTopUp, Credit
from skypanel.payments.rules import usable
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.money import Money
from skypanel.platform.read import Page, Query, money

_ACCOUNT = bindparam("account", type_=Uuid())
_PROMOTIONAL: Query[int] = Query(
    select(func.coalesce(func.sum(Credit.left_minor), 0)).where(
        Credit.account_id == _ACCOUNT,
        Credit.currency == bindparam("currency", type_=CHAR(3)),
        or_(Credit.expires_on.is_(None), Credit.expires_on >= bindparam("today", type_=Date())),
    ),
    int,
)


def _credit(
    credit_id: UUID,
    currency: str,
    amount_minor: int,
    left_minor: int,
    expired_minor: int,
    reason: str,
    expires_on: date | None,
    created_at: datetime,
) -> dict[str, Any]:
    return {
        "id": credit_id,
        "amount": money(amount_minor, currency),
        "left": money(left_minor, currency),
        "expired": money(expired_minor, currency),
        "reason": reason,
        "expires_on": expires_on,
        "created_at": created_at,
    }


_CREDITS: Query[dict[str, Any]] = Query(
    select(
        Credit.id,
        Credit.currency,
        Credit.amount_minor,
        Credit.left_minor,
        Credit.expired_minor,
        Credit.reason,
        Credit.expires_on,
        Credit.created_at,
    )
    .where(Credit.account_id == _ACCOUNT, Credit.id < bindparam("before", type_=Uuid()))
    .order_by(Credit.id.desc())
    .limit(bindparam("limit")),
    _credit,
)


def _top_up(
    currency: str,
    enabled: bool,
    threshold_minor: int,
    amount_minor: int,
    month_max_minor: int,
    message: str | None,
) -> dict[str, Any]:
    return {
        "enabled": enabled,
        "threshold": money(threshold_minor, currency),
        "amount": money(amount_minor, currency),
        "month_max": money(month_max_minor, currency),
        "message": message,
    }


_TOP_UP: Query[dict[str, Any]] = Query(
    select(
        AutoTopUp.currency,
        AutoTopUp.enabled,
        AutoTopUp.threshold_minor,
        AutoTopUp.amount_minor,
        AutoTopUp.month_max_minor,
        AutoTopUp.message,
    ).where(AutoTopUp.account_id == _ACCOUNT),
    _top_up,
)


_CURRENCY: Query[str] = Query(
    select(Account.currency).where(Account.id == _ACCOUNT), lambda currency: currency
)


async def standing(read: Read, account_id: UUID, currency: str) -> dict[str, Any]:
    """What the wallet holds, what promotional credit adds, and both together."""
    held = await balance(read, account_id, currency)
    promotional = await _PROMOTIONAL.one(
        read, account=account_id, currency=currency, today=read.now.date()
    )
    credit = Money(promotional or 0, currency)
    return {
        "balance": held,
        "promotional": credit,
        "spendable": Money(max(held.minor, 0), currency) + credit,
    }


async def credits_page(read: Read, page: Page, account_id: UUID) -> dict[str, Any]:
    """An account's promotional credits, newest first."""
    found = await _CREDITS.page(read, page, account=account_id)
    today = read.now.date()
    for each in found["items"]:
        each["good"] = usable(each["expires_on"], today) and each["left"]["minor"] > 0
    return found


async def auto_top_up(read: Read, account_id: UUID) -> dict[str, Any] | None:
    """How an account's wallet is topped up by itself, if it is."""
    return await _TOP_UP.one(read, account=account_id)


async def currency_of(read: Read, account_id: UUID) -> str:
    """The currency an account pays in."""
    found = await _CURRENCY.one(read, account=account_id)
    if found is None:
        raise NotFound
    return found
