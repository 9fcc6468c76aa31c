"""What the panel offers as we last read it, and what we sell of it."""

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


class Panel(Base):
    """A VirtFusion panel; its references are unique only within it."""

    __tablename__ = "panels"
    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(100), unique=True)
    synchronised_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PanelPackage(Base):
    """A size of server as the panel defines it."""

    __tablename__ = "panel_packages"
    id: Mapped[UUID] = id_column()
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panels.id"))
    virtfusion_ref: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    enabled: Mapped[bool]
    vcpu: Mapped[int]
    memory_mib: Mapped[int]
    disk_gib: Mapped[int]
    traffic_gb: Mapped[int]
    port_mbps: Mapped[int]
    storage_type: Mapped[int]
    seen_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("panel_id", "virtfusion_ref"),)


class PanelGroup(Base):
    """A hypervisor group: a place where the panel can create servers."""

    __tablename__ = "panel_groups"
    id: Mapped[UUID] = id_column()
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panels.id"))
    virtfusion_ref: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(400))
    enabled: Mapped[bool]
    seen_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("panel_id", "virtfusion_ref"),)


class PanelTemplate(Base):
    """An operating system that the panel can install."""

    __tablename__ = "panel_templates"
    id: Mapped[UUID] = id_column()
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panels.id"))
    virtfusion_ref: Mapped[int]
    group_name: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(100))
    variant: Mapped[str] = mapped_column(String(100))
    icon: Mapped[str] = mapped_column(String(100))
    ended: Mapped[bool]
    eol_on: Mapped[date | None]
    seen_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("panel_id", "virtfusion_ref"),)


class PackageTemplate(Base):
    """Which system can be installed on which size."""

    __tablename__ = "package_templates"
    package_id: Mapped[UUID] = mapped_column(
        ForeignKey("panel_packages.id", ondelete="CASCADE"), primary_key=True
    )
    template_id: Mapped[UUID] = mapped_column(
        ForeignKey("panel_templates.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Location(Base):
    """A place we sell servers in; new ones are closed until staff name and open them."""

    __tablename__ = "locations"
    id: Mapped[UUID] = id_column()
    group_id: Mapped[UUID] = mapped_column(ForeignKey("panel_groups.id"), unique=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(CHAR(2))
    status: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("status in ('open', 'closed')", "status"),
        CheckConstraint("status = 'closed' or country ~ '^[A-Z]{2}$'", "country"),
    )


class Image(Base):
    """An operating system we offer."""

    __tablename__ = "images"
    id: Mapped[UUID] = id_column()
    template_id: Mapped[UUID] = mapped_column(ForeignKey("panel_templates.id"), unique=True)
    family: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[str | None] = mapped_column(String(60))
    icon: Mapped[str] = mapped_column(String(40))
    default_user: Mapped[str] = mapped_column(String(32))
    min_memory_mib: Mapped[int]
    min_disk_gib: Mapped[int]
    eol_on: Mapped[date | None]
    offered: Mapped[bool]
    position: Mapped[int]
    created_at: Mapped[datetime]


class Plan(Base):
    """What is sold: a size of the panel under our name."""

    __tablename__ = "plans"
    id: Mapped[UUID] = id_column()
    package_id: Mapped[UUID] = mapped_column(ForeignKey("panel_packages.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(String(400))
    offered: Mapped[bool]
    position: Mapped[int]
    trial_days: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("trial_days between 0 and 365", "trial_days"),)


class PlanPrice(Base):
    """A price as it stood from one instant to another; its id is the price version."""

    __tablename__ = "plan_prices"
    id: Mapped[UUID] = id_column()
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), index=True)
    currency: Mapped[str] = currency_column()
    cycle: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    setup_minor: Mapped[int] = minor_column()
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_plan_prices_current",
            "plan_id",
            "currency",
            "cycle",
            unique=True,
            postgresql_where=text("until_at is null"),
        ),
        CheckConstraint("amount >= 0 and setup_minor >= 0", "amount"),
        CheckConstraint(
            "cycle in ('hourly', 'monthly', 'quarterly', 'half_yearly', 'yearly')", "cycle"
        ),
    )


class PlanLocation(Base):
    """Where a plan is sold."""

    __tablename__ = "plan_locations"
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    location_id: Mapped[UUID] = mapped_column(
        ForeignKey("locations.id"), primary_key=True, index=True
    )


class StockLevel(Base):
    """What was free in a location when the panel was last asked; its row lock orders the buyers."""

    __tablename__ = "stock_levels"
    location_id: Mapped[UUID] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    hosts: Mapped[list[Any]]
    free_ipv4: Mapped[int | None]
    read_at: Mapped[datetime]


class StockHold(Base):
    """Room set aside for an order, in resource units; without an end once it is paid."""

    __tablename__ = "stock_holds"
    id: Mapped[UUID] = id_column()
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("locations.id"))
    vcpu: Mapped[int]
    memory_mib: Mapped[int]
    disk_gib: Mapped[int]
    storage_type: Mapped[int]
    ipv4_count: Mapped[int]
    created_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "location_id", "used_at"),)
