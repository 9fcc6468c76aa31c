"""Extra addresses of servers, from the wish for one until it is taken back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, currency_column, id_column, minor_column


class ExtraAddress(Base):
    """One extra IPv4 address: paid first, given by the panel once, billed with its service.

    `known` are the addresses that the server had when the panel was asked and its answer was lost:
    one that is not among them is ours. `task_id` is what the server is being asked, `due_at` when
    it is looked at next. `ends_at` is until when one that was given back is paid for.
    """

    __tablename__ = "extra_addresses"
    id: Mapped[UUID] = id_column()
    server_id: Mapped[UUID] = mapped_column(ForeignKey("servers.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    addon_id: Mapped[UUID] = mapped_column(ForeignKey("addons.id"))
    price_version: Mapped[UUID] = mapped_column(ForeignKey("addon_prices.id"))
    service_addon_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_addons.id"))
    name: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(16))
    price_minor: Mapped[int] = minor_column()
    price_exact: Mapped[Decimal | None] = mapped_column(Numeric(18, 6))
    currency: Mapped[str] = currency_column()
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), unique=True)
    address: Mapped[str | None] = mapped_column(String(45))
    known: Mapped[list[Any] | None]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("server_tasks.id"))
    error: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_extra_addresses_awaited",
            "server_id",
            unique=True,
            postgresql_where=text("state in ('awaiting_payment', 'paid', 'adding')"),
        ),
        Index(
            "uq_extra_addresses_held",
            "server_id",
            "address",
            unique=True,
            postgresql_where=text("state in ('active', 'leaving', 'taking')"),
        ),
        Index(None, "server_id", "id"),
        Index(None, "due_at", postgresql_where=text("due_at is not null")),
        Index(None, "expires_at", postgresql_where=text("state = 'awaiting_payment'")),
        Index(None, "closed_at", postgresql_where=text("state = 'refunded'")),
        CheckConstraint(
            "state in ('awaiting_payment', 'paid', 'adding', 'active', 'leaving', 'taking', 'gone',"
            " 'refunded', 'cancelled', 'expired')",
            "state",
        ),
        CheckConstraint(
            "state not in ('active', 'leaving', 'taking', 'gone')"
            " or (address is not null and service_addon_id is not null)",
            "given",
        ),
        CheckConstraint("price_minor >= 0", "price"),
    )
