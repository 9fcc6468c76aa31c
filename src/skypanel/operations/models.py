"""How the sandbox's clock was turned."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column


class ClockTurn(Base):
    """One turn of the company's clock: from one instant to another, a step at a time.

    `reached_at` is how far it is; `ended_at` when, by the company's clock, all was done.
    """

    __tablename__ = "clock_turns"
    id: Mapped[UUID] = id_column()
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str] = mapped_column(String(200))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    reached_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    steps: Mapped[int]
    waits: Mapped[int]
    trouble: Mapped[str | None] = mapped_column(String(400))
    __table_args__ = (
        Index(
            "uq_clock_turns_running",
            "state",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        CheckConstraint("state in ('running', 'done')", "state"),
        CheckConstraint("from_at <= reached_at and reached_at <= to_at", "reached"),
        CheckConstraint("(state = 'done') = (ended_at is not null)", "ended"),
    )
