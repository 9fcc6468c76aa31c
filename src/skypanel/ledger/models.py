"""Books, and the transfers between them; what was written is never changed (`ledger.sql`)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.ledger.rules import LOCK_ORDER, PERSONAL
from skypanel.platform.db import Base, currency_column, id_column, minor_column


def _listed(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class Book(Base):
    """A ledger account of one kind and currency: an account's own, or the house's."""

    __tablename__ = "books"
    id: Mapped[UUID] = id_column()
    kind: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = currency_column()
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    balance_minor: Mapped[int] = minor_column()
    floor_minor: Mapped[int | None] = minor_column(nullable=True)
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint(
            "kind", "currency", "account_id", postgresql_nulls_not_distinct=True, name="uq_books"
        ),
        Index(None, "account_id"),
        CheckConstraint(f"kind in ({_listed(LOCK_ORDER)})", "kind"),
        CheckConstraint(
            f"(kind in ({_listed(sorted(PERSONAL))})) = (account_id is not null)", "owner"
        ),
        CheckConstraint("balance_minor >= floor_minor", "floor"),
    )


class Transfer(Base):
    """One movement of money with its reason; its key makes it happen once."""

    __tablename__ = "transfers"
    id: Mapped[UUID] = id_column()
    key: Mapped[str] = mapped_column(String(120), unique=True)
    reason: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]
    at: Mapped[datetime]


class Entry(Base):
    """One book's part of a transfer, with the balance it left behind."""

    __tablename__ = "entries"
    id: Mapped[UUID] = id_column()
    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("transfers.id"))
    book_id: Mapped[UUID] = mapped_column(ForeignKey("books.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = currency_column()
    balance_after_minor: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("transfer_id", "book_id"),
        Index(None, "book_id", "id"),
        Index(None, "account_id", "id"),
        Index(None, "account_id", "at"),
        CheckConstraint("amount_minor <> 0", "amount"),
    )


class LedgerProof(Base):
    """One time that every balance was rebuilt from its entries."""

    __tablename__ = "ledger_proofs"
    id: Mapped[UUID] = id_column()
    at: Mapped[datetime]
    books: Mapped[int]
    differences: Mapped[int]


class LedgerDifference(Base):
    """A balance that is not the sum of its entries; without a book: a currency not at zero."""

    __tablename__ = "ledger_differences"
    id: Mapped[UUID] = id_column()
    book_id: Mapped[UUID | None] = mapped_column(ForeignKey("books.id"))
    currency: Mapped[str] = currency_column()
    recorded_minor: Mapped[int] = minor_column()
    rebuilt_minor: Mapped[int] = minor_column()
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_ledger_differences_standing",
            "book_id",
            "currency",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("settled_at is null"),
        ),
    )
