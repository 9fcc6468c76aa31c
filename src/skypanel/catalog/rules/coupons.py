"""What a coupon takes off a price.

A discount reduces the line it belongs to, before tax: so the tax is right whatever the rates, and
an invoice never has a line below nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from skypanel.platform.money import Money, Rounding

WHOLE = Decimal(100)


class CouponKind(StrEnum):
    """How a coupon reckons."""

    PERCENTAGE = "percentage"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Discount:
    """What a redemption takes off each period it holds for; no `periods`: off every period.

    `cycles` are those that its coupon is for; none are all.
    """

    code: str
    kind: str
    percent: Decimal | None
    amount: Money | None
    periods: int | None
    covers_setup: bool = False
    cycles: tuple[str, ...] = ()

    def goes_to(self, cycle: str) -> bool:
        """Whether a service keeps it when it is billed in another cycle.

        A sum or a number of periods means another thing when periods are of another length.
        """
        lasts = self.kind == CouponKind.PERCENTAGE and self.periods is None
        return lasts and (not self.cycles or cycle in self.cycles)

    def holds(self, period_number: int) -> bool:
        """Whether it holds for the period with this number, counted from 0."""
        return self.periods is None or period_number < self.periods

    def off(self, price: Money) -> Money:
        """How much less a price becomes; never more than the price."""
        if self.kind == CouponKind.FIXED:
            assert self.amount is not None
            return min(self.amount, price, key=lambda money: money.minor)
        assert self.percent is not None
        return Money.of(price.major * self.percent / WHOLE, price.currency, Rounding.HALF_UP)

    def off_setup(self, setup: Money, used: Money) -> Money:
        """How much less the set-up becomes when `used` was taken off the plan already."""
        if not self.covers_setup:
            return Money.zero(setup.currency)
        if self.kind == CouponKind.FIXED:
            assert self.amount is not None
            return min(self.amount - used, setup, key=lambda money: money.minor)
        return self.off(setup)


def read_code(text: str) -> str:
    """A coupon's code as it is kept: capitals, without spaces."""
    return re.sub(r"\s+", "", text).upper()
