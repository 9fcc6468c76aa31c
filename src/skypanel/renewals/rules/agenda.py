"""What happens to a service and when: one pure agenda, run for real and in the preview.

`agenda` says what is next for a service as it stands, `after` how it stands when that is done. The
run executes acts whose instant has come; the preview walks the same two functions ahead in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from skypanel.catalog.rules import (
    TERMS,
    Discount,
    Held,
    PriceBook,
    TaxTreatment,
    period_day,
    price_money,
    turned,
)
from skypanel.invoices.rules import InvoiceDraft, LineDraft
from skypanel.platform.money import Money
from skypanel.renewals.rules.policy import RANK, Policy, Step
from skypanel.services.rules import local_day, midnight

NO_TAX = TaxTreatment(Decimal(0), "none", "")
NO_MOVES = PriceBook((), ())
PRICED = {
    "own": "Price of the period",
    "change": "Price of the period since it changed",
    "override": "Price agreed with this account",
}


@dataclass(frozen=True, slots=True)
class Bill:
    """An open invoice for a period: what is left to pay of it, and what was done about it."""

    number: int
    due_on: date
    due: Money
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Extra:
    """An add-on that is billed with a service."""

    name: str
    quantity: int
    price: Money


@dataclass(frozen=True, slots=True)
class Coming:
    """Another plan or cycle that a service has from the period with this number on.

    `extras` are its add-ons at their prices of that cycle, where it is another.
    """

    number: int
    name: str
    price: Money
    held: Held
    policy: Policy
    extras: tuple[Extra, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A service as its billing stands: `number` is the period that runs, `billed` the last billed.

    `unpaid` is whether it is suspended for an open invoice; `tax` what its buyer pays.
    `held`, `book`, `discount` and `extras` make the price of a period, `coming` the plan that it is
    of. `shift` is what earlier cycles leave to its calendar. `means` is whether the
    account has credit or a saved method, `charged` whether it has a method.
    """

    service_id: UUID
    account_id: UUID
    name: str
    state: str
    cycle: str
    zone: str
    anchor_on: date
    number: int
    billed: int
    price: Money
    shift: int = 0
    tax: TaxTreatment = NO_TAX
    bills: tuple[Bill, ...] = ()
    unpaid: bool = False
    cancels_on: date | None = None
    terminated_on: date | None = None
    exempt: bool = False
    promise_until: date | None = None
    means: bool = False
    charged: bool = False
    held: Held | None = None
    book: PriceBook = NO_MOVES
    discount: Discount | None = None
    extras: tuple[Extra, ...] = ()
    coming: Coming | None = None

    def first_day(self, number: int) -> date:
        """The local day on which a period begins, by the cycle that it is billed in."""
        cycle, shift, coming = self.cycle, self.shift, self.coming
        if coming is not None and number > coming.number and coming.held.cycle != cycle:
            shift = turned(shift, cycle, coming.held.cycle, coming.number)
            cycle = coming.held.cycle
        return period_day(self.anchor_on, cycle, number, shift)

    def span(self, number: int) -> tuple[datetime, datetime]:
        """Start and end of a period between local midnights of the service's zone, in UTC."""
        first, last = self.first_day(number), self.first_day(number + 1)
        return midnight(first, self.zone), midnight(last, self.zone)

    def price_on(self, day: date) -> Money:
        """What a period that begins on this day costs, before discounts."""
        return self.told_on(day)[0]

    def told_on(self, day: date) -> tuple[Money, str, int | None]:
        """What a period that begins on this day costs, in which words, by which version."""
        if self.held is None:
            return self.price, PRICED["own"], 1
        found = self.book.price(self.held, day)
        price = price_money(found.amount, self.price.currency)
        return price, PRICED[found.source], found.version


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to be done at an instant: about a period's invoice, on a day counted from due."""

    at: datetime
    step: Step
    number: int
    day: int = 0

    @property
    def key(self) -> str:
        """The act's name among those that are done once per invoice."""
        return f"{self.step}:{self.day}"

    @property
    def order(self) -> tuple[datetime, int, int, int]:
        return self.at, RANK[self.step], self.number, self.day


def agenda(standing: Standing, policy: Policy) -> Act | None:
    """What is next; nothing for what has ended."""
    return min(_acts(standing, policy), key=lambda act: act.order, default=None)


def _acts(standing: Standing, policy: Policy) -> Iterator[Act]:
    zone = standing.zone
    if standing.state == "terminated":
        assert standing.terminated_on is not None
        kept_until = standing.terminated_on + timedelta(days=policy.erase)
        yield Act(midnight(kept_until, zone), Step.ERASE, standing.number)
        return
    if standing.state not in ("active", "suspended"):
        return
    coming = standing.billed + 1
    starts_on = standing.first_day(coming)
    ends = standing.cancels_on
    if not standing.unpaid and (ends is None or starts_on < ends):
        issued_on = starts_on - timedelta(days=policy.invoice)
        yield Act(midnight(issued_on, zone), Step.ISSUE, coming)
    if ends is not None:
        yield Act(midnight(ends, zone), Step.END, standing.number)
    if standing.number < standing.billed:
        rolls_on = standing.first_day(standing.number + 1)
        if ends is None or rolls_on < ends:
            yield Act(midnight(rolls_on, zone), Step.ROLL, standing.number + 1)
    for bill in standing.bills:
        yield from _about(bill, standing, policy)


def _about(bill: Bill, standing: Standing, policy: Policy) -> Iterator[Act]:
    """What is to be done about one open invoice."""

    def on(day: date, step: Step, count: int = 0) -> Act:
        return Act(midnight(day, standing.zone), step, bill.number, count)

    for step, days in ((Step.COLLECT, policy.collect), (Step.REMIND, policy.remind)):
        for count in days:
            act = on(bill.due_on + timedelta(days=count), step, count)
            if act.key not in bill.done:
                yield act
                break
    if standing.exempt:
        return
    promised = standing.promise_until
    earliest = date.min if promised is None else promised + timedelta(days=1)
    if policy.suspend is not None and not standing.unpaid:
        yield on(max(bill.due_on + timedelta(days=policy.suspend), earliest), Step.SUSPEND)
    if policy.terminate is not None and standing.unpaid:
        yield on(max(bill.due_on + timedelta(days=policy.terminate), earliest), Step.TERMINATE)


def due_on(standing: Standing, number: int, today: date) -> date:
    """When the invoice of a period is due: the day it begins, never before it is issued."""
    return max(standing.first_day(number), today)


def after(
    standing: Standing, act: Act, policy: Policy, now: datetime, *, paid: bool = False
) -> Standing:
    """How a service stands when an act was done at `now`; `paid` says whether a charge worked."""
    today = local_day(now, standing.zone)
    changed = standing
    match act.step:
        case Step.ISSUE:
            changed = _issued(standing, act, policy, today)
        case Step.COLLECT if paid:
            changed = settled(standing, act.number)
        case Step.COLLECT | Step.REMIND:
            changed = _noted(standing, act, policy, today)
        case Step.ROLL:
            changed = replace(standing_at(standing, act.number), number=act.number)
        case Step.SUSPEND:
            changed = replace(standing, unpaid=True, state="suspended")
        case Step.END | Step.TERMINATE:
            changed = replace(standing, state="terminated", terminated_on=today)
        case Step.ERASE:
            changed = replace(standing, state="erased", bills=())
    return changed


def standing_at(standing: Standing, number: int) -> Standing:
    """A service as it is billed in a period: with the plan and the cycle that it has then."""
    coming = standing.coming
    if coming is None or number < coming.number:
        return standing
    planned = replace(standing, name=coming.name, price=coming.price, held=coming.held, coming=None)
    cycle = coming.held.cycle
    if cycle == standing.cycle:
        return planned
    discount = standing.discount
    return replace(
        planned,
        cycle=cycle,
        shift=turned(standing.shift, standing.cycle, cycle, coming.number),
        extras=standing.extras if coming.extras is None else coming.extras,
        discount=discount if discount is not None and discount.goes_to(cycle) else None,
    )


def policy_after(standing: Standing, act: Act, policy: Policy) -> Policy:
    """The policy that a service follows when an act was done: that of the plan it has then."""
    coming = standing.coming
    if act.step is Step.ROLL and coming is not None and act.number >= coming.number:
        return coming.policy
    return policy


def _issued(standing: Standing, act: Act, policy: Policy, today: date) -> Standing:
    billed = replace(standing, billed=act.number)
    draft = draft_of(standing, act.number, today)
    if draft is None:
        return billed
    bill = Bill(act.number, draft.due_on, draft.total, _past(policy, draft.due_on, today))
    return replace(billed, bills=(*standing.bills, bill))


def settled(standing: Standing, number: int) -> Standing:
    """How a service stands when the invoice of a period was paid."""
    bills = tuple(bill for bill in standing.bills if bill.number != number)
    if bills or not standing.unpaid:
        return replace(standing, bills=bills)
    return replace(standing, bills=(), unpaid=False, state="active", terminated_on=None)


def _past(policy: Policy, due: date, today: date) -> frozenset[str]:
    """Reminders whose day was over before the invoice was there."""
    return frozenset(
        f"{Step.REMIND}:{count}" for count in policy.remind if due + timedelta(days=count) <= today
    )


def _noted(standing: Standing, act: Act, policy: Policy, today: date) -> Standing:
    """The act is done, and with it what was due of its kind before: nobody is reminded twice."""
    days = policy.collect if act.step is Step.COLLECT else policy.remind
    bills = []
    for bill in standing.bills:
        changed = bill
        if bill.number == act.number:
            over = {
                f"{act.step}:{count}"
                for count in days
                if count <= act.day or bill.due_on + timedelta(days=count) <= today
            }
            changed = replace(bill, done=bill.done | over | {act.key})
        bills.append(changed)
    return replace(standing, bills=tuple(bills))


def draft_of(standing: Standing, number: int, today: date) -> InvoiceDraft | None:
    """The invoice of a coming period; none where there is nothing to pay."""
    standing = standing_at(standing, number)
    starts_at, ends_at = standing.span(number)
    first = standing.first_day(number)
    last = standing.first_day(number + 1) - timedelta(days=1)
    words: dict[str, Any] = {
        "detail": f"{first:%-d %B %Y} to {last:%-d %B %Y}, {TERMS[standing.cycle]}",
        "period_start": starts_at,
        "period_end": ends_at,
    }
    price, source, version = standing.told_on(first)
    off, steps = Money.zero(standing.price.currency), [(source, str(price))]
    discount = standing.discount
    if discount is not None and discount.holds(number):
        off = discount.off(price)
        words["detail"] = f"{words['detail']}, {discount.code} takes off {off}"
        steps.append((f"Coupon {discount.code}", str(-off)))
    told = {"steps": steps, "price_version": version}
    lines = [
        LineDraft.priced(price - off, standing.tax, description=standing.name, told=told, **words),
        *(
            LineDraft.priced(
                each.price,
                standing.tax,
                quantity=each.quantity,
                told={"steps": [("Price of the add-on", str(each.price))]},
                description=each.name,
                period_start=starts_at,
                period_end=ends_at,
            )
            for each in standing.extras
        ),
    ]
    draft = InvoiceDraft(
        account_id=standing.account_id,
        currency=standing.price.currency,
        due_on=due_on(standing, number, today),
        lines=lines,
        tax_note=standing.tax.note,
    )
    return draft if draft.total else None


def amount_of(standing: Standing, act: Act, now: datetime) -> Money | None:
    """What an act is about in money: the invoice issued, or the one charged for."""
    if act.step is Step.ISSUE:
        draft = draft_of(standing, act.number, local_day(now, standing.zone))
        return Money.zero(standing.price.currency) if draft is None else draft.total
    if act.step is Step.COLLECT:
        return next(bill.due for bill in standing.bills if bill.number == act.number)
    return None
