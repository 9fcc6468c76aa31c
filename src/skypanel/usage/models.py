"""Hours of a service in a month, and how an account stands that pays by the hour."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, currency_column, id_column, minor_column


class UsageMonth(Base):
    """What a service used in a calendar month (UTC), at the price, cap and tax it began with.

    Every hour before `counted_until` since `begins_at` is in `hours` unless it was unpaid and
    suspended. `due_minor` is what the invoice would say now, `charged_minor` what of it was paid
    from the wallet into the book of prepaid usage, `promotional_minor` of that by credit. A service
    that ended and was taken back in the same month has another `part`, `spent_minor` of
    the cap being what the parts before took. `hours` and price are those of its plan of now; what
    the month has of plans before is in `earlier`. `discount` and `extras` are its coupon and its
    add-ons.
    """

    __tablename__ = "usage_months"
    id: Mapped[UUID] = id_column()
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    month: Mapped[date]
    part: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    price_exact: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    currency: Mapped[str] = currency_column()
    cap_minor: Mapped[int | None] = minor_column(nullable=True)
    spent_minor: Mapped[int] = minor_column()
    setup_minor: Mapped[int] = minor_column()
    discount: Mapped[dict[str, Any] | None]
    extras: Mapped[list[Any]]
    earlier: Mapped[list[Any]]
    tax: Mapped[dict[str, Any]]
    begins_at: Mapped[datetime]
    counted_until: Mapped[datetime]
    hours: Mapped[int]
    due_minor: Mapped[int] = minor_column()
    charged_minor: Mapped[int] = minor_column()
    promotional_minor: Mapped[int] = minor_column()
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), unique=True)
    __table_args__ = (
        Index("uq_usage_months_part", "service_id", "month", "part", unique=True),
        Index(
            "uq_usage_months_running",
            "service_id",
            unique=True,
            postgresql_where=text("state in ('open', 'held')"),
        ),
        Index(
            "ix_usage_months_due", "counted_until", "id", postgresql_where=text("state = 'open'")
        ),
        Index("ix_usage_months_closing", "id", postgresql_where=text("state = 'closing'")),
        Index(None, "account_id", postgresql_where=text("state in ('open', 'held', 'closing')")),
        CheckConstraint("state in ('open', 'held', 'closing', 'invoiced', 'free')", "state"),
        CheckConstraint("(state = 'invoiced') = (invoice_id is not null)", "invoice"),
        CheckConstraint("promotional_minor between 0 and charged_minor", "promotional"),
        CheckConstraint("charged_minor between 0 and due_minor", "charged"),
        CheckConstraint("begins_at <= counted_until", "counted"),
        CheckConstraint("hours >= 0 and price_exact >= 0 and setup_minor >= 0", "hours"),
        CheckConstraint("spent_minor >= 0", "spent"),
    )


class UsageAccount(Base):
    """Since when an account's money is low for its hourly servers, or did not cover an hour."""

    __tablename__ = "usage_accounts"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    low_since: Mapped[datetime | None]
    short_since: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "ix_usage_accounts_short",
            "short_since",
            postgresql_where=text("short_since is not null"),
        ),
    )
