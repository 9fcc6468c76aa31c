"""What money asks of the catalog: tax rules, price changes, own prices, coupons, add-ons."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, currency_column, id_column, minor_column

CYCLES = "('hourly', 'monthly', 'quarterly', 'half_yearly', 'yearly')"


class TaxRuleRow(Base):
    """A rate that staff set for a place, from a day to a day; it wins over the built-in rates."""

    __tablename__ = "tax_rules"
    id: Mapped[UUID] = id_column()
    country: Mapped[str] = mapped_column(CHAR(2))
    state: Mapped[str] = mapped_column(String(60))
    customer_kind: Mapped[str] = mapped_column(String(10))
    rate: Mapped[Decimal] = mapped_column(Numeric(6, 5))
    label: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("country", "state", "customer_kind", "starts_on"),
        CheckConstraint("rate between 0 and 1", "rate"),
        CheckConstraint("customer_kind in ('any', 'consumer', 'business')", "customer_kind"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", "days"),
    )


class PriceChange(Base):
    """A new price from a day on; `move` takes services that run with it, `keep` does not."""

    __tablename__ = "price_changes"
    id: Mapped[UUID] = id_column()
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), index=True)
    currency: Mapped[str] = currency_column()
    cycle: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    setup_minor: Mapped[int] = minor_column()
    effective_on: Mapped[date]
    policy: Mapped[str] = mapped_column(String(4))
    notice_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_price_changes_day", "plan_id", "currency", "cycle", "effective_on", unique=True,
            postgresql_where=text("state <> 'cancelled'"),
        ),
        Index(None, "effective_on", postgresql_where=text("state = 'announced'")),
        CheckConstraint("policy in ('keep', 'move')", "policy"),
        CheckConstraint("state in ('announced', 'applied', 'cancelled')", "state"),
        CheckConstraint("amount >= 0 and setup_minor >= 0 and notice_days >= 0", "amount"),
        CheckConstraint(f"cycle in {CYCLES}", "cycle"),
    )  # fmt: skip


class PriceOverride(Base):
    """An account's own price for a plan, with the reason staff gave."""

    __tablename__ = "price_overrides"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), index=True)
    currency: Mapped[str] = currency_column()
    cycle: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    reason: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    __table_args__ = (
        Index(None, "account_id", "plan_id"),
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", "days"),
        CheckConstraint(f"cycle in {CYCLES}", "cycle"),
    )


class Coupon(Base):
    """A code that takes something off; its row lock orders those who redeem it.

    Empty `plan_ids` and `cycles` mean all. `periods` is how many periods it holds for, none: all.
    """

    __tablename__ = "coupons"
    id: Mapped[UUID] = id_column()
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    amounts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    periods: Mapped[int | None]
    first_order_only: Mapped[bool]
    covers_setup: Mapped[bool]
    plan_ids: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    cycles: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    redemptions_max: Mapped[int | None]
    per_account_max: Mapped[int | None]
    enabled: Mapped[bool]
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("code = upper(code) and code <> ''", "code"),
        CheckConstraint("kind in ('percentage', 'fixed')", "kind"),
        CheckConstraint("(kind = 'percentage') = (percent is not null)", "percent_of_kind"),
        CheckConstraint("percent is null or percent > 0 and percent <= 100", "percent"),
        CheckConstraint("periods is null or periods > 0", "periods"),
    )


class CouponRedemption(Base):
    """A coupon as it was when an order used it; released when the order came to nothing."""

    __tablename__ = "coupon_redemptions"
    id: Mapped[UUID] = id_column()
    coupon_id: Mapped[UUID] = mapped_column(ForeignKey("coupons.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), unique=True)
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    amount_minor: Mapped[int | None] = minor_column(nullable=True)
    currency: Mapped[str] = currency_column()
    periods: Mapped[int | None]
    saved_minor: Mapped[int] = minor_column()
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "coupon_id", "account_id", postgresql_where=text("released_at is null")),
        Index(None, "coupon_id", "id"),
        Index(None, "account_id"),
        CheckConstraint("saved_minor >= 0", "saved"),
    )


class Addon(Base):
    """Something sold with a server: another IPv4 address, traffic, backups, or free-named."""

    __tablename__ = "addons"
    id: Mapped[UUID] = id_column()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(String(400))
    kind: Mapped[str] = mapped_column(String(10))
    quantity_max: Mapped[int]
    plan_ids: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    offered: Mapped[bool]
    position: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("kind in ('ipv4', 'traffic', 'backup', 'other')", "kind"),
        CheckConstraint("quantity_max between 1 and 1000", "quantity"),
    )


class AddonPrice(Base):
    """An add-on's price for one piece as it stood from one instant to another."""

    __tablename__ = "addon_prices"
    id: Mapped[UUID] = id_column()
    addon_id: Mapped[UUID] = mapped_column(ForeignKey("addons.id"), index=True)
    currency: Mapped[str] = currency_column()
    cycle: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_addon_prices_current", "addon_id", "currency", "cycle", unique=True,
            postgresql_where=text("until_at is null"),
        ),
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint(f"cycle in {CYCLES}", "cycle"),
    )  # fmt: skip
