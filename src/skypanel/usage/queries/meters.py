"""Months as they stand: what is due to be counted, charged, closed, and how accounts stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    DateTime,
    Integer,
    String,
    Uuid,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)

from skypanel.ledger.models import Book
from skypanel.ledger.rules import BookKind
from skypanel.payments.models import Credit
from skypanel.platform.db import Read
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.services.models import Service, ServiceAddon
from skypanel.usage.models import UsageAccount, UsageMonth
from skypanel.usage.queries.rates import Bought, BoughtAddon
from skypanel.usage.rules import (
    Meter,
    MonthState,
    Rate,
    month_of,
    read_earlier,
    read_extras,
    read_off,
    read_tax,
    room_of,
)

LIVE = (MonthState.OPEN.value, MonthState.HELD.value, MonthState.CLOSING.value)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_LIMIT = bindparam("limit", type_=Integer())
_TODAY = bindparam("today", type_=Date())
_ACCOUNTS = bindparam("accounts", type_=ARRAY(Uuid)).any_()


def meter(
    month_id: UUID,
    service_id: UUID,
    account_id: UUID,
    name: str,
    state: str,
    month: date,
    part: int,
    price: Decimal,
    currency: str,
    cap_minor: int | None,
    spent_minor: int,
    setup_minor: int,
    discount: dict[str, Any] | None,
    extras: list[dict[str, Any]],
    earlier: list[dict[str, Any]],
    tax: dict[str, Any],
    begins_at: datetime,
    counted_until: datetime,
    hours: int,
    due_minor: int,
    charged_minor: int,
    promotional_minor: int,
    service_state: str,
    terminated_at: datetime | None,
) -> Meter:
    past = read_earlier(earlier, currency)
    cap = None if cap_minor is None else Money(cap_minor, currency)
    spent = Money(spent_minor, currency)
    return Meter(
        id=month_id,
        service_id=service_id,
        account_id=account_id,
        name=name,
        state=state,
        month=month,
        part=part,
        rate=Rate(
            price=price,
            currency=currency,
            cap=cap,
            setup=Money(setup_minor, currency),
            tax=read_tax(tax),
            room=room_of(cap, past, spent),
            off=read_off(discount),
            extras=read_extras(extras, currency),
        ),
        begins_at=begins_at,
        counted_until=counted_until,
        hours=hours,
        due=Money(due_minor, currency),
        charged=Money(charged_minor, currency),
        promotional=Money(promotional_minor, currency),
        service_state=service_state,
        terminated_at=terminated_at,
        earlier=past,
        spent=spent,
    )


METERS = select(
    UsageMonth.id,
    UsageMonth.service_id,
    UsageMonth.account_id,
    Service.name,
    UsageMonth.state,
    UsageMonth.month,
    UsageMonth.part,
    UsageMonth.price_exact,
    UsageMonth.currency,
    UsageMonth.cap_minor,
    UsageMonth.spent_minor,
    UsageMonth.setup_minor,
    UsageMonth.discount,
    UsageMonth.extras,
    UsageMonth.earlier,
    UsageMonth.tax,
    UsageMonth.begins_at,
    UsageMonth.counted_until,
    UsageMonth.hours,
    UsageMonth.due_minor,
    UsageMonth.charged_minor,
    UsageMonth.promotional_minor,
    Service.state.label("service_state"),
    Service.terminated_at,
).join(Service, Service.id == UsageMonth.service_id)
_money_around = or_(
    exists().where(
        Book.kind == BookKind.WALLET.value,
        Book.account_id == UsageMonth.account_id,
        Book.currency == UsageMonth.currency,
        Book.balance_minor > 0,
    ),
    exists().where(
        Credit.account_id == UsageMonth.account_id,
        Credit.currency == UsageMonth.currency,
        Credit.left_minor > 0,
        or_(Credit.expires_on.is_(None), Credit.expires_on >= _TODAY),
    ),
)
DUE: Query[Meter] = Query(
    METERS.where(UsageMonth.state == MonthState.OPEN.value, UsageMonth.counted_until <= _NOW)
    .order_by(UsageMonth.counted_until, UsageMonth.id)
    .limit(_LIMIT)
    .with_for_update(of=UsageMonth, skip_locked=True),
    meter,
)
IN_ARREARS: Query[Meter] = Query(
    METERS.join(UsageAccount, UsageAccount.account_id == UsageMonth.account_id)
    .where(
        UsageAccount.short_since.is_not(None),
        UsageMonth.state.in_(LIVE),
        UsageMonth.due_minor > UsageMonth.charged_minor,
        _money_around,
    )
    .order_by(UsageMonth.id)
    .limit(_LIMIT)
    .with_for_update(of=UsageMonth, skip_locked=True),
    meter,
)
CLOSING: Query[Meter] = Query(
    METERS.where(
        UsageMonth.state == MonthState.CLOSING.value,
        or_(UsageMonth.counted_until <= _NOW, Service.terminated_at <= _NOW),
        or_(
            UsageMonth.due_minor == UsageMonth.charged_minor,
            Service.state.in_(("terminated", "erased")),
        ),
    )
    .order_by(UsageMonth.id)
    .limit(_LIMIT)
    .with_for_update(of=UsageMonth, skip_locked=True),
    meter,
)
_running = METERS.where(
    UsageMonth.service_id == bindparam("service", type_=Uuid()),
    UsageMonth.state.in_((MonthState.OPEN.value, MonthState.HELD.value)),
)
RUNNING: Query[Meter] = Query(_running.with_for_update(of=UsageMonth), meter)
RUNNING_SEEN: Query[Meter] = Query(_running, meter)
LAST: Query[Meter] = Query(
    METERS.where(UsageMonth.service_id == bindparam("service", type_=Uuid()))
    .order_by(UsageMonth.month.desc(), UsageMonth.part.desc())
    .limit(1),
    meter,
)
OF_ACCOUNTS: Query[Meter] = Query(
    METERS.where(UsageMonth.account_id == _ACCOUNTS, UsageMonth.state.in_(LIVE)).order_by(
        UsageMonth.id
    ),
    meter,
)
WALLETS: Query[tuple[UUID, str, int]] = Query(
    select(Book.account_id, Book.currency, Book.balance_minor).where(
        Book.kind == BookKind.WALLET.value, Book.account_id == _ACCOUNTS
    ),
    lambda account_id, currency, minor: (account_id, currency, max(minor, 0)),
)
CREDITS: Query[tuple[UUID, str, int]] = Query(
    select(Credit.account_id, Credit.currency, func.sum(Credit.left_minor))
    .where(
        Credit.account_id == _ACCOUNTS,
        Credit.left_minor > 0,
        or_(Credit.expires_on.is_(None), Credit.expires_on >= _TODAY),
    )
    .group_by(Credit.account_id, Credit.currency),
    lambda account_id, currency, minor: (account_id, currency, int(minor)),
)
STANDINGS: Query[tuple[UUID, datetime | None, datetime | None]] = Query(
    select(UsageAccount.account_id, UsageAccount.low_since, UsageAccount.short_since).where(
        UsageAccount.account_id == _ACCOUNTS
    ),
    lambda account_id, low, short: (account_id, low, short),
)
_addons = (
    select(
        func.jsonb_agg(
            func.jsonb_build_array(
                ServiceAddon.addon_id,
                ServiceAddon.name,
                ServiceAddon.quantity,
                cast(ServiceAddon.price_exact, String),
                ServiceAddon.price_minor,
            )
        )
    )
    .where(ServiceAddon.service_id == Service.id, ServiceAddon.ended_at.is_(None))
    .correlate(Service)
    .scalar_subquery()
)


def _bought(
    service_id: UUID,
    account_id: UUID,
    plan_id: UUID,
    currency: str,
    minor: int,
    amount: Decimal | None,
    created_at: datetime,
    priced_on: date | None,
    activated_at: datetime | None,
    addons: list[list[Any]] | None,
) -> tuple[UUID, Bought]:
    return service_id, Bought(
        account_id=account_id,
        plan_id=plan_id,
        currency=currency,
        amount=Money(minor, currency).major if amount is None else amount,
        since=priced_on or created_at.date(),
        began=None if activated_at is None else month_of(activated_at),
        addons=tuple(
            BoughtAddon(
                UUID(addon_id), name, quantity,
                Money(own, currency).major if price is None else Decimal(price),
            )
            for addon_id, name, quantity, price, own in sorted(addons or [], key=lambda a: a[1:3])
        ),
    )  # fmt: skip


# What hours are opened for: (service, what was bought).
BOUGHT: Query[tuple[UUID, Bought]] = Query(
    select(
        Service.id,
        Service.account_id,
        Service.plan_id,
        Service.currency,
        Service.price_minor,
        Service.price_exact,
        Service.created_at,
        Service.priced_on,
        Service.activated_at,
        _addons,
    ).where(Service.id == bindparam("services", type_=ARRAY(Uuid)).any_()),
    _bought,
)


async def spendable_of(read: Read, accounts: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """What wallets and credit of these accounts hold, by account and currency."""
    held: dict[tuple[UUID, str], int] = {}
    asked = list(accounts)
    rows = await WALLETS.all(read, accounts=asked)
    rows += await CREDITS.all(read, accounts=asked, today=read.now.date())
    for account_id, currency, minor in rows:
        held[account_id, currency] = held.get((account_id, currency), 0) + minor
    return held


async def meters_of(read: Read, accounts: Iterable[UUID]) -> list[Meter]:
    """The months of these accounts that are not invoiced yet."""
    return await OF_ACCOUNTS.all(read, accounts=list(accounts))
