"""What hours cost: the one rounding point of usage, the cap of a month, and how long money lasts.

An hour is one of the clock in UTC, and counts when it has begun. What a month has cost so far is
reckoned anew from its number of hours and rounded once (`Rate.used`), never summed from rounded
hours; tax comes on top as on the invoice (`catalog.rules.taxed`). So the charges of a month, each
the difference to what was charged before, sum to its invoice to the minor unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from skypanel.catalog.rules import TaxTreatment, exact, period_day, taxed
from skypanel.invoices.rules import InvoiceDraft, InvoiceKind, LineDraft, explanation
from skypanel.platform.money import Money, Rounding
from skypanel.platform.settings import Section

HOUR = timedelta(hours=1)
LASTS_HOURS_MAX = 24 * 365


class MonthState(StrEnum):
    """Hours are counted, or not while it is unpaid; over and about to be invoiced; done."""

    OPEN = "open"
    HELD = "held"
    CLOSING = "closing"
    INVOICED = "invoiced"
    FREE = "free"


class UsageSettings(Section):
    """How much money an hourly server starts with, and when its customer is warned and stopped."""

    section: ClassVar[str] = "usage"
    title: ClassVar[str] = "Hourly billing"
    start_hours: Annotated[
        int, Field(ge=1, le=744, description="The balance must last so long to start a server.")
    ] = 72
    low_hours: Annotated[int, Field(ge=1, le=744, description="Below this a mail warns, once.")] = (
        48
    )
    grace_hours: Annotated[
        int, Field(ge=0, le=744, description="Unpaid for so long, a server is suspended.")
    ] = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The price of an hour in major units, and what a month costs at most; both as in the list.

    `setup` is asked for once, with the first hour.
    """

    price: Decimal
    currency: str
    cap: Money | None
    setup: Money
    tax: TaxTreatment

    def used(self, hours: int) -> Money:
        """What so many hours of one month cost by the list; rounded here and nowhere else."""
        amount = self.price * hours
        if self.cap is not None:
            amount = min(amount, self.cap.major)
        return Money.of(amount, self.currency, Rounding.HALF_UP)

    def due(self, hours: int) -> Money:
        """The same with its tax, and with the set-up: what the month's invoice will say."""
        if not hours:
            return Money.zero(self.currency)
        total = taxed(self.used(hours), self.tax).gross
        return total + taxed(self.setup, self.tax).gross if self.setup else total


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One service in one month as it stands; `rate` is that month's, frozen when it began."""

    id: UUID
    service_id: UUID
    account_id: UUID
    name: str
    state: str
    month: date
    part: int
    rate: Rate
    begins_at: datetime
    counted_until: datetime
    hours: int
    due: Money
    charged: Money
    promotional: Money
    service_state: str
    terminated_at: datetime | None

    @property
    def arrears(self) -> Money:
        return self.due - self.charged

    @property
    def ended(self) -> bool:
        return self.service_state in ("terminated", "erased")


def full_hour(at: datetime) -> datetime:
    """When the hour of an instant began."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def month_of(at: datetime) -> date:
    """The month of an instant in UTC, as its first day."""
    return at.astimezone(UTC).date().replace(day=1)


def month_end(month: date) -> datetime:
    """The first instant of the next month."""
    return datetime.combine(period_day(month, "monthly", 1), time(), UTC)


def counts_until(meter: Meter, now: datetime) -> datetime:
    """The end of the last hour that counts: the one that has begun, within month and service."""
    begun = full_hour(now) + HOUR
    if meter.ended and meter.terminated_at is not None:
        ends = full_hour(meter.terminated_at)
        begun = min(begun, ends if ends == meter.terminated_at else ends + HOUR)
    return max(min(begun, month_end(meter.month)), meter.counted_until)


def hours_between(first: datetime, last: datetime) -> int:
    """Whole hours from one full hour to another; in UTC every one of them is an hour long."""
    return (last - first) // HOUR


def ahead(meter: Meter, hours: int) -> int:
    """What the next so many hours will cost, in minor units with tax; caps counted."""
    cost, at, month, counted = 0, meter.counted_until, meter.month, meter.hours
    before = meter.due.minor
    while hours > 0:
        taken = min(hours, hours_between(at, month_end(month)))
        cost += _month_due(meter.rate, counted + taken, first=month == meter.month) - before
        hours -= taken
        at = month_end(month)
        month, counted, before = month_of(at), 0, 0
    return cost


def _month_due(rate: Rate, hours: int, *, first: bool) -> int:
    if first or not rate.setup:
        return rate.due(hours).minor
    return taxed(rate.used(hours), rate.tax).gross.minor if hours else 0


def lasts_hours(meters: Iterable[Meter], spendable: Money) -> int | None:
    """For how many more hours money covers these meters; nothing where it is for ever."""
    running = [meter for meter in meters if meter.state == MonthState.OPEN]

    def covers(hours: int) -> bool:
        return sum(ahead(meter, hours) for meter in running) <= spendable.minor

    if covers(LASTS_HOURS_MAX):
        return None
    low, high = 0, LASTS_HOURS_MAX
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if covers(middle) else (low, middle)
    return low


def estimate(meter: Meter) -> Money:
    """What a month will have cost when it is over, if the service runs on."""
    if meter.state != MonthState.OPEN:
        return meter.due
    left = hours_between(meter.counted_until, month_end(meter.month))
    return meter.rate.due(meter.hours + left)


def draft_of(meter: Meter, today: date, *, kind: str = InvoiceKind.PROFORMA) -> InvoiceDraft:
    """The invoice of a month: one line for its hours, and one for the set-up in the first."""
    rate, used = meter.rate, meter.rate.used(meter.hours)
    whole = Money.of(rate.price * meter.hours, rate.currency)
    cap = "" if rate.cap is None else f", at most {rate.cap} a month"
    price = f"{exact(rate.price)} {rate.currency}"
    steps = [(f"{meter.hours} hours x {price}", f"{exact(rate.price * meter.hours)}")]
    steps.append(("rounded to the minor unit", str(whole)))
    if used != whole:
        steps.append(("capped at the month's price", str(used)))
    lines = [
        LineDraft.priced(
            used,
            rate.tax,
            description=meter.name,
            detail=f"{meter.month:%B %Y}: {meter.hours} hours x {price}{cap}",
            period_start=meter.begins_at,
            period_end=meter.counted_until,
            explanation=explanation(
                steps=steps,
                usage=[
                    ("Hours", str(meter.hours)),
                    ("First hour", f"{meter.begins_at:%Y-%m-%d %H:%M} UTC"),
                    ("Counted until", f"{meter.counted_until:%Y-%m-%d %H:%M} UTC"),
                ],
            ),
        )
    ]
    if rate.setup:
        lines.append(LineDraft.priced(rate.setup, rate.tax, description="Set-up, once"))
    return InvoiceDraft(
        account_id=meter.account_id,
        currency=rate.currency,
        due_on=today,
        kind=kind,
        lines=lines,
        tax_note=rate.tax.note,
    )


def write_tax(tax: TaxTreatment) -> dict[str, Any]:
    """A month's tax as it is kept on its row."""
    return {
        "rate": str(tax.rate),
        "kind": str(tax.kind),
        "note": tax.note,
        "label": tax.label,
        "included": None if tax.included is None else str(tax.included),
    }


def read_tax(kept: dict[str, Any]) -> TaxTreatment:
    """A month's tax as it was kept."""
    included = kept["included"]
    return TaxTreatment(
        rate=Decimal(kept["rate"]),
        kind=kept["kind"],
        note=kept["note"],
        label=kept["label"],
        included=None if included is None else Decimal(included),
    )
