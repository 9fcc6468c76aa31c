"""Findings, and when each check last looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column


class Finding(Base):
    """One thing that a check found wrong; it is closed by the look that no longer finds it.

    `digest_id` is the mail that told of it; `repair` is what staff asked to be done about it.
    """

    __tablename__ = "findings"
    id: Mapped[UUID] = id_column()
    area: Mapped[str] = mapped_column(String(10))
    check_name: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    text: Mapped[str] = mapped_column(String(400))
    facts: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    digest_id: Mapped[UUID] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(400))
    repair: Mapped[str | None] = mapped_column(String(20))
    repair_state: Mapped[str | None] = mapped_column(String(10))
    repair_note: Mapped[str | None] = mapped_column(String(400))
    repair_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_findings_open",
            "check_name",
            "subject_kind",
            "subject_id",
            unique=True,
            postgresql_where=sql("closed_at is null"),
        ),
        Index(None, "area", "id"),
        Index(None, "check_name", "closed_at"),
        CheckConstraint("area in ('invariant', 'panel')", "area"),
        CheckConstraint("(acknowledged_at is null) = (acknowledged_by is null)", "acknowledged"),
        CheckConstraint("repair_state in ('asked', 'done', 'failed')", "repair_state"),
        CheckConstraint("(repair is null) = (repair_state is null)", "repair"),
    )


class CheckLook(Base):
    """When a check last looked, by the company's clock, and what kept it from looking.

    `tried_at` is by the machine's own time: it tells whether anybody looks at all.
    """

    __tablename__ = "check_looks"
    check_name: Mapped[str] = mapped_column(String(60), primary_key=True)
    area: Mapped[str] = mapped_column(String(10))
    looked_at: Mapped[datetime]
    tried_at: Mapped[datetime]
    found: Mapped[int]
    error: Mapped[str | None] = mapped_column(String(400))
