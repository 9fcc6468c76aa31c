"""Billed periods, what is next for each service, and what was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, currency_column, id_column, minor_column


class Schedule(Base):
    """What is next for a service: the billing run takes rows whose instant has come.

    `billed` is the number of the last period that was billed; a parked row waits for staff.
    """

    __tablename__ = "schedules"
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    billed: Mapped[int]
    next_at: Mapped[datetime | None]
    next_step: Mapped[str | None] = mapped_column(String(12))
    next_rank: Mapped[int]
    parked_at: Mapped[datetime | None]
    parked_because: Mapped[str | None] = mapped_column(String(400))
    __table_args__ = (
        Index(
            "ix_schedules_due",
            "next_at",
            "next_rank",
            "service_id",
            postgresql_where=text("parked_at is null and next_at is not null"),
        ),
        Index("ix_schedules_parked", "parked_at", postgresql_where=text("parked_at is not null")),
        CheckConstraint("(next_at is null) = (next_step is null)", "next"),
    )


class Renewal(Base):
    """One period of one service, billed once; `done` are the steps taken about its invoice."""

    __tablename__ = "renewals"
    id: Mapped[UUID] = id_column()
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[int]
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    period_starts_at: Mapped[datetime]
    period_ends_at: Mapped[datetime]
    due_on: Mapped[date]
    total_minor: Mapped[int] = minor_column()
    currency: Mapped[str] = currency_column()
    done: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    billed_at: Mapped[datetime]
    __table_args__ = (
        # One charge per service and period; what was voided before its period began may return.
        Index(
            "uq_renewals_number",
            "service_id",
            "number",
            unique=True,
            postgresql_where=text("state <> 'void'"),
        ),
        Index(
            "uq_renewals_period",
            "service_id",
            "period_starts_at",
            unique=True,
            postgresql_where=text("state <> 'void'"),
        ),
        Index(None, "account_id", "id"),
        Index(None, "service_id", postgresql_where=text("state = 'open'")),
        Index(None, "billed_at"),
        CheckConstraint("state in ('open', 'paid', 'void', 'free')", "state"),
        CheckConstraint("(state = 'free') = (invoice_id is null)", "invoice"),
        CheckConstraint("period_starts_at < period_ends_at", "period"),
        CheckConstraint("number >= 0", "number"),
    )


class RenewalAct(Base):
    """One thing that the billing run did, for staff to read beside its preview."""

    __tablename__ = "renewal_acts"
    id: Mapped[UUID] = id_column()
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    step: Mapped[str] = mapped_column(String(12))
    number: Mapped[int]
    day: Mapped[int]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int | None] = minor_column(nullable=True)
    currency: Mapped[str] = currency_column()
    __table_args__ = (Index(None, "done_at", "id"), Index(None, "service_id", "id"))


class PolicyRow(Base):
    """A named policy; the one that is the default holds for plans without their own."""

    __tablename__ = "renewal_policies"
    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(60), unique=True)
    terms: Mapped[dict[str, Any]]
    default: Mapped[bool] = mapped_column(server_default=text("false"))
    updated_at: Mapped[datetime]
    __table_args__ = (
        Index(
            "uq_renewal_policies_default",
            "default",
            unique=True,
            postgresql_where=text('"default"'),
        ),
    )


class PlanPolicy(Base):
    """Which policy a plan follows."""

    __tablename__ = "plan_policies"
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("renewal_policies.id"))


class AccountTerms(Base):
    """What was agreed with an account: never suspended, or not before a day."""

    __tablename__ = "account_terms"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    exempt: Mapped[bool] = mapped_column(server_default=text("false"))
    promise_until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(400))
    updated_at: Mapped[datetime]
