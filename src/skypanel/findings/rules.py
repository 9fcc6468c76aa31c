"""What a check is, what it finds, and how findings are told apart: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

# A check that finds this many shows the first of them and closes none: it did not see all.
FOUND_MAX: Final = 100
# What comes back within this time is the same finding: nobody is written to anew.
SAME_WITHIN: Final = timedelta(hours=1)
TEXT_CHARACTERS: Final = 400
NO_FACTS: Mapping[str, Any] = MappingProxyType({})


class Area(StrEnum):
    """Where it was looked: in our own tables, or at the panel."""

    INVARIANT = "invariant"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is not as it must be; `subject` is what staff open to see it."""

    subject_kind: str
    subject_id: str
    account_id: UUID | None
    text: str
    facts: Mapping[str, Any] = field(default_factory=lambda: NO_FACTS)


class Check:
    """A law of the house as a question for what breaks it.

    The statement answers, in a fixed order and at most `FOUND_MAX` of them, what is wrong: kind
    and id of the subject, its account, one sentence. `%(now)s` is the company's instant,
    `%(check)s` the check's own name, by which a check that only looks at what is recent also
    looks at what it found before.
    """

    __slots__ = ("defaults", "name", "sql", "title")

    def __init__(self, name: str, title: str, sql: str) -> None:
        self.name = name
        self.title = title
        self.sql: bytes = f"{sql.strip()}\nlimit {FOUND_MAX}".encode()
        self.defaults: Mapping[str, Any] = {"check": name}
