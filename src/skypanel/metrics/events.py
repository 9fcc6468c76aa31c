"""What the metrics tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class AlertRaised(Event):
    """A server has stood at one of its thresholds for as long as was agreed."""

    alert_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class AlertDefaultsChanged(Event):
    """An account sets other thresholds for those of its servers that have none of their own."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class AlertCleared(Event):
    """What was raised is over."""

    alert_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class BlockBought(Event):
    """Extra traffic for a server was paid; the panel is to give it."""

    purchase_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class BlockSettled(Event):
    """A bought block is there, or its money went back."""

    purchase_id: UUID
    server_id: UUID
    account_id: UUID
