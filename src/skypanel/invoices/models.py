"""Invoices, their lines, their numbers and documents; immutable once issued (`invoices.sql`)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.invoices.rules import PAYABLE
from skypanel.platform.db import Base, currency_column, id_column, minor_column


class Invoice(Base):
    """What an account is asked to pay, with buyer and seller as they were when it was issued."""

    __tablename__ = "invoices"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    becomes: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(14))
    number: Mapped[str] = mapped_column(String(40), unique=True)
    proforma_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    currency: Mapped[str] = currency_column()
    net_minor: Mapped[int] = minor_column()
    tax_minor: Mapped[int] = minor_column()
    total_minor: Mapped[int] = minor_column()
    paid_minor: Mapped[int] = minor_column()
    credited_minor: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    issued_on: Mapped[date]
    due_on: Mapped[date]
    buyer: Mapped[dict[str, Any]]
    seller: Mapped[dict[str, Any]]
    order_ref: Mapped[UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    tax_note: Mapped[str] = mapped_column(String(400), server_default=text("''"))
    void_reason: Mapped[str | None] = mapped_column(String(400))
    credit_reason: Mapped[str | None] = mapped_column(String(400))
    credits_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    __table_args__ = (
        Index(None, "account_id", "id"),
        Index(None, "account_id", "state", "id"),
        Index(None, "state", "id"),
        Index(None, "kind", "id"),
        CheckConstraint("kind in ('proforma', 'tax', 'receipt', 'credit_note')", "kind"),
        CheckConstraint(
            "state in ('draft', 'open', 'paid', 'void', 'uncollectible', 'issued')", "state"
        ),
        CheckConstraint("total_minor = net_minor + tax_minor", "total"),
        CheckConstraint("paid_minor between 0 and total_minor", "paid"),
        CheckConstraint("(state = 'paid') = (paid_at is not null)", "paid_at"),
        CheckConstraint(
            "state <> 'paid' or paid_minor + credited_minor >= total_minor", "paid_whole"
        ),
        CheckConstraint("credited_minor between 0 and total_minor", "credited"),
        CheckConstraint("(kind = 'credit_note') = (credits_id is not null)", "credits"),
        CheckConstraint("(kind = 'credit_note') = (credit_reason is not null)", "credit_reason"),
        CheckConstraint("kind <> 'credit_note' or state in ('draft', 'issued')", "credit_state"),
        CheckConstraint("state <> 'issued' or kind = 'credit_note'", "issued"),
        CheckConstraint(
            "(kind = 'proforma') = (number is not distinct from proforma_number)", "numbered"
        ),
    )

    @property
    def due_minor(self) -> int:
        """What is still to be paid: neither paid nor credited."""
        if self.state not in PAYABLE:
            return 0
        return max(0, self.total_minor - self.paid_minor - self.credited_minor)


class InvoiceLine(Base):
    """One thing on an invoice, its tax rounded once."""

    __tablename__ = "invoice_lines"
    id: Mapped[UUID] = id_column()
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    position: Mapped[int]
    description: Mapped[str] = mapped_column(String(300))
    detail: Mapped[str | None] = mapped_column(String(600))
    quantity: Mapped[int]
    unit_price_minor: Mapped[int] = minor_column()
    net_minor: Mapped[int] = minor_column()
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(6, 5))
    tax_minor: Mapped[int] = minor_column()
    tax_category: Mapped[str] = mapped_column(String(2))
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    explanation: Mapped[dict[str, Any] | None]
    credits_line_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoice_lines.id"), index=True)
    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        CheckConstraint("net_minor = unit_price_minor * quantity", "net"),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("tax_category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')", "category"),
        CheckConstraint("tax_category = 'S' or tax_rate = 0", "category_rate"),
    )


class NumberSeries(Base):
    """The last number taken of a series in a year; its row lock keeps the numbers gapless."""

    __tablename__ = "number_series"
    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]


class InvoiceDocument(Base):
    """The PDF of an invoice in one of its kinds."""

    __tablename__ = "invoice_documents"
    id: Mapped[UUID] = id_column()
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes]
    rendered_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("invoice_id", "kind"),)


class StatementDocument(Base):
    """A statement of account that somebody asked for as a PDF; kept for a day."""

    __tablename__ = "statement_documents"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    content: Mapped[bytes | None]
    asked_at: Mapped[datetime] = mapped_column(index=True)
