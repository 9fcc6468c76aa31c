"""What is kept of servers' load and traffic, what is watched, and what was raised."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column

_KIND = "kind in ('cpu', 'memory', 'filesystem', 'traffic', 'down')"


def _server_id() -> Any:
    return mapped_column(ForeignKey("servers.id"))


def _account_id() -> Any:
    return mapped_column(ForeignKey("accounts.id"))


def _slots(kind: type[SmallInteger | Integer] = SmallInteger) -> Any:
    """Twelve values, one for each five minutes."""
    return mapped_column(ARRAY(kind))


class MetricHour(Base):
    """An hour of a server: twelve slots of each series, thousandths or KiB a second.

    `running` has no value where nothing was seen. Traffic is the period's sum as it stood then.
    """

    __tablename__ = "metric_hours"
    server_id: Mapped[UUID] = _server_id()
    hour: Mapped[datetime]
    account_id: Mapped[UUID] = _account_id()
    running: Mapped[list[int | None]] = _slots()
    cpu: Mapped[list[int | None]] = _slots()
    memory: Mapped[list[int | None]] = _slots()
    filesystem: Mapped[list[int | None]] = _slots()
    read_kib: Mapped[list[int | None]] = _slots(Integer)
    written_kib: Mapped[list[int | None]] = _slots(Integer)
    received_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sent_bytes: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        PrimaryKeyConstraint("server_id", "hour"),
        # Room on the page for the twelve updates of an hour, so that no index is touched.
        {"postgresql_with": {"fillfactor": 70}},
    )


class MetricDay(Base):
    """A day of a server once its hours are gone: mean and maximum of each series."""

    __tablename__ = "metric_days"
    server_id: Mapped[UUID] = _server_id()
    day: Mapped[date]
    account_id: Mapped[UUID] = _account_id()
    seen: Mapped[int] = mapped_column(SmallInteger)
    ran: Mapped[int] = mapped_column(SmallInteger)
    cpu_mean: Mapped[float | None] = mapped_column(Double)
    cpu_most: Mapped[int | None]
    memory_mean: Mapped[float | None] = mapped_column(Double)
    memory_most: Mapped[int | None]
    filesystem_mean: Mapped[float | None] = mapped_column(Double)
    filesystem_most: Mapped[int | None]
    read_kib_mean: Mapped[float | None] = mapped_column(Double)
    read_kib_most: Mapped[int | None]
    written_kib_mean: Mapped[float | None] = mapped_column(Double)
    written_kib_most: Mapped[int | None]
    __table_args__ = (PrimaryKeyConstraint("server_id", "day"),)


class MetricSample(Base):
    """What was seen while somebody looked; kept for two hours."""

    __tablename__ = "metric_samples"
    server_id: Mapped[UUID] = _server_id()
    at: Mapped[datetime]
    account_id: Mapped[UUID] = _account_id()
    running: Mapped[bool]
    cpu: Mapped[int | None] = mapped_column(SmallInteger)
    memory: Mapped[int | None] = mapped_column(SmallInteger)
    filesystem: Mapped[int | None] = mapped_column(SmallInteger)
    read_kib: Mapped[int | None]
    written_kib: Mapped[int | None]
    __table_args__ = (PrimaryKeyConstraint("server_id", "at"), Index(None, "at"))


class MetricStanding(Base):
    """Where the sampling of a server stands, and what was seen last.

    `due_at` is when it is asked next; `phase` its round of the five minutes; counters are those
    of `sampled_at`; `rolled_on` is the day before which no hours are left.
    """

    __tablename__ = "metric_standings"
    server_id: Mapped[UUID] = mapped_column(ForeignKey("servers.id"), primary_key=True)
    account_id: Mapped[UUID] = _account_id()
    phase: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime] = mapped_column(index=True)
    traffic_due_at: Mapped[datetime] = mapped_column(index=True)
    watched_until: Mapped[datetime | None]
    sampled_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    running: Mapped[bool | None]
    cpu: Mapped[int | None] = mapped_column(SmallInteger)
    memory: Mapped[int | None] = mapped_column(SmallInteger)
    memory_total_mib: Mapped[int | None]
    filesystem: Mapped[int | None] = mapped_column(SmallInteger)
    read_kib: Mapped[int | None]
    written_kib: Mapped[int | None]
    read_bytes: Mapped[int | None] = mapped_column(BigInteger)
    written_bytes: Mapped[int | None] = mapped_column(BigInteger)
    filesystems: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    rolled_on: Mapped[date | None]


class MetricPace(Base):
    """The calls of all workers: those until `free_at` are given away already."""

    __tablename__ = "metric_pace"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    free_at: Mapped[datetime]
    ran_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("id = 1", "one"),)


class TrafficPeriod(Base):
    """A month of a server's traffic as the panel counts it, from the day it was made."""

    __tablename__ = "traffic_periods"
    id: Mapped[UUID] = id_column()
    server_id: Mapped[UUID] = _server_id()
    account_id: Mapped[UUID] = _account_id()
    number: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    received_bytes: Mapped[int] = mapped_column(BigInteger)
    sent_bytes: Mapped[int] = mapped_column(BigInteger)
    total_bytes: Mapped[int] = mapped_column(BigInteger)
    limit_gb: Mapped[int]
    blocks: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    seen_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("server_id", "number"),)


class AlertDefault(Base):
    """A threshold that servers of an account have unless they set their own."""

    __tablename__ = "alert_defaults"
    account_id: Mapped[UUID] = _account_id()
    kind: Mapped[str] = mapped_column(String(10))
    threshold: Mapped[int] = mapped_column(SmallInteger)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    enabled: Mapped[bool]
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "kind"),
        CheckConstraint(_KIND, "kind"),
        CheckConstraint("threshold between 1 and 100 and minutes between 0 and 120", "bounds"),
    )


class AlertRule(Base):
    """A threshold of a server, and what it remembers between two values.

    One that is not its `own` follows what its account sets for all servers.
    """

    __tablename__ = "alert_rules"
    id: Mapped[UUID] = id_column()
    server_id: Mapped[UUID] = _server_id()
    account_id: Mapped[UUID] = _account_id()
    kind: Mapped[str] = mapped_column(String(10))
    threshold: Mapped[int] = mapped_column(SmallInteger)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    enabled: Mapped[bool]
    own: Mapped[bool] = mapped_column(server_default=text("true"))
    breaching_since: Mapped[datetime | None]
    calm_since: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]
    alert_id: Mapped[UUID | None] = mapped_column(ForeignKey("alerts.id"))
    __table_args__ = (
        UniqueConstraint("server_id", "kind"),
        CheckConstraint(_KIND, "kind"),
        CheckConstraint("threshold between 1 and 100 and minutes between 0 and 120", "bounds"),
    )


class Alert(Base):
    """A threshold that was reached, with what it was then; at most one at a time of its kind."""

    __tablename__ = "alerts"
    id: Mapped[UUID] = id_column()
    server_id: Mapped[UUID] = _server_id()
    account_id: Mapped[UUID] = _account_id()
    kind: Mapped[str] = mapped_column(String(10))
    threshold: Mapped[int] = mapped_column(SmallInteger)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10))
    value: Mapped[float] = mapped_column(Double)
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        Index(
            "uq_alerts_raised",
            "server_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'raised'"),
        ),
        Index(None, "server_id", "id"),
        Index(None, "account_id", "id"),
        CheckConstraint(_KIND, "kind"),
        CheckConstraint("state in ('raised', 'cleared')", "state"),
        CheckConstraint("(state = 'cleared') = (cleared_at is not null)", "cleared"),
    )


class BlockPurchase(Base):
    """A block of extra traffic that was bought for one period, paid, and given at the panel once.

    `known_refs` are the blocks that the server had when the panel was asked at `asked_at`: a block
    that is not among them is ours. `busy_until` while a worker may be calling.
    """

    __tablename__ = "block_purchases"
    id: Mapped[UUID] = id_column()
    server_id: Mapped[UUID] = _server_id()
    account_id: Mapped[UUID] = _account_id()
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), unique=True)
    number: Mapped[int]
    ends_at: Mapped[datetime]
    gb: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    known_refs: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    block_ref: Mapped[int | None]
    asked_at: Mapped[datetime | None]
    busy_until: Mapped[datetime | None]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_block_purchases_under_way",
            "server_id",
            unique=True,
            postgresql_where=text("state in ('paid', 'adding')"),
        ),
        Index(None, "due_at", postgresql_where=text("state in ('paid', 'adding')")),
        Index(None, "server_id", "id"),
        CheckConstraint("state in ('paid', 'adding', 'done', 'refunded')", "state"),
        CheckConstraint("gb > 0", "gb"),
    )
