"""Which price holds for a service that runs: an own deal, a later price, or the one it has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from skypanel.platform.states import Table

PRICE_CHANGE_STATES: Table = {
    "announced": {"apply": "applied", "cancel": "cancelled"},
    "applied": {},
    "cancelled": {},
}
PriceKey = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """A new price that services running at an older one move to from a day on."""

    change_id: UUID
    plan_id: UUID
    currency: str
    cycle: str
    amount: Decimal
    effective_on: date

    @property
    def key(self) -> PriceKey:
        return (self.plan_id, self.currency, self.cycle)


@dataclass(frozen=True, slots=True)
class Override:
    """An account's own price for a plan, from a day to a day."""

    override_id: UUID
    account_id: UUID
    plan_id: UUID
    currency: str
    cycle: str
    amount: Decimal
    starts_on: date
    ends_on: date | None

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True, slots=True)
class RenewalPrice:
    """The price of one period in major units, where it comes from, and that thing's id.

    `version` counts from 1, the price at which it was bought; an own price has none.
    """

    amount: Decimal
    source: str
    source_id: UUID | None = None
    version: int | None = 1


@dataclass(frozen=True, slots=True)
class Held:
    """A service as prices see it: what it is, at which price, and since which day at that price."""

    account_id: UUID
    plan_id: UUID
    currency: str
    cycle: str
    amount: Decimal
    since: date

    @property
    def key(self) -> PriceKey:
        return (self.plan_id, self.currency, self.cycle)


class PriceBook:
    """Every move and override that may matter to some services, looked up without the database."""

    def __init__(self, moves: Iterable[Move], overrides: Iterable[Override]) -> None:
        self._moves: dict[PriceKey, list[Move]] = {}
        for move in sorted(moves, key=lambda one: one.effective_on):
            self._moves.setdefault(move.key, []).append(move)
        self._overrides: dict[tuple[UUID, PriceKey], list[Override]] = {}
        for one in sorted(overrides, key=lambda each: each.starts_on):
            place = (one.account_id, (one.plan_id, one.currency, one.cycle))
            self._overrides.setdefault(place, []).append(one)

    def with_move(self, move: Move) -> PriceBook:
        """The same prices and one more move."""
        moves = [one for each in self._moves.values() for one in each]
        overrides = [one for each in self._overrides.values() for one in each]
        return PriceBook([*moves, move], overrides)

    def price(self, held: Held, on: date) -> RenewalPrice:
        """What a period that begins on this day costs: an override wins, then the newest move."""
        own = [one for one in self._overrides.get((held.account_id, held.key), ()) if one.holds(on)]
        if own:
            return RenewalPrice(own[-1].amount, "override", own[-1].override_id, None)
        moved = [
            one for one in self._moves.get(held.key, ()) if held.since < one.effective_on <= on
        ]
        if moved:
            return RenewalPrice(moved[-1].amount, "change", moved[-1].change_id, len(moved) + 1)
        return RenewalPrice(held.amount, "own")
