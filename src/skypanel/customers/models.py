"""What stands on an account's invoices, and the zone and language it is served in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base


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
    time_zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(12))
    updated_at: Mapped[datetime]
