"""What the doors of consoles take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator


class ConsoleTicket(BaseModel):
    """Opens one console once: name it as the subprotocol `ticket.<ticket>` beside `binary`."""

    ticket: str
    expires_in_seconds: int
    path: str


class ConsoleReason(BaseModel):
    """Why staff look at a customer's screen."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(min_length=3, max_length=400)]

    @field_validator("reason")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if len(value.strip()) < 3:  # noqa: PLR2004
            raise ValueError("Say why, in a few words.")
        return value.strip()


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
