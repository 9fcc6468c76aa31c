"""Payments, and what the gateways told us by webhook."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.payments.rules import PaymentState
from skypanel.platform.db import Base, currency_column, id_column, minor_column


def _listed(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class Payment(Base):
    """One attempt to pay one invoice; the row is the intent, written before anybody is asked."""

    __tablename__ = "payments"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    attempt: Mapped[int]
    gateway: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = minor_column()
    currency: Mapped[str] = currency_column()
    fee_minor: Mapped[int | None] = minor_column(nullable=True)
    approve_url: Mapped[str | None] = mapped_column(String(2000))
    gateway_ref: Mapped[str | None] = mapped_column(String(80))
    capture_ref: Mapped[str | None] = mapped_column(String(80))
    declines: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(String(400))
    attention: Mapped[str | None] = mapped_column(String(400))
    credited_to_wallet: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ask_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("invoice_id", "attempt"),
        UniqueConstraint("gateway", "gateway_ref"),
        UniqueConstraint("gateway", "capture_ref"),
        Index(None, "account_id", "id"),
        Index(None, "state", "id"),
        Index("ix_payments_ask_at", "ask_at", postgresql_where=text("ask_at is not null")),
        CheckConstraint("amount_minor > 0", "amount"),
        CheckConstraint("gateway in ('paypal', 'wallet')", "gateway"),
        CheckConstraint(f"state in ({_listed([s.value for s in PaymentState])})", "state"),
        CheckConstraint("(state = 'settled') = (settled_at is not null)", "settled_at"),
    )


class Webhook(Base):
    """A delivery that a gateway surely sent, exactly as it came."""

    __tablename__ = "webhooks"
    id: Mapped[UUID] = id_column()
    provider: Mapped[str] = mapped_column(String(20))
    event_ref: Mapped[str] = mapped_column(String(120))
    event_type: Mapped[str] = mapped_column(String(80))
    raw: Mapped[bytes]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(400))
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"))
    __table_args__ = (
        UniqueConstraint("provider", "event_ref"),
        Index(None, "state", "id"),
        CheckConstraint("state in ('waiting', 'done', 'parked')", "state"),
    )
