"""Facts that a domain tells the world, and the two literal tables that say what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from skypanel.platform.jobs import Job


@dataclass(frozen=True, slots=True)
class Event:
    """A frozen fact in the past tense; its fields are ids and plain values."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Who should look again, and at what: live pages refetch, the payload carries ids only."""

    audience: str  # "account:<id>" | "user:<id>" | "staff"
    kind: str
    id: UUID | int | str


def account_topic(account_id: UUID, kind: str, subject_id: UUID | str) -> list[Topic]:
    """The account's people and the staff look again at one thing."""
    return [
        Topic(f"account:{account_id}", kind, subject_id),
        Topic("staff", kind, subject_id),
    ]


Reactions = Mapping[type[Event], Sequence["Job"]]
LiveTopics = Mapping[type[Event], Callable[[Any], Sequence[Topic]]]
