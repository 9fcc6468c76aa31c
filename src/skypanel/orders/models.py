"""Orders, with what was ordered as it was described when it was ordered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, currency_column, id_column, minor_column


class Order(Base):
    """A wish to buy one server. `ssh_keys` are [name, public key] pairs as they were then.

    `addons` are what was chosen with it, by name and number. One of the kind `adopted` stands for a
    server that the panel had before: nothing was paid, `paid_at` is when it was taken over. One
    whose server could not be made is closed for `close_reason`, its money given back `refund_to`.
    """

    __tablename__ = "orders"
    id: Mapped[UUID] = id_column()
    number: Mapped[int] = mapped_column(BigInteger, Identity(start=1001), unique=True)
    kind: Mapped[str] = mapped_column(String(8), server_default=text("'bought'"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(String(16))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), unique=True)
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), unique=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("locations.id"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id"))
    price_version: Mapped[UUID] = mapped_column(ForeignKey("plan_prices.id"))
    plan: Mapped[dict[str, Any]]
    location: Mapped[dict[str, Any]]
    image: Mapped[dict[str, Any]]
    hostname: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(60))
    ssh_keys: Mapped[list[Any]]
    password_login: Mapped[bool]
    cycle: Mapped[str] = mapped_column(String(12))
    currency: Mapped[str] = currency_column()
    price_minor: Mapped[int] = minor_column()
    setup_minor: Mapped[int] = minor_column()
    total_minor: Mapped[int] = minor_column()
    discount_minor: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    coupon_code: Mapped[str | None] = mapped_column(String(40))
    addons: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    trial_days: Mapped[int] = mapped_column(server_default=text("0"))
    refund_to: Mapped[str | None] = mapped_column(String(8))
    close_reason: Mapped[str | None] = mapped_column(String(400))
    failure: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "account_id", "id"),
        Index(None, "expires_at", postgresql_where=text("state = 'awaiting_payment'")),
        CheckConstraint(
            "state in ('awaiting_payment', 'paid', 'active', 'failed', 'cancelled', 'expired',"
            " 'closing', 'refunded')",
            "state",
        ),
        CheckConstraint("kind in ('bought', 'adopted')", "kind"),
        CheckConstraint("refund_to in ('payment', 'wallet')", "refund_to"),
        CheckConstraint(
            "state not in ('closing', 'refunded') or"
            " (refund_to is not null and close_reason is not null)",
            "closed",
        ),
        CheckConstraint("total_minor >= 0", "total"),
        CheckConstraint(
            "state not in ('paid', 'active', 'failed') or paid_at is not null", "paid_at"
        ),
    )
