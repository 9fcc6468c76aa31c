"""Writing down what the panel says of its hypervisors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from skypanel.catalog.actions.panel import the_panel
from skypanel.catalog.events import CapacityRead
from skypanel.catalog.models import CapacityDay, PanelGroup, PanelHost
from skypanel.catalog.rules import DAYS_KEPT, day_of
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id


@dataclass(frozen=True, slots=True)
class GroupReading:
    """One group as it answered: its hosts as rows, and the addresses left in its pool."""

    group_ref: int
    hosts: list[dict[str, Any]]
    free_ipv4: int | None


async def note_capacity(db: Db, readings: list[GroupReading]) -> None:
    """Take over the hosts of the groups that answered and write each group's line of the day.

    A group that did not answer keeps its hosts and has no line: a gap is shown as a gap.
    Publishes CapacityRead.
    """
    panel_id = await the_panel(db)
    known = await db.execute(
        select(PanelGroup.virtfusion_ref, PanelGroup.id).where(PanelGroup.panel_id == panel_id)
    )
    groups: dict[int, UUID] = dict(known.all())
    for reading in readings:
        group_id = groups.get(reading.group_ref)
        if group_id is not None:
            await _take_hosts(db, panel_id, group_id, reading.hosts)
            await _write_day(db, group_id, day_of(reading.hosts, reading.free_ipv4))
    old = db.now.astimezone(UTC).date() - timedelta(days=DAYS_KEPT)
    await db.execute(delete(CapacityDay).where(CapacityDay.read_on < old))
    db.publish(CapacityRead())


async def _take_hosts(db: Db, panel_id: UUID, group_id: UUID, hosts: list[dict[str, Any]]) -> None:
    for host in hosts:
        row = {**host, "group_id": group_id, "seen_at": db.now}
        made = insert(PanelHost).values(id=new_id(), panel_id=panel_id, **row)
        await db.execute(
            made.on_conflict_do_update(index_elements=["panel_id", "virtfusion_ref"], set_=row)
        )
    gone = delete(PanelHost).where(PanelHost.group_id == group_id, PanelHost.seen_at != db.now)
    await db.execute(gone)


async def _write_day(db: Db, group_id: UUID, figures: dict[str, Any]) -> None:
    row = {**figures, "read_at": db.now}
    made = insert(CapacityDay).values(
        group_id=group_id, read_on=db.now.astimezone(UTC).date(), **row
    )
    await db.execute(made.on_conflict_do_update(index_elements=["group_id", "read_on"], set_=row))
