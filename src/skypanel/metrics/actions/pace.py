"""Whom to ask in a round: who is due, within what all workers together may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from skypanel.metrics.rules import PHASES, TRAFFIC_PHASES, WATCHED, room
from skypanel.platform.db import Db

_LIVE = "v.state = 'ready' and v.standing = 'free' and v.virtfusion_ref is not null"
# The last byte of an id is as good as a dice.
ENROL = f"""
insert into metric_standings (server_id, account_id, phase, due_at, traffic_due_at)
select v.id, v.account_id, get_byte(uuid_send(v.id), 15) %% {PHASES}, %(now)s, %(now)s
from servers v
where {_LIVE} and not exists (select from metric_standings s where s.server_id = v.id)
order by v.id limit 2000
on conflict do nothing
"""  # noqa: S608 - constants of this file
# Who is suspended, deleted or being made anew is not asked; a few minutes later it is looked again.
REST = f"""
update metric_standings s
set due_at = %(now)s + interval '5 minutes',
    traffic_due_at = greatest(s.traffic_due_at, %(now)s + interval '5 minutes')
from servers v
where v.id = s.server_id and s.due_at <= %(now)s and not ({_LIVE})
"""  # noqa: S608 - constants of this file
CLAIM = f"""
with due as (
    select s.server_id, v.virtfusion_ref
    from metric_standings s join servers v on v.id = s.server_id
    where s.due_at <= %(now)s and {_LIVE}
    order by coalesce(s.watched_until > %(now)s, false) desc, s.due_at, s.server_id
    limit %(limit)s
    for update of s skip locked
)
update metric_standings s
set due_at = case
    when s.watched_until > %(now)s then %(now)s + interval '25 seconds'
    else date_bin('5 minutes', %(now)s, 'epoch') + interval '5 minutes'
        + s.phase * interval '30 seconds'
end
from due where s.server_id = due.server_id
returning s.server_id, s.account_id, due.virtfusion_ref,
    coalesce(s.watched_until > %(now)s, false)
"""  # noqa: S608 - constants of this file
CLAIM_TRAFFIC = f"""
with due as (
    select s.server_id, v.virtfusion_ref
    from metric_standings s join servers v on v.id = s.server_id
    where s.traffic_due_at <= %(now)s and {_LIVE}
    order by s.traffic_due_at, s.server_id
    limit %(limit)s
    for update of s skip locked
)
update metric_standings s
set traffic_due_at = date_bin('1 hour', %(now)s, 'epoch') + interval '1 hour'
    + get_byte(uuid_send(s.server_id), 14) %% {TRAFFIC_PHASES} * interval '30 seconds'
from due where s.server_id = due.server_id
returning s.server_id, s.account_id, due.virtfusion_ref, false
"""  # noqa: S608 - constants of this file
PACE = """
insert into metric_pace (id, free_at, ran_at) values (1, %(now)s, %(now)s)
on conflict (id) do update set ran_at = excluded.ran_at
returning free_at
"""
RESERVE = "update metric_pace set free_at = %(free_at)s where id = 1"
HOLD_OFF = "update metric_pace set free_at = greatest(free_at, %(until)s) where id = 1"
# Whoever begins to look is answered by the next round.
WATCH = f"""
insert into metric_standings (server_id, account_id, phase, due_at, traffic_due_at, watched_until)
values (%(server)s, %(account)s, get_byte(uuid_send(%(server)s::uuid), 15) %% {PHASES}, %(now)s,
    %(now)s, %(until)s)
on conflict (server_id) do update set
    watched_until = excluded.watched_until,
    due_at = case
        when metric_standings.watched_until > %(now)s then metric_standings.due_at
        else least(metric_standings.due_at, excluded.due_at)
    end
"""  # noqa: S608 - constants of this file


@dataclass(frozen=True, slots=True)
class Wanted:
    """A server to be asked about, by the panel's id of it."""

    server_id: UUID
    account_id: UUID
    virtfusion_ref: int
    watched: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A round: whom to ask, the instant it counts for, when the first call may go, how fast."""

    at: datetime
    wait: timedelta
    pace: float
    load: Sequence[Wanted]
    traffic: Sequence[Wanted]


async def enrol(db: Db) -> None:
    """Servers that have become ready are sampled from now on; those at rest are left alone."""
    await db.run(ENROL, now=db.now)
    await db.run(REST, now=db.now)


async def claim(db: Db, pace: float) -> Claimed:
    """Take what is due, as much as all workers together may ask; nobody else takes it too."""
    free_at = (await _rows(db, PACE, now=db.now))[0][0]
    free = room(db.now, free_at, pace)
    load = await _wanted(db, CLAIM, free)
    traffic = await _wanted(db, CLAIM_TRAFFIC, free - len(load))
    begin = max(db.now, free_at)
    calls = len(load) + len(traffic)
    await db.run(RESERVE, free_at=begin + timedelta(seconds=calls / pace))
    return Claimed(db.now, begin - db.now, pace, load, traffic)


async def _wanted(db: Db, sql: str, limit: int) -> list[Wanted]:
    if limit <= 0:
        return []
    rows = [Wanted(*row) for row in await _rows(db, sql, now=db.now, limit=limit)]
    return sorted(rows, key=lambda one: (not one.watched, one.server_id))


async def _rows(db: Db, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    connection = await db.driver()
    return await (await connection.execute(sql.encode(), parameters)).fetchall()


async def hold_off(db: Db, seconds: float) -> None:
    """The panel asked for a pause: no round begins before."""
    await db.run(HOLD_OFF, until=db.now + timedelta(seconds=seconds))


async def watch(db: Db, server_id: UUID, account_id: UUID) -> None:
    """Somebody looks at a server: it is sampled every half minute for a while."""
    await db.run(WATCH, server=server_id, account=account_id, now=db.now, until=db.now + WATCHED)
