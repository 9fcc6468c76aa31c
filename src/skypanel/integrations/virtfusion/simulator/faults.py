"""What can be made to go wrong, for which operation, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

FaultKind = Literal[
    "slow",
    "refuse",
    "lose_answer",
    "unavailable",
    "lock",
    "rate_limit",
    "fail_build",
    "fail_job",
    "revoked_token",
]
KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)
ANY: Final = "any"
CHANGES: Final = "changes"

EXPLAINED: Final[dict[FaultKind, str]] = {
    "slow": "Answers only after some seconds.",
    "refuse": "Refuses with 422 (403 where the contract knows no 422). Nothing is done.",
    "lose_answer": "Does the work, then the answer never arrives.",
    "unavailable": "Answers 503. Nothing is done.",
    "lock": "Answers 423: another job holds the server. Nothing is done.",
    "rate_limit": "Answers 429 with Retry-After. Nothing is done.",
    "fail_build": "Accepts the installation, which then fails.",
    "fail_job": "Accepts a backup or a new password, which then fails.",
    "revoked_token": "Answers 401 without a body.",
}


@dataclass(slots=True)
class Fault:
    """One switch. `remaining` calls are hit; None stays on until it is cleared.

    `seconds` is the delay of `slow` and the Retry-After of `rate_limit`.
    """

    kind: FaultKind
    operation: str = ANY
    remaining: int | None = None
    seconds: float = 5.0

    def hits(self, operation: str, *, changes: bool) -> bool:
        if self.operation == ANY:
            return True
        return changes if self.operation == CHANGES else self.operation == operation


class FaultBoard:
    """The switches that are on, oldest first."""

    def __init__(self) -> None:
        self._on: list[Fault] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._on))

    def set(self, fault: Fault) -> None:
        """Turn a switch on; the same kind for the same operation is replaced."""
        self.clear(kind=fault.kind, operation=fault.operation)
        self._on.append(fault)

    def clear(self, *, kind: str | None = None, operation: str | None = None) -> None:
        """Turn off what matches; without arguments everything."""
        self._on = [
            fault
            for fault in self._on
            if (kind is not None and fault.kind != kind)
            or (operation is not None and fault.operation != operation)
        ]

    def take(self, kind: FaultKind, operation: str, *, changes: bool) -> Fault | None:
        """The first switch of this kind that hits the call, with one call counted off."""
        for fault in self._on:
            if fault.kind == kind and fault.hits(operation, changes=changes):
                if fault.remaining is not None:
                    fault.remaining -= 1
                    if fault.remaining <= 0:
                        self._on.remove(fault)
                return fault
        return None
