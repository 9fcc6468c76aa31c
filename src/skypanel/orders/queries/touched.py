"""Whose services a change of a price touches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select

from skypanel.catalog.queries import price_book
from skypanel.catalog.rules import Held, Move, PriceBook, price_money
from skypanel.identity.models import Account
from skypanel.platform.db import Read
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.services.models import Service

SHOWN = 100
OF_PRICE = and_(
    Service.plan_id == bindparam("plan"),
    Service.currency == bindparam("currency"),
    Service.cycle == bindparam("cycle"),
    Service.state.in_(("active", "suspended")),
)
COUNTS: Query[tuple[int, int]] = Query(
    select(func.count(), func.count(Service.account_id.distinct())).where(OF_PRICE),
    lambda services, accounts: (services, accounts),
)
SERVICES: Query[dict[str, Any]] = Query(
    select(
        Service.id,
        Service.account_id,
        Account.name.label("account_name"),
        Service.name,
        Service.price_minor,
        Service.price_exact,
        Service.created_at,
        Service.priced_on,
        Service.renews_on,
    )
    .join(Account, Account.id == Service.account_id)
    .where(OF_PRICE)
    .order_by(Service.id)
    .limit(bindparam("limit"))
)
OF_ACCOUNT: Query[dict[str, Any]] = Query(
    select(
        Service.id,
        Service.account_id,
        Service.name,
        Service.price_minor,
        Service.price_exact,
        Service.created_at,
        Service.priced_on,
    )
    .where(OF_PRICE, Service.account_id == bindparam("account"))
    .order_by(Service.id)
    .limit(bindparam("limit"))
)
ACCOUNTS: Query[UUID] = Query(
    select(Service.account_id)
    .where(OF_PRICE, Service.account_id > bindparam("after"))
    .group_by(Service.account_id)
    .order_by(Service.account_id)
    .limit(bindparam("limit")),
    lambda account_id: account_id,
)


def _held(row: dict[str, Any], move: Move) -> Held:
    price: Decimal | None = row["price_exact"]
    since: datetime = row["created_at"]
    priced_on: date | None = row["priced_on"]
    return Held(
        account_id=row["account_id"],
        plan_id=move.plan_id,
        currency=move.currency,
        cycle=move.cycle,
        amount=price if price is not None else Money(row["price_minor"], move.currency).major,
        since=priced_on or since.date(),
    )


def _key(move: Move) -> dict[str, Any]:
    return {"plan": move.plan_id, "currency": move.currency, "cycle": move.cycle}


async def preview(read: Read, move: Move, *, moves: bool) -> dict[str, Any]:
    """How many services run at this price, and what the first hundred would pay before and after.

    An account's own price stays; with `moves` false everybody keeps what they pay.
    """
    services, accounts = await COUNTS.one(read, **_key(move)) or (0, 0)
    rows = await SERVICES.all(read, **_key(move), limit=SHOWN)
    before, after = await _books(read, [row["account_id"] for row in rows], move, moves=moves)
    items = [_shown(row, move, before, after) for row in rows]
    return {"services": services, "accounts": accounts, "items": items}


async def _books(
    read: Read, account_ids: Sequence[UUID], move: Move, *, moves: bool
) -> tuple[PriceBook, PriceBook]:
    """Prices as announced so far, and with this change among them."""
    before = await price_book(read, sorted(set(account_ids)), move.effective_on)
    return before, before.with_move(move) if moves else before


def _shown(row: dict[str, Any], move: Move, before: PriceBook, after: PriceBook) -> dict[str, Any]:
    held = _held(row, move)
    then = after.price(held, move.effective_on)
    now = before.price(held, move.effective_on)
    return {
        "service_id": row["id"],
        "account_id": row["account_id"],
        "account_name": row["account_name"],
        "name": row["name"],
        "renews_on": row["renews_on"],
        "price_before": price_money(now.amount, move.currency),
        "price_after": price_money(then.amount, move.currency),
        "own_price": then.source == "override",
    }


async def moved_accounts(read: Read, move: Move, *, after: UUID, limit: int) -> list[UUID]:
    """The next accounts with services at a price, in the order of their ids."""
    return await ACCOUNTS.all(read, **_key(move), after=after, limit=limit)


async def moved_services(
    read: Read, move: Move, account_id: UUID, *, limit: int = 20
) -> list[dict[str, Any]]:
    """An account's services that a change moves, with their price the day before and then."""
    rows = await OF_ACCOUNT.all(read, **_key(move), account=account_id, limit=limit)
    book = await price_book(read, [account_id], move.effective_on)
    found = []
    for row in rows:
        held = _held(row, move)
        then = book.price(held, move.effective_on)
        eve: date = move.effective_on - timedelta(days=1)
        if then.source_id == move.change_id:
            before = price_money(book.price(held, eve).amount, move.currency)
            found.append({"name": row["name"], "before": before, "after": then.amount})
    return found
