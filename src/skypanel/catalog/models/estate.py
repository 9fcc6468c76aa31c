"""The panel's hypervisors as we last read them, and a line a day of what was given out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, id_column


class PanelHost(Base):
    """A hypervisor: what of it is given out, of so much; no most sets no limit.

    `stores` are its storages: name, kind, GiB used and most.
    """

    __tablename__ = "panel_hosts"
    id: Mapped[UUID] = id_column()
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panels.id"))
    group_id: Mapped[UUID] = mapped_column(ForeignKey("panel_groups.id"), index=True)
    virtfusion_ref: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    open: Mapped[bool]
    servers_used: Mapped[int]
    servers_most: Mapped[int | None]
    memory_mib_used: Mapped[int]
    memory_mib_most: Mapped[int | None]
    vcpu_used: Mapped[int]
    vcpu_most: Mapped[int | None]
    stores: Mapped[list[Any]]
    seen_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("panel_id", "virtfusion_ref"),)


class CapacityDay(Base):
    """What was given out of a group on a day (UTC), and what was left on its open hosts.

    The last reading of the day stays. No left means no limit. `stores` has each kind of storage:
    its code, a name, GiB used and left.
    """

    __tablename__ = "capacity_days"
    group_id: Mapped[UUID] = mapped_column(ForeignKey("panel_groups.id"), primary_key=True)
    read_on: Mapped[date] = mapped_column(primary_key=True)
    servers: Mapped[int]
    memory_mib_used: Mapped[int]
    memory_mib_left: Mapped[int | None]
    vcpu_used: Mapped[int]
    vcpu_left: Mapped[int | None]
    stores: Mapped[list[Any]]
    ipv4_left: Mapped[int | None]
    read_at: Mapped[datetime]
