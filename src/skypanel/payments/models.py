"""Payments, and what the gateways told us by webhook."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.payments.rules import (
    DISPUTE_STATES,
    GATEWAYS,
    METHOD_STATES,
    REFUND_STATES,
    SUBSCRIPTION_STATES,
    PaymentState,
)
from skypanel.platform.db import Base, currency_column, id_column, minor_column


def _listed(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class Payment(Base):
    """One attempt to pay one invoice; the row is the intent, written before anybody is asked.

    `amount_minor` is what the gateway is asked for, `wallet_minor` what the wallet adds to it (of
    which `promotional_minor` was promotional credit), `taken_minor` what the gateway took, of which
    `to_wallet_minor` was more than was due. `refunded_minor` went back through the gateway and
    `returned_minor` to the wallet, both counted from the moment they are promised.
    """

    __tablename__ = "payments"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    attempt: Mapped[int]
    gateway: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = minor_column()
    currency: Mapped[str] = currency_column()
    taken_minor: Mapped[int | None] = minor_column(nullable=True)
    wallet_minor: Mapped[int] = minor_column()
    promotional_minor: Mapped[int] = minor_column()
    to_wallet_minor: Mapped[int] = minor_column()
    refunded_minor: Mapped[int] = minor_column()
    returned_minor: Mapped[int] = minor_column()
    fee_minor: Mapped[int | None] = minor_column(nullable=True)
    method_id: Mapped[UUID | None] = mapped_column(ForeignKey("saved_methods.id"))
    automatic: Mapped[bool] = mapped_column(default=False)
    save_method: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str | None] = mapped_column(String(20), unique=True)
    received_on: Mapped[date | None]
    approve_url: Mapped[str | None] = mapped_column(String(2000))
    gateway_ref: Mapped[str | None] = mapped_column(String(80))
    capture_ref: Mapped[str | None] = mapped_column(String(80))
    declines: Mapped[int] = mapped_column(default=0)
    decline_code: Mapped[str | None] = mapped_column(String(80))
    message: Mapped[str | None] = mapped_column(String(400))
    attention: Mapped[str | None] = mapped_column(String(400))
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
        CheckConstraint("wallet_minor >= 0 and promotional_minor >= 0", "wallet"),
        CheckConstraint("refunded_minor between 0 and coalesce(taken_minor, 0)", "refunded"),
        CheckConstraint(
            "returned_minor >= 0 and refunded_minor + returned_minor"
            " <= coalesce(taken_minor, 0) + wallet_minor - promotional_minor",
            "returned",
        ),
        CheckConstraint(f"gateway in ({_listed(list(GATEWAYS))})", "gateway"),
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


class SavedMethod(Base):
    """A payer's consent, kept at the gateway, to be charged without being present."""

    __tablename__ = "saved_methods"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    gateway: Mapped[str] = mapped_column(String(20))
    method_ref: Mapped[str] = mapped_column(String(255))
    label: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    preferred: Mapped[bool] = mapped_column(default=False)
    consent: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("gateway", "method_ref"),
        Index(None, "account_id", "id"),
        Index(
            "uq_saved_methods_preferred",
            "account_id",
            unique=True,
            postgresql_where=text("preferred"),
        ),
        CheckConstraint(f"state in ({_listed(list(METHOD_STATES))})", "state"),
        CheckConstraint("(state = 'active') = (ended_at is null)", "ended_at"),
        CheckConstraint("state = 'active' or not preferred", "preferred"),
    )


class Credit(Base):
    """Promotional credit granted to an account; what expires first is spent first."""

    __tablename__ = "credits"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    currency: Mapped[str] = currency_column()
    amount_minor: Mapped[int] = minor_column()
    left_minor: Mapped[int] = minor_column()
    expired_minor: Mapped[int] = minor_column()
    reason: Mapped[str] = mapped_column(String(200))
    expires_on: Mapped[date | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        Index(None, "account_id", "id"),
        Index("ix_credits_expires_on", "expires_on", postgresql_where=text("left_minor > 0")),
        CheckConstraint("amount_minor > 0", "amount"),
        CheckConstraint("left_minor >= 0 and expired_minor >= 0", "left"),
        CheckConstraint("left_minor + expired_minor <= amount_minor", "spent"),
    )


class Refund(Base):
    """Money that goes back, the row being the intent; `ours` is false when PayPal told us first."""

    __tablename__ = "refunds"
    id: Mapped[UUID] = id_column()
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    destination: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    amount_minor: Mapped[int] = minor_column()
    credited_minor: Mapped[int] = minor_column()
    from_wallet_minor: Mapped[int] = minor_column()
    currency: Mapped[str] = currency_column()
    reason: Mapped[str] = mapped_column(String(400))
    ours: Mapped[bool]
    reversal: Mapped[bool]
    refund_ref: Mapped[str | None] = mapped_column(String(80), unique=True)
    credit_note_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"))
    tries: Mapped[int]
    message: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    ask_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "payment_id", "id"),
        Index(None, "account_id", "id"),
        Index("ix_refunds_ask_at", "ask_at", postgresql_where=text("ask_at is not null")),
        CheckConstraint("amount_minor > 0", "amount"),
        CheckConstraint("credited_minor + from_wallet_minor <= amount_minor", "parts"),
        CheckConstraint("destination in ('payment', 'wallet')", "destination"),
        CheckConstraint(f"state in ({_listed(list(REFUND_STATES))})", "state"),
        CheckConstraint("(state = 'done') = (done_at is not null)", "done_at"),
    )


class Dispute(Base):
    """A payment that its payer contests; `held_minor` is what the gateway keeps from us."""

    __tablename__ = "disputes"
    id: Mapped[UUID] = id_column()
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    gateway: Mapped[str] = mapped_column(String(20))
    dispute_ref: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(10))
    amount_minor: Mapped[int] = minor_column()
    held_minor: Mapped[int] = minor_column()
    currency: Mapped[str] = currency_column()
    reason: Mapped[str] = mapped_column(String(80))
    stage: Mapped[str] = mapped_column(String(40))
    said: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str | None] = mapped_column(String(60))
    turns: Mapped[int]
    reversal_id: Mapped[UUID | None] = mapped_column(ForeignKey("refunds.id"))
    answer_until: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("gateway", "dispute_ref"),
        Index(None, "payment_id"),
        Index(None, "account_id", "id"),
        Index(None, "state", "id"),
        CheckConstraint("held_minor >= 0", "held"),
        CheckConstraint(f"state in ({_listed(list(DISPUTE_STATES))})", "state"),
    )


class DisputeNote(Base):
    """What staff gathered for a dispute."""

    __tablename__ = "dispute_notes"
    id: Mapped[UUID] = id_column()
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey("disputes.id"))
    author: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(4000))
    created_at: Mapped[datetime]
    __table_args__ = (Index(None, "dispute_id", "id"),)


class AutoTopUp(Base):
    """An account's wish that its wallet never runs dry."""

    __tablename__ = "auto_top_ups"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    currency: Mapped[str] = currency_column()
    enabled: Mapped[bool]
    threshold_minor: Mapped[int] = minor_column()
    amount_minor: Mapped[int] = minor_column()
    month_max_minor: Mapped[int] = minor_column()
    failures: Mapped[int]
    message: Mapped[str | None] = mapped_column(String(400))
    next_try_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        Index("ix_auto_top_ups_next_try_at", "next_try_at", postgresql_where=text("enabled")),
        CheckConstraint("amount_minor > 0 and threshold_minor > 0", "amounts"),
        CheckConstraint("month_max_minor >= amount_minor", "month_max"),
    )


class UnmatchedTransaction(Base):
    """A movement in PayPal's own report that our books do not know."""

    __tablename__ = "unmatched_paypal_transactions"
    id: Mapped[UUID] = id_column()
    transaction_ref: Mapped[str] = mapped_column(String(40), unique=True)
    related_ref: Mapped[str | None] = mapped_column(String(40))
    event_code: Mapped[str] = mapped_column(String(10))
    amount_minor: Mapped[int] = minor_column()
    currency: Mapped[str] = currency_column()
    invoice_ref: Mapped[str | None] = mapped_column(String(127))
    custom_id: Mapped[str | None] = mapped_column(String(127))
    happened_at: Mapped[datetime]
    found_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(400))
    __table_args__ = (
        Index(None, "state", "id"),
        CheckConstraint("state in ('open', 'matched', 'dismissed')", "state"),
    )


class PayPalSubscription(Base):
    """A subscription at PayPal: its money comes when PayPal says so, and fills the wallet."""

    __tablename__ = "paypal_subscriptions"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    state: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = minor_column()
    currency: Mapped[str] = currency_column()
    months: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    product_ref: Mapped[str | None] = mapped_column(String(60))
    plan_ref: Mapped[str | None] = mapped_column(String(60))
    subscription_ref: Mapped[str | None] = mapped_column(String(60), unique=True)
    approve_url: Mapped[str | None] = mapped_column(String(2000))
    wish: Mapped[str | None] = mapped_column(String(20))
    wished_minor: Mapped[int | None] = minor_column(nullable=True)
    revisions: Mapped[int]
    message: Mapped[str | None] = mapped_column(String(400))
    next_bill_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ask_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "account_id", "id"),
        Index(
            "uq_paypal_subscriptions_live",
            "service_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index(
            "ix_paypal_subscriptions_ask_at",
            "ask_at",
            postgresql_where=text("ask_at is not null"),
        ),
        CheckConstraint("amount_minor > 0 and months > 0", "amount"),
        CheckConstraint(f"state in ({_listed(list(SUBSCRIPTION_STATES))})", "state"),
        CheckConstraint("wish in ('suspend', 'cancel', 'activate', 'revise')", "wish"),
    )
