"""Money: a whole number of minor units and its ISO 4217 currency. No floats come near it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum
from typing import Any

# ISO 4217 exponents that differ from two (list of 2024-06-25, table A.1).
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
EXPONENTS = dict.fromkeys(_NO_DECIMALS.split(), 0) | dict.fromkeys(_THREE_DECIMALS.split(), 3)


class Rounding(Enum):
    """Named rounding rules: a line of an invoice rounds half away from zero."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN


class CurrencyMismatch(TypeError):
    """Two currencies met in one sum: nothing converts implicitly."""


def exponent(currency: str) -> int:
    """How many decimals a currency has: EUR 2, JPY 0, KWD 3."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` units of `currency`."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("money is counted in whole minor units")
        if len(self.currency) != 3 or not self.currency.isupper():  # noqa: PLR2004
            raise ValueError("a currency is three capital letters (ISO 4217)")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def of(cls, amount: Decimal, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """Round an exact amount in major units to the currency's minor unit."""
        scaled = amount.scaleb(exponent(currency))
        return cls(int(scaled.quantize(Decimal(1), rounding=rounding.value)), currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read a decimal string in major units; more decimals than the currency has are wrong."""
        try:
            scaled = Decimal(text).scaleb(exponent(currency))
        except InvalidOperation:
            raise ValueError(f"{text!r} is not an amount") from None
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{text!r} is finer than a minor unit of {currency}")
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            raise TypeError("money is multiplied by whole numbers only")
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.major:f} {self.currency}"

    def wire(self) -> dict[str, Any]:
        """The form it has in every answer: `{minor, currency}`."""
        return {"minor": self.minor, "currency": self.currency}
