"""Writing down what was seen of servers, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Uuid, bindparam, select

from skypanel.metrics.actions.alerts import judge
from skypanel.metrics.models import MetricHour, MetricSample, MetricStanding
from skypanel.metrics.rules import SERIES, SLOTS, Sample, hour_and_slot, rates
from skypanel.platform.db import Db
from skypanel.platform.events import Topic, account_topic
from skypanel.platform.read import Query
from skypanel.platform.write import Insert
from skypanel.servers import actions as servers

COLUMNS: Final = ("running", *SERIES)
_EMPTY = "array_fill(null::{kind}, array[12])"
_KINDS: Final = {"read_kib": "int", "written_kib": "int"}
OPEN_HOURS = f"""
insert into metric_hours (server_id, hour, account_id, {", ".join(COLUMNS)})
select w.server_id, %(hour)s, w.account_id,
    {", ".join(_EMPTY.format(kind=_KINDS.get(name, "smallint")) for name in COLUMNS)}
from unnest(%(servers)s::uuid[], %(accounts)s::uuid[]) as w (server_id, account_id)
on conflict do nothing
"""  # noqa: S608 - constants of this file
FILL = f"""
update metric_hours h
set {", ".join(f"{name}[%(slot)s::int] = w.{name}" for name in COLUMNS)}
from unnest(%(servers)s::uuid[], %(running)s::smallint[], %(cpu)s::smallint[],
    %(memory)s::smallint[], %(filesystem)s::smallint[], %(read_kib)s::int[],
    %(written_kib)s::int[]) as w (server_id, {", ".join(COLUMNS)})
where h.server_id = w.server_id and h.hour = %(hour)s
"""  # noqa: S608 - constants of this file
STAND = """
update metric_standings s
set sampled_at = w.at, failing_since = null, running = w.running = 1, cpu = w.cpu,
    memory = w.memory, memory_total_mib = coalesce(w.memory_total_mib, s.memory_total_mib),
    filesystem = w.filesystem, read_kib = w.read_kib, written_kib = w.written_kib,
    read_bytes = w.read_bytes, written_bytes = w.written_bytes,
    filesystems = w.filesystems
from unnest(%(servers)s::uuid[], %(at)s::timestamptz[], %(running)s::smallint[],
    %(cpu)s::smallint[], %(memory)s::smallint[], %(memory_total_mib)s::int[],
    %(filesystem)s::smallint[], %(read_kib)s::int[], %(written_kib)s::int[],
    %(read_bytes)s::bigint[], %(written_bytes)s::bigint[], %(filesystems)s::jsonb[])
    as w (server_id, at, running, cpu, memory, memory_total_mib, filesystem, read_kib,
        written_kib, read_bytes, written_bytes, filesystems)
where s.server_id = w.server_id
"""
MISS = """
update metric_standings set failing_since = coalesce(failing_since, %(now)s)
where server_id = any(%(servers)s)
"""
BEFORE: Query[tuple[UUID, datetime | None, int | None, int | None]] = Query(
    select(
        MetricStanding.server_id,
        MetricStanding.sampled_at,
        MetricStanding.read_bytes,
        MetricStanding.written_bytes,
    )
    .where(MetricStanding.server_id == bindparam("servers", type_=ARRAY(Uuid)).any_())
    .order_by(MetricStanding.server_id)
    .with_for_update(),
    lambda *columns: columns,
)
Before = tuple[datetime | None, int | None, int | None]
_HOURS = Insert(MetricHour)
_SAMPLES = Insert(MetricSample)


@dataclass(frozen=True, slots=True)
class Seen:
    """A sample of a server; `watched` while somebody looks at it."""

    server_id: UUID
    account_id: UUID
    watched: bool
    sample: Sample


async def record(db: Db, counts_at: datetime, seen: Sequence[Seen]) -> None:
    """Write samples of one round down: hour, standing, power; raise and clear alerts.

    They count for the slot of `counts_at`. Publishes ServerChanged, AlertRaised, AlertCleared.
    """
    if not seen:
        return
    ids = [one.server_id for one in seen]
    before = {row[0]: row[1:] for row in await BEFORE.all(db, servers=ids)}
    rows = [_row(one, before.get(one.server_id)) for one in seen]
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    hour, slot = hour_and_slot(counts_at)
    place = {"hour": hour, "slot": slot + 1}
    await db.run(OPEN_HOURS, **place, servers=ids, accounts=[one.account_id for one in seen])
    await db.run(FILL, **place, servers=ids, **{name: columns[name] for name in COLUMNS})
    await db.run(STAND, servers=ids, **columns)
    await _record_watched(db, seen, rows)
    await servers.note_powers(
        db, [(one.server_id, one.sample.running, one.sample.at) for one in seen]
    )
    await judge(db, {one.server_id: one.sample for one in seen})


def _row(seen: Seen, before: Before | None) -> dict[str, Any]:
    sample = seen.sample
    since, read, written = before or (None, None, None)
    last_read = None if since is None else (since, read)
    last_written = None if since is None else (since, written)
    return {
        "at": sample.at,
        "running": int(sample.running),
        "cpu": sample.cpu,
        "memory": sample.memory,
        "memory_total_mib": sample.memory_total_mib,
        "filesystem": sample.filesystem,
        "read_kib": rates(last_read, sample.at, sample.read_bytes),
        "written_kib": rates(last_written, sample.at, sample.written_bytes),
        "read_bytes": sample.read_bytes,
        "written_bytes": sample.written_bytes,
        "filesystems": msgspec.json.encode(sample.filesystems).decode(),
    }


async def _record_watched(db: Db, seen: Sequence[Seen], rows: Sequence[Any]) -> None:
    """What somebody looks at is kept sample by sample, and the page looks again."""
    fine = [
        {
            "server_id": one.server_id,
            "at": one.sample.at,
            "account_id": one.account_id,
            **{name: row[name] for name in SERIES},
            "running": one.sample.running,
        }
        for one, row in zip(seen, rows, strict=True)
        if one.watched
    ]
    if not fine:
        return
    await _SAMPLES.many(db, fine)
    for one in seen:
        if one.watched:
            topics: list[Topic] = account_topic(one.account_id, "metrics", one.server_id)
            for topic in topics:
                db.announce(topic)


async def miss(db: Db, server_ids: Sequence[UUID]) -> None:
    """These did not answer: nothing is written, so the chart has a gap."""
    if server_ids:
        await db.run(MISS, now=db.now, servers=list(server_ids))


async def backfill(
    db: Db,
    server_id: UUID,
    account_id: UUID,
    samples: Sequence[Sample],
    traffic: Mapping[datetime, tuple[int, int]] | None = None,
) -> None:
    """Write a past down that was sampled elsewhere, into hours that have no row yet.

    `traffic` is how many bytes of their period were received and sent by the hour.
    """
    ordered = sorted(samples, key=lambda one: one.at)
    rows: list[dict[str, Any]] = []
    before: Sample | None = None
    for hour, group in groupby(ordered, key=lambda one: hour_and_slot(one.at)[0]):
        row: dict[str, Any] = {name: [None] * SLOTS for name in COLUMNS}
        for sample in group:
            slot = hour_and_slot(sample.at)[1]
            seen = Seen(server_id, account_id, watched=False, sample=sample)
            last: Before | None = None
            if before is not None:
                last = (before.at, before.read_bytes, before.written_bytes)
            found = _row(seen, last)
            for name in COLUMNS:
                row[name][slot] = found[name]
            before = sample
        received, sent = (traffic or {}).get(hour, (None, None))
        row |= {"received_bytes": received, "sent_bytes": sent}
        rows.append({"server_id": server_id, "hour": hour, "account_id": account_id, **row})
    await _HOURS.many(db, rows)
