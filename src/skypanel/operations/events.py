"""What operations tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ClockTurnAsked(Event):
    """Staff of a sandbox turn the company's clock."""

    turn_id: UUID


@dataclass(frozen=True, slots=True)
class ClockTurned(Event):
    """The company's clock went a step further, or has arrived."""

    turn_id: UUID


@dataclass(frozen=True, slots=True)
class BulkItemQueued(Event):
    """Something is to be asked of one of many servers."""

    item_id: UUID
    work_id: UUID


@dataclass(frozen=True, slots=True)
class BulkChanged(Event):
    """A bulk work went a server further."""

    work_id: UUID


@dataclass(frozen=True, slots=True)
class PanelHookStored(Event):
    """The panel told us that something happened; whether it is so is looked at."""

    hook_id: UUID


@dataclass(frozen=True, slots=True)
class PanelMoved(Event):
    """The panel was looked at because it told so: whoever waits for it goes on."""

    server_id: UUID
    service_id: UUID
    order_id: UUID
