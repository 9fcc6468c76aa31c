"""The log of outgoing mail: who is told what, and whether the mail server took it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.mail.rules import MailState
from skypanel.platform.db import Base, id_column


class MailMessage(Base):
    """One mail to one address; `args` holds ids only, its words are made when it is sent."""

    __tablename__ = "mail_messages"
    id: Mapped[UUID] = id_column()
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    to: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    subject: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    waits: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(600))
    provider_ref: Mapped[str | None] = mapped_column(String(300))
    args: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    sending_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "account_id", "id"),
        Index(None, "state", "id"),
        CheckConstraint(
            f"state in ({', '.join(repr(state.value) for state in MailState)})", "state"
        ),
        CheckConstraint("(state = 'accepted') = (accepted_at is not null)", "accepted_at"),
    )
