"""How the sandbox's clock was turned, what was done to many servers, and what the panel told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
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


class BulkWork(Base):
    """One thing done to many servers by a member of staff, for a reason."""

    __tablename__ = "bulk_works"
    id: Mapped[UUID] = id_column()
    verb: Mapped[str] = mapped_column(String(12))
    hold: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(400))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(
            "verb in ('start', 'restart', 'shutdown', 'poweroff', 'suspend', 'resume')", "verb"
        ),
        CheckConstraint("(hold is not null) = (verb in ('suspend', 'resume'))", "hold"),
    )


class BulkItem(Base):
    """One server of a bulk work; what is asked of it is its task or its service's hold.

    `excluded` when it was left alone from the start, `refused` when it could not be asked.
    """

    __tablename__ = "bulk_items"
    id: Mapped[UUID] = id_column()
    work_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_works.id"))
    server_id: Mapped[UUID] = mapped_column(ForeignKey("servers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(400))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("server_tasks.id"))
    __table_args__ = (
        UniqueConstraint("work_id", "server_id"),
        Index(None, "server_id"),
        CheckConstraint("state in ('queued', 'asked', 'excluded', 'refused')", "state"),
    )


class PanelHook(Base):
    """What the panel told us once: a hint to look, kept sealed as it came for a while.

    Its body holds the whole server with what is the host's own, so that it is never shown.
    """

    __tablename__ = "panel_hooks"
    id: Mapped[UUID] = id_column()
    event_ref: Mapped[str] = mapped_column(String(80))
    created: Mapped[str] = mapped_column(String(60))
    event: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(20))
    server_ref: Mapped[int | None] = mapped_column(BigInteger)
    sealed: Mapped[bytes | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (UniqueConstraint("event_ref", "created"),)
