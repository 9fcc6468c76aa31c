"""What the staff's mail log gives."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

MailStateName = Literal["queued", "sending", "accepted", "deferred", "refused", "withdrawn"]


class Mail(BaseModel):
    """One message; `accepted` means the mail server took it, not that it was read."""

    id: UUID
    kind: str
    to: str
    subject: str
    state: MailStateName
    attempts: int
    last_error: str | None
    provider_ref: str | None
    user_id: UUID | None
    account_id: UUID | None
    created_at: datetime
    accepted_at: datetime | None
    can: list[str]


class Mails(BaseModel):
    items: list[Mail]
    next: str | None
