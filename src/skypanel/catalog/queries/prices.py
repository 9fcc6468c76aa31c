"""Prices of services that run: own deals, moves, and what staff see of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, or_, select

from skypanel.catalog.models import Plan, PlanPrice, PriceChange, PriceOverride
from skypanel.catalog.rules import (
    PRICE_CHANGE_STATES,
    Held,
    Move,
    Override,
    PriceBook,
    RenewalPrice,
    exact,
)
from skypanel.identity.models import Account
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query, money
from skypanel.platform.states import allowed

MOVES: Query[Move] = Query(
    select(
        PriceChange.id,
        PriceChange.plan_id,
        PriceChange.currency,
        PriceChange.cycle,
        PriceChange.amount,
        PriceChange.effective_on,
    ).where(
        PriceChange.policy == "move",
        PriceChange.state.in_(("announced", "applied")),
        PriceChange.effective_on <= bindparam("until"),
    ),
    Move,
)
OVERRIDES: Query[Override] = Query(
    select(
        PriceOverride.id,
        PriceOverride.account_id,
        PriceOverride.plan_id,
        PriceOverride.currency,
        PriceOverride.cycle,
        PriceOverride.amount,
        PriceOverride.starts_on,
        PriceOverride.ends_on,
    ).where(PriceOverride.account_id == any_(bindparam("accounts", type_=ARRAY(Uuid)))),
    Override,
)
DUE_CHANGES: Query[UUID] = Query(
    select(PriceChange.id)
    .where(PriceChange.state == "announced", PriceChange.effective_on <= bindparam("on"))
    .order_by(PriceChange.effective_on, PriceChange.id)
    .limit(bindparam("limit")),
    lambda change_id: change_id,
)


async def price_book(read: Read, account_ids: Sequence[UUID], until: date) -> PriceBook:
    """The prices that may hold for services of these accounts up to a day: two questions.

    For a batch of services: read it once, then ask `PriceBook.price` for each.
    """
    moves = await MOVES.all(read, until=until)
    overrides = await OVERRIDES.all(read, accounts=list(account_ids))
    return PriceBook(moves, overrides)


MOVE: Query[Move] = Query(
    select(
        PriceChange.id,
        PriceChange.plan_id,
        PriceChange.currency,
        PriceChange.cycle,
        PriceChange.amount,
        PriceChange.effective_on,
    ).where(
        PriceChange.id == bindparam("id"),
        PriceChange.policy == "move",
        PriceChange.state != "cancelled",
    ),
    Move,
)


async def standing_move(read: Read, change_id: UUID) -> Move | None:
    """A change that takes services with it, unless it was cancelled."""
    return await MOVE.one(read, id=change_id)


async def price_for_renewal(read: Read, held: Held, on: date) -> RenewalPrice:
    """The price that holds for a service on a day, and where it comes from."""
    return (await price_book(read, [held.account_id], on)).price(held, on)


def _change(*columns: Any) -> dict[str, Any]:
    row = dict(zip(_CHANGE_NAMES, columns, strict=True))
    setup_minor, before, amount = row.pop("setup_minor"), row.pop("before"), row.pop("amount")
    return {
        **row,
        "price": exact(amount),
        "price_before": None if before is None else exact(before),
        "setup": money(setup_minor, row["currency"]),
        "can": [verb for verb in allowed(PRICE_CHANGE_STATES, row["state"]) if verb == "cancel"],
    }


_CHANGE_NAMES = (
    "id", "plan_id", "plan_name", "currency", "cycle", "amount", "setup_minor", "effective_on",
    "policy", "notice_days", "state", "reason", "created_at", "applied_at", "before",
)  # fmt: skip
_CHANGES = (
    select(
        PriceChange.id,
        PriceChange.plan_id,
        Plan.name,
        PriceChange.currency,
        PriceChange.cycle,
        PriceChange.amount,
        PriceChange.setup_minor,
        PriceChange.effective_on,
        PriceChange.policy,
        PriceChange.notice_days,
        PriceChange.state,
        PriceChange.reason,
        PriceChange.created_at,
        PriceChange.applied_at,
        PlanPrice.amount,
    )
    .join(Plan, Plan.id == PriceChange.plan_id)
    .outerjoin(
        PlanPrice,
        (PlanPrice.plan_id == PriceChange.plan_id)
        & (PlanPrice.currency == PriceChange.currency)
        & (PlanPrice.cycle == PriceChange.cycle)
        & (PlanPrice.since_at <= PriceChange.created_at)
        & or_(PlanPrice.until_at.is_(None), PlanPrice.until_at > PriceChange.created_at),
    )
)
STAFF_CHANGES: Query[dict[str, Any]] = Query(
    _CHANGES.where(PriceChange.id < bindparam("before"))
    .order_by(PriceChange.id.desc())
    .limit(bindparam("limit")),
    _change,
)
CHANGE: Query[dict[str, Any]] = Query(_CHANGES.where(PriceChange.id == bindparam("id")), _change)


async def staff_price_changes(read: Read, page: Page) -> dict[str, Any]:
    """Announced, applied and cancelled changes of prices, newest first."""
    return await STAFF_CHANGES.page(read, page)


async def price_change(read: Read, change_id: UUID) -> dict[str, Any]:
    """One change of a price."""
    found = await CHANGE.one(read, id=change_id)
    if found is None:
        raise NotFound
    return found


def _override(
    row_id: UUID,
    account_id: UUID,
    account_name: str,
    plan_id: UUID,
    plan_name: str,
    currency: str,
    cycle: str,
    amount: Decimal,
    reason: str,
    starts_on: date,
    ends_on: date | None,
    created_at: datetime,
) -> dict[str, Any]:
    return {
        "id": row_id,
        "account_id": account_id,
        "account_name": account_name,
        "plan_id": plan_id,
        "plan_name": plan_name,
        "currency": currency,
        "cycle": cycle,
        "price": exact(amount),
        "reason": reason,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "created_at": created_at,
    }


_OVERRIDES = (
    select(
        PriceOverride.id,
        PriceOverride.account_id,
        Account.name,
        PriceOverride.plan_id,
        Plan.name,
        PriceOverride.currency,
        PriceOverride.cycle,
        PriceOverride.amount,
        PriceOverride.reason,
        PriceOverride.starts_on,
        PriceOverride.ends_on,
        PriceOverride.created_at,
    )
    .join(Account, Account.id == PriceOverride.account_id)
    .join(Plan, Plan.id == PriceOverride.plan_id)
)
STAFF_OVERRIDES: Query[dict[str, Any]] = Query(
    _OVERRIDES.where(
        PriceOverride.id < bindparam("before"),
        or_(
            bindparam("account", type_=Uuid()).is_(None),
            PriceOverride.account_id == bindparam("account", type_=Uuid()),
        ),
    )
    .order_by(PriceOverride.id.desc())
    .limit(bindparam("limit")),
    _override,
)
OVERRIDE: Query[dict[str, Any]] = Query(
    _OVERRIDES.where(PriceOverride.id == bindparam("id")), _override
)


async def staff_overrides(read: Read, page: Page, account_id: UUID | None) -> dict[str, Any]:
    """Accounts' own prices, newest first."""
    return await STAFF_OVERRIDES.page(read, page, account=account_id)


async def override(read: Read, override_id: UUID) -> dict[str, Any]:
    """One account's own price."""
    found = await OVERRIDE.one(read, id=override_id)
    if found is None:
        raise NotFound
    return found
