"""What hours cost: the one rounding point of usage, the cap of a month, and how long money lasts.

An hour is one of the clock in UTC, and counts when it has begun. What a month has cost so far is
reckoned anew from its number of hours and rounded once (`Rate.used`), never summed from rounded
hours; tax comes on top as on the invoice (`catalog.rules.taxed`). So the charges of a month, each
the difference to what was charged before, sum to its invoice to the minor unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from skypanel.catalog.rules import TaxTreatment, taxed
from skypanel.platform.money import Money, Rounding
from skypanel.usage.rules.calendar import (
    HOUR,
    MonthState,
    full_hour,
    hours_between,
    month_end,
    month_of,
)

LASTS_HOURS_MAX = 24 * 365
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Extra:
    """An add-on by the hour: so many, each at this price and at most this a month."""

    name: str
    quantity: int
    price: Decimal
    cap: Money | None

    def used(self, hours: int, currency: str) -> Money:
        """What all of them cost by the list; rounded once."""
        each = self.price * hours
        if self.cap is not None:
            each = min(each, self.cap.major)
        return Money.of(each * self.quantity, currency, Rounding.HALF_UP)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours of a month at an earlier plan: what they came to before and after the coupon."""

    name: str
    price: Decimal
    plan_cap: Money | None
    hours: int
    whole: Money
    used: Money
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Off:
    """What a coupon takes off the plan's hours, in per cent; `until` is the first month without."""

    code: str
    percent: Decimal
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The price of an hour in major units, and what a month costs at most; both as in the list.

    `room` is what is left of the month's cap, where something of the month was used before.
    `setup` is asked for once, with the first hour.
    """

    price: Decimal
    currency: str
    cap: Money | None
    setup: Money
    tax: TaxTreatment
    room: Money | None = None
    off: Off | None = None
    extras: tuple[Extra, ...] = ()

    @property
    def most(self) -> Money | None:
        """What its hours can cost from here on in this month."""
        limits = [each for each in (self.cap, self.room) if each is not None]
        return min(limits, key=lambda money: money.minor, default=None)

    @property
    def per_hour(self) -> Decimal:
        """What one hour costs with its add-ons, less what the coupon takes off the plan."""
        off = Decimal(0) if self.off is None else self.off.percent
        extras = sum((each.price * each.quantity for each in self.extras), Decimal(0))
        return self.price * (WHOLE - off) / WHOLE + extras

    def _whole(self, hours: int) -> Decimal:
        most = self.most
        amount = self.price * hours
        return amount if most is None else min(amount, most.major)

    def whole(self, hours: int) -> Money:
        """What so many hours cost before the coupon."""
        return Money.of(self._whole(hours), self.currency, Rounding.HALF_UP)

    def used(self, hours: int) -> Money:
        """What so many hours of one month cost by the list; rounded here and nowhere else."""
        amount = self._whole(hours)
        if self.off is not None:
            amount *= (WHOLE - self.off.percent) / WHOLE
        return Money.of(amount, self.currency, Rounding.HALF_UP)

    def amounts(self, hours: int, earlier: Sequence[Stretch] = ()) -> list[Money]:
        """The lines of a month: of earlier plans, of this one's hours, of add-ons, of the set-up.

        Each is rounded once; what is nothing because no hour was begun is left out.
        """
        past = sum(each.hours for each in earlier)
        if not hours + past:
            return []
        found = [each.used for each in earlier]
        if hours or not earlier:
            found.append(self.used(hours))
        found += [each.used(hours + past, self.currency) for each in self.extras]
        return [*found, self.setup] if self.setup else found

    def due(self, hours: int, earlier: Sequence[Stretch] = ()) -> Money:
        """The same together with their tax: what the month's invoice will say."""
        parts = [taxed(each, self.tax).gross for each in self.amounts(hours, earlier)]
        return sum(parts, Money.zero(self.currency))

    def next_month(self, month: date) -> Rate:
        """The rate of a later month, as far as it is known."""
        off = self.off
        if off is not None and off.until is not None and month >= off.until:
            off = None
        return replace(self, room=None, setup=Money.zero(self.currency), off=off)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One service in one month as it stands; `rate` is that month's, frozen when it began.

    `hours` are those at this rate, `earlier` what the month has of plans before, `spent` what parts
    of the month before this one took of its cap.
    """

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
    earlier: tuple[Stretch, ...] = ()
    spent: Money | None = None

    @property
    def arrears(self) -> Money:
        return self.due - self.charged

    @property
    def ended(self) -> bool:
        return self.service_state in ("terminated", "erased")

    @property
    def all_hours(self) -> int:
        """The hours of the month, whatever plan they had."""
        return self.hours + sum(each.hours for each in self.earlier)

    @property
    def rate_since(self) -> datetime:
        """Since when it has this rate."""
        return self.earlier[-1].ends_at if self.earlier else self.begins_at

    @property
    def taken(self) -> Money:
        """What the month took of its cap so far, before the coupon."""
        own = self.rate.whole(self.hours)
        past = sum((each.whole for each in self.earlier), own)
        return past if self.spent is None else past + self.spent

    def due_at(self, hours: int) -> Money:
        """What the month's invoice will say with so many hours at this rate."""
        return self.rate.due(hours, self.earlier)


def room_of(cap: Money | None, earlier: Sequence[Stretch], spent: Money) -> Money | None:
    """What is left of a month's cap for a plan: the cap is that of the dearest plan that ran."""
    caps = [each.plan_cap for each in earlier]
    if cap is None or None in caps or not (earlier or spent):
        return None
    dearest = max([cap.minor, *(each.minor for each in caps if each is not None)])
    used = spent.minor + sum(each.whole.minor for each in earlier)
    return Money(max(0, dearest - used), cap.currency)


def at_rate(meter: Meter, rate: Rate) -> Meter:
    """The month as it goes on at another plan's price and cap, from its last counted hour on."""
    before, earlier = meter.rate, meter.earlier
    if meter.hours:
        past = Stretch(
            name=meter.name,
            price=before.price,
            plan_cap=before.cap,
            hours=meter.hours,
            whole=before.whole(meter.hours),
            used=before.used(meter.hours),
            begins_at=meter.rate_since,
            ends_at=meter.counted_until,
        )
        earlier = (*earlier, past)
    room = room_of(rate.cap, earlier, meter.spent or Money.zero(rate.currency))
    changed = replace(before, price=rate.price, cap=rate.cap, room=room)
    return replace(meter, hours=0, earlier=earlier, rate=changed)


def counts_until(meter: Meter, now: datetime) -> datetime:
    """The end of the last hour that counts: the one that has begun, within month and service."""
    begun = min(full_hour(now) + HOUR, _last_end(meter))
    return max(begun, meter.counted_until)


def _last_end(meter: Meter) -> datetime:
    """When the last hour of the month ends, or of the service where that ended before."""
    last = month_end(meter.month)
    if not meter.ended or meter.terminated_at is None:
        return last
    ends = full_hour(meter.terminated_at)
    return min(last, ends if ends == meter.terminated_at else ends + HOUR)


def is_over(meter: Meter, until: datetime) -> bool:
    """Whether a month that is counted until then is whole, or its service's last hour is in it."""
    return until >= _last_end(meter)


def ahead(meter: Meter, hours: int) -> int:
    """What the next so many hours will cost, in minor units with tax; caps counted."""
    taken = min(hours, hours_between(meter.counted_until, month_end(meter.month)))
    cost = meter.due_at(meter.hours + taken).minor - meter.due.minor
    hours -= taken
    month = month_of(month_end(meter.month))
    while hours > 0:
        taken = min(hours, hours_between(_first_hour(month), month_end(month)))
        cost += meter.rate.next_month(month).due(taken).minor
        hours -= taken
        month = month_of(month_end(month))
    return cost


def _first_hour(month: date) -> datetime:
    return datetime.combine(month, time(), UTC)


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
    return meter.due_at(meter.hours + left)
