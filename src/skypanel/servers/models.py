"""Servers, what is done to them, keys, and first passwords."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column


class Server(Base):
    """A VPS with its size, place and system as they were sold.

    `message` says in one sentence what is happening; `virtfusion_ref` is the panel's id of it;
    `standing` is how the panel has it for its service's sake (free, suspended or gone), in doubt
    while `standing_asked_at` stands;
    `panel_name` is what the panel was last told to call it.
    """

    __tablename__ = "servers"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panels.id"))
    virtfusion_ref: Mapped[int | None]
    hostname: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(60))
    panel_name: Mapped[str] = mapped_column(String(63))
    tags: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    notes: Mapped[str] = mapped_column(String(2000), server_default=text("''"))
    favourite: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str] = mapped_column(String(12))
    state_since: Mapped[datetime]
    power: Mapped[str] = mapped_column(String(10))
    power_checked_at: Mapped[datetime | None]
    ipv4: Mapped[str | None] = mapped_column(String(45))
    ipv6: Mapped[str | None] = mapped_column(String(49))
    plan: Mapped[dict[str, Any]]
    location: Mapped[dict[str, Any]]
    image: Mapped[dict[str, Any]]
    message: Mapped[str | None] = mapped_column(String(400))
    message_at: Mapped[datetime | None]
    installing_at: Mapped[datetime | None]
    standing: Mapped[str] = mapped_column(String(10), server_default=text("'free'"))
    standing_asked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("panel_id", "virtfusion_ref"),
        Index(None, "account_id", "id"),
        CheckConstraint(
            "state in ('allocating', 'installing', 'ready', 'failed', 'deleting', 'deleted')",
            "state",
        ),
        CheckConstraint("standing in ('free', 'suspended', 'gone')", "standing"),
        CheckConstraint("power in ('running', 'stopped', 'unknown')", "power"),
        CheckConstraint(
            "state <> 'ready' or (virtfusion_ref is not null and ready_at is not null)", "ready"
        ),
    )


class ServerTask(Base):
    """Something asked of a server; at most one is under way per server.

    `asked_at` is set before the panel is asked, `heard_at` when it said that it does it, `unclear`
    when that answer was lost. `wish` is what exactly was asked for, `before` what the panel said
    before it was asked, `about` and `note` tell people, `sealed` is a password that does not count
    until the task has ended well.
    """

    __tablename__ = "server_tasks"
    id: Mapped[UUID] = id_column()
    server_id: Mapped[UUID] = mapped_column(ForeignKey("servers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str | None] = mapped_column(String(200))
    wish: Mapped[dict[str, Any] | None]
    before: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(String(10))
    progress: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(200))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    unclear: Mapped[bool] = mapped_column(server_default=text("false"))
    queue_ref: Mapped[int | None]
    asks: Mapped[int] = mapped_column(server_default=text("0"))
    polls: Mapped[int] = mapped_column(server_default=text("0"))
    seen_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(400))
    sealed: Mapped[bytes | None]
    __table_args__ = (
        Index(
            "uq_server_tasks_active",
            "server_id",
            unique=True,
            postgresql_where=text("state in ('queued', 'running')"),
        ),
        Index(None, "server_id", "id"),
        Index(None, "seen_at", postgresql_where=text("state in ('queued', 'running')")),
        CheckConstraint(
            "kind in ('start', 'restart', 'shutdown', 'poweroff', 'reinstall', 'reset_password',"
            " 'backup', 'firewall', 'reverse_dns', 'add_address', 'drop_address')",
            "kind",
        ),
        CheckConstraint("sealed is null or state in ('queued', 'running')", "sealed"),
        CheckConstraint("state in ('queued', 'running', 'done', 'failed')", "state"),
    )


class SshKey(Base):
    """A public key of an account, put on the servers it orders."""

    __tablename__ = "ssh_keys"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(60))
    fingerprint: Mapped[str] = mapped_column(String(60))
    public_key: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("account_id", "fingerprint"),)


class ServerSecret(Base):
    """A password of a server, sealed; the row goes at its first view or after a day.

    `login` is whose it is, where that is not the system's usual user.
    """

    __tablename__ = "server_secrets"
    id: Mapped[UUID] = id_column()
    server_id: Mapped[UUID] = mapped_column(ForeignKey("servers.id"), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    sealed: Mapped[bytes]
    login: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ServerSight(Base):
    """What was last seen of a server at the panel: addresses, disks, firewall, copies.

    `asked_at` is when somebody last wanted to know; `trouble` why the panel did not tell.
    """

    __tablename__ = "server_sights"
    server_id: Mapped[UUID] = mapped_column(ForeignKey("servers.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    facts: Mapped[dict[str, Any] | None]
    asked_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(200))
