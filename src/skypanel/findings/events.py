"""What the findings tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class FindingsOpened(Event):
    """A look found what was not wrong before; one event for all of it."""

    digest_id: UUID


@dataclass(frozen=True, slots=True)
class FindingChanged(Event):
    """Staff took note of a finding, or something was done about it."""

    finding_id: UUID


@dataclass(frozen=True, slots=True)
class ChecksLooked(Event):
    """Checks looked and something changed: pages look again."""

    area: str


@dataclass(frozen=True, slots=True)
class InvariantsAsked(Event):
    """Staff want every invariant checked now."""


@dataclass(frozen=True, slots=True)
class PanelAsked(Event):
    """Staff want the panel compared with the services now."""


@dataclass(frozen=True, slots=True)
class RepairAsked(Event):
    """Staff chose what is to be done about a finding."""

    finding_id: UUID
