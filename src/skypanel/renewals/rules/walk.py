"""The agenda walked ahead in time: the preview of the billing run."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from skypanel.platform.money import Money
from skypanel.renewals.rules.agenda import (
    Act,
    Standing,
    after,
    agenda,
    amount_of,
    policy_after,
)
from skypanel.renewals.rules.policy import RANK, Policy, Step


@dataclass(frozen=True, slots=True)
class Planned:
    """One act of the preview: when it will happen, and for a charge whether it will work."""

    at: datetime
    act: Act
    standing: Standing
    outcome: str
    amount: Money | None


def walk(
    services: Iterable[tuple[Standing, Policy]],
    wallets: dict[str, int],
    now: datetime,
    until: datetime,
) -> Iterator[Planned]:
    """What the run would do to one account's services before `until`, in its order.

    `wallets` (minor units by currency, credit included) is spent as charges work; charges of saved
    methods are supposed to work. Nothing else is: no payment by hand, no new orders.
    """
    heap: list[tuple[datetime, int, UUID, Act, Standing, Policy]] = []

    def push(standing: Standing, policy: Policy) -> None:
        act = agenda(standing, policy)
        if act is not None and act.at < until:
            item = (act.at, RANK[act.step], standing.service_id, act, standing, policy)
            heapq.heappush(heap, item)

    for standing, policy in services:
        push(standing, policy)
    while heap:
        _, _, _, act, standing, policy = heapq.heappop(heap)
        # What a period's new policy finds past its day is done when it is found, never before.
        at = now = max(act.at, now)
        amount = amount_of(standing, act, at)
        outcome = "done"
        if act.step is Step.COLLECT and amount is not None:
            outcome = "unpaid"
            if wallets.get(amount.currency, 0) >= amount.minor:
                outcome = "paid"
                wallets[amount.currency] -= amount.minor
            elif standing.charged:
                outcome = "charging"
        yield Planned(at, act, standing, outcome, amount)
        stood = after(standing, act, policy, at, paid=outcome in ("paid", "charging"))
        push(stood, policy_after(standing, act, policy))
