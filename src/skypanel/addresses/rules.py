"""What an extra address costs, its life, and what speaks against one: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from skypanel.addresses.errors import (
    AddressesSoldOut,
    AddressLimit,
    AddressNotPossible,
    AddressNotSold,
    AddressUnderWay,
)
from skypanel.catalog.rules import taxed
from skypanel.invoices.rules import InvoiceDraft, LineDraft, explanation
from skypanel.platform.money import Money
from skypanel.platform.states import Table
from skypanel.renewals.rules import Span, Standing, Sum, span_of
from skypanel.renewals.rules.change import portion
from skypanel.services.rules import midnight

ADDRESS_STATES: Table = {
    "awaiting_payment": {"pay": "paid", "cancel": "cancelled", "expire": "expired"},
    "paid": {"ask": "adding", "refund": "refunded"},
    "adding": {"give": "active", "put_back": "paid", "refund": "refunded"},
    "active": {"give_back": "leaving"},
    "leaving": {"keep": "active", "take": "taking", "finish": "gone"},
    "taking": {"put_back": "leaving", "finish": "gone"},
    "gone": {},
    "refunded": {},
    "cancelled": {},
    "expired": {},
}
AWAITED: Final = ("awaiting_payment", "paid", "adding")
HELD: Final = ("active", "leaving", "taking")
SOON: Final = timedelta(minutes=1)
LATER: Final = timedelta(minutes=15)
"""After a task that came to nothing the server is asked again."""
ENDED: Final = ("terminated", "erased", "cancelled")
HOURLY: Final = (
    "Addresses are sold with an order only where it is billed by the hour. Order a server with as"
    " many as it needs."
)


@dataclass(frozen=True, slots=True)
class Cost:
    """The rest of the running period, and whole periods that are paid ahead."""

    span: Span
    price: Money
    ahead: int
    sum: Sum

    def wire(self) -> dict[str, Any]:
        return {
            "days_left": self.span.left,
            "days_whole": self.span.whole,
            "periods_ahead": self.ahead,
            "total": self.sum.gross,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A server whose addresses are to be changed, as its billing stands."""

    standing: Standing | None
    service_state: str
    server_state: str
    hostname: str
    parked: bool
    awaited: bool
    today: date
    free: int | None


def settled_until(standing: Standing) -> int:
    """The last period that is paid or was free, the running one at least."""
    due = {bill.number for bill in standing.bills}
    paid = [n for n in range(standing.number + 1, standing.billed + 1) if n not in due]
    return max(paid, default=standing.number)


def paid_until(standing: Standing) -> datetime:
    """The end of the last period that is settled: until then what is given back is paid for."""
    return midnight(standing.first_day(settled_until(standing) + 1), standing.zone)


def cost_of(standing: Standing, price: Money, today: date) -> Cost:
    """What an address costs until the end of what is settled, in days of the service's zone."""
    span = span_of(standing, today)
    ahead = settled_until(standing) - standing.number
    amount = portion(price, span.left, span.whole) + price * ahead
    parts = taxed(amount, standing.tax)
    return Cost(span, price, ahead, Sum(parts.net, parts.tax, standing.tax.rate))


def against(subject: Subject) -> AddressNotPossible | None:
    """What speaks against another address, first things first."""
    return next(_against(subject), None)


def _against(subject: Subject) -> Iterator[AddressNotPossible]:
    standing = subject.standing
    if standing is None:
        yield AddressNotSold(HOURLY)
        return
    if subject.service_state != "active" or subject.server_state != "ready":
        yield AddressNotPossible("Addresses can be changed while the server is ready and active.")
    if subject.awaited:
        yield AddressUnderWay()
    if standing.cancels_on is not None:
        yield AddressNotPossible("Its service is going to end. Keep it first.")
    if standing.coming is not None:
        yield AddressNotPossible(
            "A change of plan or term is scheduled: an address can be bought once it has begun."
        )
    if subject.parked:
        yield AddressNotPossible("Our staff look at this service at the moment.")
    yield from _against_period(standing, subject.today)
    if subject.free is not None and subject.free < 1:
        yield AddressesSoldOut()


def _against_period(standing: Standing, today: date) -> Iterator[AddressNotPossible]:
    """What speaks against it in the period that runs."""
    if standing.number < 0:
        yield AddressNotPossible("While it is tried for free it has the addresses it came with.")
    elif any(bill.number <= standing.number for bill in standing.bills):
        yield AddressNotPossible("An invoice of its running period is open. Pay it first.")
    elif not span_of(standing, today).is_running:
        yield AddressNotPossible("Its period ends at this moment. Try again in a minute.")


def over_limit(held: int, quantity_max: int) -> AddressNotPossible | None:
    """Whether a server has as many of an add-on as are sold."""
    if held < quantity_max:
        return None
    return AddressLimit(f"It has {held} of them, and a server may have {quantity_max}.")


def draft_of(standing: Standing, cost: Cost, name: str, hostname: str) -> InvoiceDraft:
    """The invoice of an address, due at once."""
    span = cost.span
    days = f"{span.left} of {span.whole} days"
    ahead = f"{cost.ahead} more that {'is' if cost.ahead == 1 else 'are'} paid already"
    steps = [("Price of the period", str(cost.price)), (days, "of the running period")]
    if cost.ahead:
        steps.append(("Whole periods", ahead))
    steps += [
        ("Net", str(cost.sum.net)),
        (f"Tax, {(cost.sum.rate * 100).normalize():f} %", str(cost.sum.tax)),
    ]
    line = LineDraft(
        description=f"{name} for {hostname}",
        detail=f"{days}, and {ahead}" if cost.ahead else days,
        unit_price=cost.sum.net,
        tax_rate=cost.sum.rate,
        tax_within=cost.sum.tax,
        tax_category=standing.tax.category_of(cost.sum.rate),
        explanation=explanation(steps=steps),
        period_start=midnight(span.today, standing.zone),
        period_end=paid_until(standing),
    )
    return InvoiceDraft(
        account_id=standing.account_id,
        currency=cost.price.currency,
        due_on=span.today,
        lines=[line],
        tax_note=standing.tax.note,
    )


@dataclass(frozen=True, slots=True)
class Sold:
    """An add-on of a service that stands for addresses: so many, each at one price."""

    service_addon_id: UUID
    addon_id: UUID
    price_version: UUID
    name: str
    quantity: int
    price_minor: int
    price_exact: Any
    currency: str


def came_with(sold: Sequence[Sold], ours: Sequence[UUID | None]) -> Sold | None:
    """An add-on of the order that still has an address that was not bought apart."""
    for one in sold:
        if one.quantity > sum(each == one.service_addon_id for each in ours):
            return one
    return None
