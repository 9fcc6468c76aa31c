"""What a block of extra traffic costs, and the life of one that was bought: pure."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar, Final

from pydantic import Field, field_validator

from skypanel.platform.money import Money
from skypanel.platform.settings import Section
from skypanel.platform.states import Table

BLOCK_STATES: Table = {
    "paid": {"ask": "adding", "refund": "refunded"},
    "adding": {"finish": "done", "ask": "adding", "put_back": "paid", "refund": "refunded"},
    "done": {},
    "refunded": {},
}
UNDER_WAY: Final = ("paid", "adding")
CALL_AT_MOST: Final = timedelta(seconds=75)
"""After this a call to the panel has ended, whatever came of it."""
WAIT: Final = timedelta(seconds=30)
WAIT_MAX: Final = timedelta(minutes=15)
_PRICE_WORDS = 2


class TrafficBlockSettings(Section):
    """Blocks of extra traffic that customers buy for the running period of a server."""

    section: ClassVar[str] = "traffic_blocks"
    title: ClassVar[str] = "Traffic blocks"
    block_gb: Annotated[
        int, Field(ge=0, le=1_000_000, description="GB of one block; 0 sells none.")
    ] = 0
    prices: Annotated[
        tuple[str, ...],
        Field(description="What a block costs, one currency a line, such as EUR 4.90."),
    ] = ()

    @field_validator("prices")
    @classmethod
    def _readable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            _read(text)
        return value

    def price(self, currency: str) -> Money | None:
        """What a block costs in a currency, as the list says it; nothing where it is not sold."""
        prices = dict(map(_read, self.prices))
        return (
            Money.of(prices[currency], currency) if self.block_gb and currency in prices else None
        )


def _read(text: str) -> tuple[str, Decimal]:
    """A currency and an amount; raises ValueError that says how it is written."""
    words = text.split()
    try:
        if len(words) == _PRICE_WORDS:
            currency, amount = words[0].upper(), Decimal(words[1])
            if amount > 0 and Money.of(amount, currency).major == amount:
                return currency, amount
    except (InvalidOperation, ValueError, KeyError):
        pass
    raise ValueError("Write each price as a currency and an amount, such as EUR 4.90.")


def wait(tries: int) -> timedelta:
    """How long until a purchase is looked at again."""
    doubled: int = 1 << min(tries, 8)
    return min(WAIT * doubled, WAIT_MAX)
