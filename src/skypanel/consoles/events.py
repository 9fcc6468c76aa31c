"""What the consoles tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ConsoleOpened(Event):
    """Somebody looks at a server's screen."""

    console_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ConsoleEnded(Event):
    """Somebody no longer looks, or is not to look any more."""

    console_id: UUID
    server_id: UUID
    account_id: UUID
