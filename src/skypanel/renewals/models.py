"""Billed periods, what is next for each service, and what was done."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
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


class PlanChange(Base):
    """Another plan or cycle for a service, now or with a period; `state` tells how far it is.

    `number` is the running period of a change now, the first one of the new plan of one at renewal.
    `credit_` and `charge_` are what came back of the old plan and what the rest of the period costs
    at the new one, `days_left` the days that this is for. `plan` is the size that the server gets,
    `notes` the credit notes by which a difference was given back. `asked_at` is set before the
    panel is asked. `cycle` is none where it stays; `addons` are what add-ons cost in another one,
    by their id.
    """

    __tablename__ = "plan_changes"
    id: Mapped[UUID] = id_column()
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    timing: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    plan_before_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    plan: Mapped[dict[str, Any]]
    cycle_before: Mapped[str | None] = mapped_column(String(12))
    cycle: Mapped[str | None] = mapped_column(String(12))
    addons: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    name_before: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    price_minor: Mapped[int] = minor_column()
    price_exact: Mapped[Decimal | None] = mapped_column(Numeric(18, 6))
    currency: Mapped[str] = currency_column()
    priced_on: Mapped[date]
    number: Mapped[int]
    effective_on: Mapped[date]
    days_left: Mapped[int]
    days_whole: Mapped[int]
    credit_net_minor: Mapped[int] = minor_column()
    credit_tax_minor: Mapped[int] = minor_column()
    charge_net_minor: Mapped[int] = minor_column()
    charge_tax_minor: Mapped[int] = minor_column()
    charge_rate: Mapped[Decimal] = mapped_column(Numeric(6, 5))
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), unique=True)
    notes: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    reason: Mapped[str | None] = mapped_column(String(400))
    restarts: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(400))
    __table_args__ = (
        Index(
            "uq_plan_changes_under_way",
            "service_id",
            unique=True,
            postgresql_where=text(
                "state in ('asked', 'awaiting_payment', 'scheduled', 'applying', 'failed')"
            ),
        ),
        Index(None, "service_id", "id"),
        Index(None, "expires_at", postgresql_where=text("state = 'awaiting_payment'")),
        Index(None, "due_at", postgresql_where=text("state = 'applying'")),
        CheckConstraint("timing in ('now', 'renewal')", "timing"),
        CheckConstraint(
            "state in ('asked', 'awaiting_payment', 'scheduled', 'applying', 'failed', 'done',"
            " 'cancelled', 'expired')",
            "state",
        ),
        CheckConstraint("plan_id <> plan_before_id or cycle is not null", "plan"),
        CheckConstraint("cycle <> cycle_before", "cycle"),
        CheckConstraint("(cycle is null) = (cycle_before is null)", "cycles"),
        CheckConstraint("cycle is null or timing = 'renewal'", "cycle_timing"),
        CheckConstraint("price_minor >= 0", "price"),
        CheckConstraint("days_left between 0 and days_whole", "days"),
        CheckConstraint("state <> 'awaiting_payment' or invoice_id is not null", "invoice"),
        CheckConstraint(
            "(state in ('applying', 'failed', 'done')) = (applied_at is not null)", "applied"
        ),
    )

    @property
    def total_minor(self) -> int:
        """What the change costs; below nothing where money comes back."""
        charge = self.charge_net_minor + self.charge_tax_minor
        return charge - self.credit_net_minor - self.credit_tax_minor


class RunGate(Base):
    """The one row that says whether the billing run waits for staff, and how far they let it go.

    Where it is needed the run does nothing that is due after `approved_until`.
    """

    __tablename__ = "run_gates"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    needed: Mapped[bool] = mapped_column(server_default=text("false"))
    approved_until: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(400))
    __table_args__ = (CheckConstraint("id = 1", "one"),)


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
