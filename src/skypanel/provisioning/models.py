"""What is being made at the panel, how far it is, and what was tried."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column


class PanelUser(Base):
    """An account's owner record at a panel; its row lock lets one creation at a time happen."""

    __tablename__ = "panel_users"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panels.id"))
    relation: Mapped[str] = mapped_column(String(60))
    virtfusion_ref: Mapped[int | None]
    creating_id: Mapped[UUID | None] = mapped_column(ForeignKey("provisions.id"))
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("panel_id", "account_id"),
        UniqueConstraint("panel_id", "virtfusion_ref"),
    )


class Provision(Base):
    """The making of one ordered server; `due_at` is when a timer looks after it again.

    `asked_at` is set before the panel is asked to create; while it is set and `virtfusion_ref` is
    not, the outcome is not known.
    """

    __tablename__ = "provisions"
    id: Mapped[UUID] = id_column()
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    server_id: Mapped[UUID] = mapped_column(ForeignKey("servers.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime | None]
    build_asked_at: Mapped[datetime | None]
    builds: Mapped[int] = mapped_column(server_default=text("0"))
    password_told: Mapped[bool] = mapped_column(server_default=text("false"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    polls: Mapped[int] = mapped_column(server_default=text("0"))
    lease_until_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "due_at", postgresql_where=text("state not in ('done', 'failed')")),
        CheckConstraint(
            "state in ('waiting', 'creating', 'building', 'installing', 'done', 'failed')", "state"
        ),
    )


class ProvisionStep(Base):
    """One line of the log that staff read."""

    __tablename__ = "provision_steps"
    id: Mapped[UUID] = id_column()
    provision_id: Mapped[UUID] = mapped_column(ForeignKey("provisions.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(300))
    error: Mapped[str | None] = mapped_column(String(400))
    __table_args__ = (Index(None, "provision_id", "id"),)
