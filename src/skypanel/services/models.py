"""What is billed over time."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, currency_column, id_column, minor_column


class Service(Base):
    """A plan at the price and in the zone it was bought; `renews_on` is a local date of the zone.

    Periods are counted from 0 at `anchor_on`, a local date that paying late never moves; the one
    that runs is `period_number`. Where the cycle was changed meanwhile, `shift_months` lets the
    numbers go on at the same anchor (`catalog.rules.turned`). `holds` says why it may not run,
    `cancels_on` when it ends by its customer's wish; `wished_end` is whether it has ended by that
    wish, and by nothing else.

    `price_exact` is the price in major units where it is finer than a minor unit; `priced_on` the
    day it was agreed, where that is not the day of the sale.
    """

    __tablename__ = "services"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), index=True)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("locations.id"))
    name: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(12))
    price_minor: Mapped[int] = minor_column()
    price_exact: Mapped[Decimal | None] = mapped_column(Numeric(18, 6))
    priced_on: Mapped[date | None]
    currency: Mapped[str] = currency_column()
    cycle: Mapped[str] = mapped_column(String(12))
    zone: Mapped[str] = mapped_column(String(64))
    trial_days: Mapped[int] = mapped_column(server_default=text("0"))
    anchor_on: Mapped[date | None]
    shift_months: Mapped[int] = mapped_column(server_default=text("0"))
    period_number: Mapped[int] = mapped_column(server_default=text("0"))
    period_starts_at: Mapped[datetime | None]
    period_ends_at: Mapped[datetime | None]
    renews_on: Mapped[date | None]
    holds: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    cancels_on: Mapped[date | None]
    wished_end: Mapped[bool] = mapped_column(server_default=text("false"))
    terminated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "account_id", "id"),
        Index(
            "uq_services_one_trial",
            "account_id",
            unique=True,
            postgresql_where=text("trial_days > 0 and state <> 'cancelled'"),
        ),
        Index(None, "renews_on", postgresql_where=text("state in ('active', 'suspended')")),
        CheckConstraint(
            "state in ('pending', 'active', 'suspended', 'terminated', 'erased', 'cancelled')",
            "state",
        ),
        CheckConstraint("price_minor >= 0", "price"),
        CheckConstraint(
            "state <> 'active' or (period_starts_at < period_ends_at and renews_on is not null)",
            "period",
        ),
    )


class ServiceAddon(Base):
    """An add-on that a service has: so many, each at the price and in the currency of the sale.

    It is billed with the service, for the same periods, until `ended_at`.
    """

    __tablename__ = "service_addons"
    id: Mapped[UUID] = id_column()
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    addon_id: Mapped[UUID] = mapped_column(ForeignKey("addons.id"), index=True)
    price_version: Mapped[UUID] = mapped_column(ForeignKey("addon_prices.id"))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int]
    price_minor: Mapped[int] = minor_column()
    price_exact: Mapped[Decimal | None] = mapped_column(Numeric(18, 6))
    currency: Mapped[str] = currency_column()
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("price_minor >= 0", "price"),
    )
