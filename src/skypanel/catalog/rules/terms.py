"""Terms and their calendar, and what a price is as money."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_UP, Decimal
from enum import StrEnum

from skypanel.platform.money import Money, exponent

HOURS_OF_MONTH = 730


class Cycle(StrEnum):
    """How often a service is billed."""

    HOURLY = "hourly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


TERMS: Mapping[str, str] = {
    "hourly": "per hour",
    "monthly": "1 month",
    "quarterly": "3 months",
    "half_yearly": "6 months",
    "yearly": "12 months",
}
MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


def period_day(anchor_on: date, cycle: str, number: int, shift: int = 0) -> date:
    """The local day on which a period begins, counted from 0 at the anchor.

    The anchor's day of the month is kept: 31 January, 28 February, 31 March. `shift` is in months:
    see `turned`.
    """
    months = anchor_on.month - 1 + shift + MONTHS[cycle] * number
    year, month = anchor_on.year + months // 12, months % 12 + 1
    return date(year, month, min(anchor_on.day, monthrange(year, month)[1]))


def turned(shift: int, cycle: str, other: str, number: int) -> int:
    """The shift by which periods go on in another cycle from the one with this number on.

    Numbers and the anchor stay: the period begins on the same day, and the ones after it as many
    months later as the other cycle has.
    """
    return shift + (MONTHS[cycle] - MONTHS[other]) * number


def price_money(amount: Decimal, currency: str) -> Money:
    """A price as money; finer than a minor unit is rounded up."""
    step = Decimal(1).scaleb(-exponent(currency))
    return Money.of(amount.quantize(step, rounding=ROUND_UP), currency)


def is_finer(amount: Decimal, currency: str) -> bool:
    """Whether a price is finer than the currency's minor unit."""
    return amount != price_money(amount, currency).major


def per_month(amount: Decimal, cycle: str, currency: str) -> Money:
    """What a month costs at this price; a month is 730 hours."""
    if cycle == Cycle.HOURLY:
        return Money.of(amount * HOURS_OF_MONTH, currency)
    return Money.of(amount / MONTHS[cycle], currency)


def per_hour_exact(amount: Decimal, cycle: str) -> str:
    """What an hour costs in major units, as a decimal string of four places or more."""
    if cycle == Cycle.HOURLY:
        return exact(amount)
    return exact((amount / MONTHS[cycle] / HOURS_OF_MONTH).quantize(Decimal("0.0001")))


def exact(amount: Decimal) -> str:
    """A decimal string without useless zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
