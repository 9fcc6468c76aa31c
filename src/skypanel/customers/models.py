"""What stands on an account's invoices, and the zone and language it is served in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column


class Profile(Base):
    """An account on paper. Its name and currency are on the account itself."""

    __tablename__ = "profiles"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    company: Mapped[str | None] = mapped_column(String(160))
    line1: Mapped[str | None] = mapped_column(String(160))
    line2: Mapped[str | None] = mapped_column(String(160))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str | None] = mapped_column(String(120))
    country: Mapped[str | None] = mapped_column(CHAR(2))
    tax_number: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(10), server_default=text("'consumer'"))
    tax_number_state: Mapped[str] = mapped_column(String(14), server_default=text("'none'"))
    tax_number_checked_at: Mapped[datetime | None]
    tax_number_tried_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(12))
    updated_at: Mapped[datetime]
    __table_args__ = (
        Index(
            None,
            "tax_number_tried_at",
            postgresql_where=text("tax_number_state in ('unchecked', 'valid', 'invalid')"),
        ),
        CheckConstraint("kind in ('consumer', 'business')", "kind"),
        CheckConstraint(
            "tax_number_state in ('none', 'unchecked', 'valid', 'invalid', 'not_checkable')",
            "tax_number_state",
        ),
    )


class TaxNumberCheck(Base):
    """Proof that the register was asked about a number, and what it said; never changed."""

    __tablename__ = "tax_number_checks"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[str] = mapped_column(String(32))
    valid: Mapped[bool]
    consultation_ref: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(String(60))
    checked_at: Mapped[datetime]
    __table_args__ = (Index(None, "account_id", "id"),)
