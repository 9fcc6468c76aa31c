"""What the doors of consoles take and give."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from skypanel.platform.http.fields import Reason


class ConsoleTicket(BaseModel):
    """Opens one console once: name it as the subprotocol `ticket.<ticket>` beside `binary`."""

    ticket: str
    expires_in_seconds: int
    path: str


class ConsoleReason(BaseModel):
    """Why staff look at a customer's screen."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


class ConsoleShown(BaseModel):
    """Somebody's look at a server's screen; why staff looked is shown to staff."""

    id: UUID
    user_name: str
    as_staff: bool
    reason: str | None
    opened_at: datetime
    ended_at: datetime | None
    end_reason: str | None


class Consoles(BaseModel):
    items: list[ConsoleShown]
    next: str | None
