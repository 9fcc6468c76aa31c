"""What is being made at the panel, how far it is, and what was tried."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column


class PanelUser(Base):
    """An account's owner record at a panel; its row lock lets one creation at a time happen.

    `relation` is the string by which the panel knows it; of a user who was there before us another
    system's number (`numbered`), or nothing: then nobody can be let in as them.
    """

    __tablename__ = "panel_users"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panels.id"))
    relation: Mapped[str] = mapped_column(String(60))
    numbered: Mapped[bool] = mapped_column(server_default=text("false"))
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
            "state in ('waiting', 'creating', 'building', 'installing', 'done', 'failed',"
            " 'clearing', 'cleared')",
            "state",
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


class PanelImport(Base):
    """One reading of the panel for servers that nobody here knows; staff choose among its rows.

    `known` is how many of the panel's servers were ours when it was read, `read_to` the panel's id
    of the last one that was asked for: a reading that was stopped goes on behind it.
    """

    __tablename__ = "panel_imports"
    id: Mapped[UUID] = id_column()
    state: Mapped[str] = mapped_column(String(8))
    asked_by: Mapped[str] = mapped_column(String(200))
    total: Mapped[int] = mapped_column(server_default=text("0"))
    known: Mapped[int] = mapped_column(server_default=text("0"))
    read_to: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_panel_imports_reading",
            "state",
            unique=True,
            postgresql_where=text("state = 'reading'"),
        ),
        CheckConstraint("state in ('reading', 'stopped', 'ready')", "state"),
    )


class ImportRow(Base):
    """A server of the panel in an import: what it is there, what was chosen, what came of it.

    Without `account_id` an account is opened for its owner, which pays in `currency` and, with
    `invite`, gets a letter to set a password. `actor_id` is who chose, `reason` why.
    """

    __tablename__ = "panel_import_rows"
    id: Mapped[UUID] = id_column()
    import_id: Mapped[UUID] = mapped_column(ForeignKey("panel_imports.id"))
    virtfusion_ref: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))
    facts: Mapped[dict[str, Any]]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plans.id"))
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("images.id"))
    cycle: Mapped[str] = mapped_column(String(12))
    starts_on: Mapped[date | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    invite: Mapped[bool] = mapped_column(server_default=text("false"))
    reason: Mapped[str | None] = mapped_column(String(400))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str | None] = mapped_column(String(200))
    server_id: Mapped[UUID | None] = mapped_column(ForeignKey("servers.id"))
    note: Mapped[str | None] = mapped_column(String(400))
    done_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("import_id", "virtfusion_ref"),
        Index(None, "import_id", "id"),
        CheckConstraint("state in ('found', 'queued', 'done', 'refused')", "state"),
        CheckConstraint("(state = 'done') = (server_id is not null)", "done"),
    )
