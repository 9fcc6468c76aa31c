"""What mail tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class MailQueued(Event):
    """A message is on file and to be sent."""

    message_id: UUID
