"""How services stand in their billing, many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    DateTime,
    Integer,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased

from skypanel.catalog.queries import discounts_for, price_book
from skypanel.catalog.rules import Discount, Held, PriceBook, TaxTreatment
from skypanel.invoices.models import Invoice
from skypanel.payments.models import Credit, SavedMethod
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.renewals.models import (
    AccountTerms,
    PlanChange,
    PlanPolicy,
    PolicyRow,
    Renewal,
    Schedule,
)
from skypanel.renewals.rules import Bill, Coming, Extra, Policy, Standing
from skypanel.services.models import Service, ServiceAddon
from skypanel.services.rules import Hold, local_day
from skypanel.usage.queries import taxes_of

AHEAD = timedelta(days=800)
_bills = (
    select(
        func.jsonb_agg(
            func.jsonb_build_array(
                Renewal.number,
                Renewal.due_on,
                Invoice.total_minor - Invoice.paid_minor - Invoice.credited_minor,
                Renewal.done,
                Renewal.invoice_id,
            )
        )
    )
    .join(Invoice, Invoice.id == Renewal.invoice_id)
    .where(Renewal.service_id == Schedule.service_id, Renewal.state == "open")
    .scalar_subquery()
)
_extras = (
    select(
        func.jsonb_agg(
            func.jsonb_build_array(
                ServiceAddon.name, ServiceAddon.quantity, ServiceAddon.price_minor, ServiceAddon.id
            )
        )
    )
    .where(ServiceAddon.service_id == Schedule.service_id, ServiceAddon.ended_at.is_(None))
    .scalar_subquery()
)
# A change of plan that is noted for a period to come, with the policy of that plan.
_NEXT, _NEXT_PLAN = aliased(PlanChange), aliased(PlanPolicy)
_next_terms = (
    select(PolicyRow.terms)
    .where(
        or_(
            PolicyRow.id == _NEXT_PLAN.policy_id,
            and_(_NEXT_PLAN.policy_id.is_(None), PolicyRow.default),
        )
    )
    .correlate(_NEXT_PLAN)
    .scalar_subquery()
)
_STANDINGS = (
    select(
        Schedule.service_id,
        Schedule.account_id,
        Schedule.billed,
        Schedule.next_at,
        Service.name,
        Service.state,
        Service.cycle,
        Service.zone,
        Service.anchor_on,
        Service.shift_months,
        Service.period_number,
        Service.price_minor,
        Service.currency,
        Service.holds,
        Service.cancels_on,
        Service.terminated_at,
        func.coalesce(AccountTerms.exempt, False).label("exempt"),
        AccountTerms.promise_until,
        exists()
        .where(Credit.account_id == Schedule.account_id, Credit.left_minor > 0)
        .label("credit"),
        exists()
        .where(SavedMethod.account_id == Schedule.account_id, SavedMethod.state == "active")
        .label("charged"),
        PolicyRow.terms,
        _bills.label("bills"),
        Service.plan_id,
        Service.price_exact,
        Service.created_at,
        Service.priced_on,
        _extras.label("extras"),
        _NEXT.number.label("next_number"),
        _NEXT.name.label("next_name"),
        _NEXT.plan_id.label("next_plan_id"),
        _NEXT.price_minor.label("next_price_minor"),
        _NEXT.price_exact.label("next_price_exact"),
        _NEXT.priced_on.label("next_priced_on"),
        _NEXT.cycle.label("next_cycle"),
        _NEXT.addons.label("next_addons"),
        case((_NEXT.id.is_not(None), _next_terms)).label("next_terms"),
    )
    .join(Service, Service.id == Schedule.service_id)
    .outerjoin(AccountTerms, AccountTerms.account_id == Schedule.account_id)
    .outerjoin(PlanPolicy, PlanPolicy.plan_id == Service.plan_id)
    .outerjoin(
        PolicyRow,
        or_(
            PolicyRow.id == PlanPolicy.policy_id,
            and_(PlanPolicy.policy_id.is_(None), PolicyRow.default),
        ),
    )
    .outerjoin(
        _NEXT, and_(_NEXT.service_id == Schedule.service_id, _NEXT.state == text("'scheduled'"))
    )
    .outerjoin(_NEXT_PLAN, _NEXT_PLAN.plan_id == _NEXT.plan_id)
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A standing with what is needed to act on it; `invoices` by period number."""

    standing: Standing
    policy: Policy
    next_at: datetime | None
    invoices: dict[int, UUID]


@dataclass(frozen=True, slots=True)
class _Row:
    service_id: UUID
    account_id: UUID
    billed: int
    next_at: datetime | None
    name: str
    state: str
    cycle: str
    zone: str
    anchor_on: date
    shift: int
    number: int
    price_minor: int
    currency: str
    holds: list[str]
    cancels_on: date | None
    terminated_at: datetime | None
    exempt: bool
    promise_until: date | None
    credit: bool
    charged: bool
    terms: dict[str, Any] | None
    bills: list[list[Any]] | None
    plan_id: UUID
    price_exact: Decimal | None
    created_at: datetime
    priced_on: date | None
    extras: list[list[Any]] | None
    next_number: int | None
    next_name: str | None
    next_plan_id: UUID | None
    next_price_minor: int | None
    next_price_exact: Decimal | None
    next_priced_on: date | None
    next_cycle: str | None
    next_addons: dict[str, Any] | None
    next_terms: dict[str, Any] | None

    def loaded(self, money: Terms) -> Loaded:
        bills = sorted(self.bills or [])
        ended = self.terminated_at
        standing = Standing(
            service_id=self.service_id,
            account_id=self.account_id,
            name=self.name,
            state=self.state,
            cycle=self.cycle,
            zone=self.zone,
            anchor_on=self.anchor_on,
            shift=self.shift,
            number=self.number,
            billed=self.billed,
            price=Money(self.price_minor, self.currency),
            tax=money.taxes[self.account_id],
            bills=tuple(
                Bill(n, date.fromisoformat(day), Money(due, self.currency), frozenset(done))
                for n, day, due, done, _ in bills
            ),
            unpaid=Hold.UNPAID.value in self.holds,
            cancels_on=self.cancels_on,
            terminated_on=None if ended is None else local_day(ended, self.zone),
            exempt=self.exempt,
            promise_until=self.promise_until,
            means=self.credit or self.charged,
            charged=self.charged,
            held=self._held(),
            book=money.book,
            discount=money.discounts.get(self.service_id),
            extras=self._extras({}),
            coming=self._coming(),
        )
        policy = Policy() if self.terms is None else Policy.model_validate(self.terms)
        return Loaded(
            standing, policy, self.next_at, {n: UUID(invoice) for n, _, _, _, invoice in bills}
        )

    def _held(self) -> Held:
        amount = self.price_exact
        return Held(
            account_id=self.account_id,
            plan_id=self.plan_id,
            currency=self.currency,
            cycle=self.cycle,
            amount=Money(self.price_minor, self.currency).major if amount is None else amount,
            since=self.priced_on or local_day(self.created_at, self.zone),
        )

    def _coming(self) -> Coming | None:
        if self.next_number is None:
            return None
        assert self.next_name is not None
        assert self.next_plan_id is not None
        assert self.next_price_minor is not None
        assert self.next_priced_on is not None
        price, exact = Money(self.next_price_minor, self.currency), self.next_price_exact
        held = Held(
            account_id=self.account_id,
            plan_id=self.next_plan_id,
            currency=self.currency,
            cycle=self.next_cycle or self.cycle,
            amount=price.major if exact is None else exact,
            since=self.next_priced_on,
        )
        terms = self.next_terms
        policy = Policy() if terms is None else Policy.model_validate(terms)
        extras = self._extras(self.next_addons) if self.next_addons else None
        return Coming(self.next_number, self.next_name, price, held, policy, extras)

    def _extras(self, priced: Mapping[str, Any]) -> tuple[Extra, ...]:
        """Its add-ons, at these prices instead of their own where there are such."""
        found = []
        for name, quantity, own, addon_id in sorted(self.extras or []):
            minor = priced[addon_id]["minor"] if addon_id in priced else own
            found.append(Extra(name, quantity, Money(minor, self.currency)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Terms:
    """What makes the price of some services: taxes by account, moves of prices, discounts."""

    taxes: Mapping[UUID, TaxTreatment]
    book: PriceBook
    discounts: Mapping[UUID, Discount]


BY_ID: Query[_Row] = Query(
    _STANDINGS.where(Schedule.service_id == bindparam("services", type_=ARRAY(Uuid)).any_()),
    _Row,
)
LIVE: Query[_Row] = Query(
    _STANDINGS.where(
        Schedule.parked_at.is_(None),
        Schedule.next_at < bindparam("until", type_=DateTime(timezone=True)),
        Schedule.account_id > bindparam("after_account", type_=Uuid()),
        or_(
            bindparam("account", type_=Uuid()).is_(None),
            Schedule.account_id == bindparam("account", type_=Uuid()),
        ),
    )
    .order_by(Schedule.account_id, Schedule.service_id)
    .limit(bindparam("limit", type_=Integer())),
    _Row,
)
DUE: Query[tuple[UUID, str]] = Query(
    select(Schedule.service_id, Schedule.next_step)
    .where(
        Schedule.parked_at.is_(None),
        Schedule.next_at <= bindparam("now", type_=DateTime(timezone=True)),
    )
    .order_by(Schedule.next_at, Schedule.next_rank, Schedule.service_id)
    .limit(bindparam("limit", type_=Integer()))
    .with_for_update(skip_locked=True),
    lambda service_id, step: (service_id, step),
)


BILLED_SINCE: Query[tuple[UUID, UUID, int]] = Query(
    select(Renewal.account_id, Renewal.service_id, func.count())
    .where(
        Renewal.account_id == bindparam("accounts", type_=ARRAY(Uuid)).any_(),
        Renewal.billed_at > bindparam("since", type_=DateTime(timezone=True)),
        Renewal.state != "void",
    )
    .group_by(Renewal.account_id, Renewal.service_id),
    lambda account_id, service_id, count: (account_id, service_id, count),
)


async def billed_since(read: Read, accounts: Sequence[UUID]) -> list[tuple[UUID, UUID, int]]:
    """How often these accounts' services were billed within the last day."""
    since = read.now - timedelta(days=1)
    return await BILLED_SINCE.all(read, accounts=list(accounts), since=since)


async def standings(house: House, read: Read, service_ids: Sequence[UUID]) -> list[Loaded]:
    """How these services stand, in the given order; those without a schedule are left out."""
    rows = {row.service_id: row for row in await BY_ID.all(read, services=list(service_ids))}
    money = await terms_of(house, read, rows.values())
    return [rows[each].loaded(money) for each in service_ids if each in rows]


async def terms_of(house: House, read: Read, rows: Collection[_Row]) -> Terms:
    """What makes the prices of these services."""
    accounts = {row.account_id for row in rows}
    return Terms(
        taxes=await taxes_of(house, read, accounts),
        book=await price_book(read, list(accounts), read.now.date() + AHEAD),
        discounts=await discounts_for(read, [row.service_id for row in rows]),
    )


async def due_schedules(read: Read, limit: int, until: datetime) -> list[tuple[UUID, str]]:
    """Services whose next act is due by then, first come first, locked; others' are passed over."""
    return await DUE.all(read, now=until, limit=limit)
