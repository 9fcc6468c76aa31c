"""Consoles: asked for with a ticket, opened once, ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column


class Console(Base):
    """One look at a server's screen by one session; only the hash of its ticket is kept.

    `seen_at` is renewed while it is open, so that one whose process died is known to be over.
    """

    __tablename__ = "consoles"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    server_id: Mapped[UUID] = mapped_column(ForeignKey("servers.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    user_name: Mapped[str] = mapped_column(String(200))
    session_id: Mapped[UUID]
    as_staff: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(400))
    ticket_hash: Mapped[bytes] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        Index(None, "server_id", "id"),
        Index(None, "user_id", "id"),
        Index(None, "asked_at"),
        Index(
            "ix_consoles_open", "server_id",
            postgresql_where=text("opened_at is not null and ended_at is null"),
        ),
        CheckConstraint("(ended_at is null) = (end_reason is null)", "ended"),
        CheckConstraint("(opened_at is null) = (seen_at is null)", "opened"),
        CheckConstraint("as_staff = (reason is not null)", "reason"),
    )  # fmt: skip
