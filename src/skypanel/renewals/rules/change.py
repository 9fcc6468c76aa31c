"""A change of plan: its states, and what it costs to the day.

A change now takes back the unused rest of what was paid for the running period and asks for the
same rest at the new plan's price. Days are whole days of the service's own zone; the day of the
change counts to the new plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from skypanel.catalog.rules import TaxTreatment, taxed
from skypanel.invoices.rules import InvoiceDraft, LineDraft, explanation
from skypanel.platform.money import Money, Rounding
from skypanel.platform.settings import Section
from skypanel.platform.states import Table
from skypanel.renewals.rules.agenda import Standing
from skypanel.services.rules import midnight

CHANGE_STATES: Table = {
    "asked": {"wait": "awaiting_payment", "schedule": "scheduled", "apply": "applying"},
    "awaiting_payment": {"apply": "applying", "cancel": "cancelled", "expire": "expired"},
    "scheduled": {"apply": "applying", "cancel": "cancelled"},
    "applying": {"finish": "done", "fail": "failed"},
    "failed": {"retry": "applying", "finish": "done"},
    "done": {},
    "cancelled": {},
    "expired": {},
}
# A service has at most one change in these states.
UNDER_WAY = ("asked", "awaiting_payment", "scheduled", "applying", "failed")
CHANGED = ("applying", "failed", "done")


class PlanChangeSettings(Section):
    """What customers may do by themselves.

    A disk never shrinks: for a plan with a smaller one, `refuse` the change, or let the server
    `keep` its disk. A change that is to be paid is given up after so many hours.
    """

    section: ClassVar[str] = "plan_changes"
    title: ClassVar[str] = "Plan changes"
    downgrades_now: bool = True
    smaller_disk: Literal["refuse", "keep"] = "refuse"
    pay_within_hours: Annotated[int, Field(ge=1, le=240)] = 24


@dataclass(frozen=True, slots=True)
class Sum:
    """A net amount and its tax."""

    net: Money
    tax: Money
    rate: Decimal

    @property
    def gross(self) -> Money:
        return self.net + self.tax

    def wire(self) -> dict[str, Any]:
        return {"net": self.net, "tax": self.tax, "gross": self.gross}


@dataclass(frozen=True, slots=True)
class Basis:
    """What was paid for the days up to the end of the running period, after discounts."""

    paid: Sum
    days: int


def nothing(currency: str) -> Sum:
    """No money, no tax."""
    return Sum(Money.zero(currency), Money.zero(currency), Decimal(0))


def portion(amount: Money, days: int, whole: int) -> Money:
    """So many days' part of an amount, rounded once, half up."""
    return Money.of(amount.major * days / whole, amount.currency, Rounding.HALF_UP)


def rest_of(basis: Basis, days: int, *, inclusive: bool) -> Sum:
    """The unused rest of what was paid, at the tax rate it was paid with.

    Of net lists the net price is divided, of gross lists the gross price: the figures that the
    customer knows.
    """
    paid = basis.paid
    if days == basis.days:
        return paid
    if not inclusive or not paid.rate:
        net = portion(paid.net, days, basis.days)
        tax = Money.of(net.major * paid.rate, net.currency, Rounding.HALF_UP)
        return Sum(net, tax, paid.rate)
    gross = portion(paid.gross, days, basis.days)
    tax = Money.of(gross.major * paid.rate / (1 + paid.rate), gross.currency, Rounding.HALF_UP)
    return Sum(gross - tax, tax, paid.rate)


def charge_for(price: Money, days: int, whole: int, tax: TaxTreatment) -> Sum:
    """So many days of a period at a price of the list."""
    parts = taxed(portion(price, days, whole), tax)
    return Sum(parts.net, parts.tax, tax.rate)


@dataclass(frozen=True, slots=True)
class Span:
    """The running period in days of its zone."""

    first_on: date
    ends_on: date
    today: date

    @property
    def whole(self) -> int:
        return (self.ends_on - self.first_on).days

    @property
    def left(self) -> int:
        return (self.ends_on - self.today).days

    @property
    def is_running(self) -> bool:
        return self.first_on <= self.today < self.ends_on


def span_of(standing: Standing, today: date) -> Span:
    """The days of the period that runs."""
    first, last = (standing.first_day(standing.number + n) for n in (0, 1))
    return Span(first, last, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proration:
    """What a change now costs, and how that came about."""

    span: Span
    credit: Sum
    charge: Sum
    basis: Basis
    price: Money

    @property
    def net(self) -> Money:
        return self.charge.net - self.credit.net

    @property
    def tax(self) -> Money:
        return self.charge.tax - self.credit.tax

    @property
    def total(self) -> Money:
        """Above nothing: to be paid. Below: to be given back."""
        return self.net + self.tax


def prorate(
    standing: Standing, span: Span, basis: Basis, price: Money, tax: TaxTreatment
) -> Proration:
    """The change to a price of the list, this period's discount taken off it first."""
    off = Money.zero(price.currency)
    discount = standing.discount
    if discount is not None and discount.holds(standing.number):
        off = discount.off(price)
    return Proration(
        span=span,
        credit=rest_of(basis, span.left, inclusive=tax.included is not None),
        charge=charge_for(price - off, span.left, span.whole, tax),
        basis=basis,
        price=price - off,
    )


def lines_of(standing: Standing, found: Proration, old: str, new: str) -> Sequence[LineDraft]:
    """The two lines of an upgrade: what comes back of the old plan, what the new one costs."""
    span = found.span
    about: dict[str, Any] = {
        "period_start": midnight(span.today, standing.zone),
        "period_end": midnight(span.ends_on, standing.zone),
    }
    left = f"{span.left} of {{whole}} days"
    charge = LineDraft(
        description=new,
        detail=left.format(whole=span.whole),
        unit_price=found.charge.net,
        tax_rate=found.charge.rate,
        tax_within=found.charge.tax,
        tax_category=standing.tax.category_of(found.charge.rate),
        explanation=_told("Price of the period", found.price, left.format(whole=span.whole),
                          found.charge),
        **about,
    )  # fmt: skip
    if not found.credit.gross:
        return [charge]
    used = left.format(whole=found.basis.days)
    credit = LineDraft(
        description=f"{old}, unused",
        detail=used,
        unit_price=-found.credit.net,
        tax_rate=found.credit.rate,
        tax_within=-found.credit.tax,
        tax_category=standing.tax.category_of(found.credit.rate),
        explanation=_told("Paid", found.basis.paid.gross, used, found.credit),
        **about,
    )
    return [credit, charge]


def _told(label: str, whole: Money, days: str, part: Sum) -> dict[str, Any]:
    return explanation(
        steps=[
            (label, str(whole)),
            (days, f"{part.net} net"),
            (f"Tax, {(part.rate * 100).normalize():f} %", str(part.tax)),
        ]
    )


def draft_of_change(standing: Standing, found: Proration, old: str, new: str) -> InvoiceDraft:
    """The invoice of an upgrade, due at once."""
    return InvoiceDraft(
        account_id=standing.account_id,
        currency=found.price.currency,
        due_on=found.span.today,
        lines=lines_of(standing, found, old, new),
        tax_note=standing.tax.note,
    )
