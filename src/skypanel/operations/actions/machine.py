"""Verbs on the machine: bring a dead job back, change settings, turn the sandbox's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from sqlalchemy import select

from skypanel.identity.actions import audit, carry_sessions
from skypanel.operations.errors import JobNotDead, NothingComes, TurnUnderWay
from skypanel.operations.events import ClockTurnAsked, ClockTurned
from skypanel.operations.models import ClockTurn
from skypanel.operations.queries import next_act
from skypanel.operations.rules import TURN_STATES, changed, changed_names, next_stop
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.settings import TAG, Section
from skypanel.platform.states import advance
from skypanel.platform.turning import turn


async def retry_job(db: Db, job_id: int) -> None:
    """Put a dead job back in line with its tries counted anew.

    The job's kind must still exist; a job that is not dead is refused.
    """
    connection = await db.driver()
    cursor = await connection.execute(
        b"select task_name from procrastinate_jobs where id = %(id)s for update", {"id": job_id}
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound
    if row[0] not in db.house.queue.jobs:
        raise JobNotDead("This version no longer knows such a job, so it cannot be retried.")
    if not await db.house.queue.revive(db, job_id):
        raise JobNotDead
    audit(db, "retry", "job", job_id, name=row[0])


async def change_settings(db: Db, kind: type[Section], values: Mapping[str, Any]) -> Section:
    """Replace some values of a section; a section is changed by one person at a time.

    The audit keeps the names of the changed fields, never a value.
    """
    await db.run("select pg_advisory_xact_lock(hashtext(%(key)s))", key=f"settings.{kind.section}")
    db.house.cache.drop(TAG)
    before = await db.house.settings.get(kind)
    after = changed(before, values)
    names = changed_names(before, after)
    if names:
        await db.house.settings.put(db, after)
        audit(db, "change", "settings", None, section=kind.section, fields=names)
    return after


WAITS_MAX = 120  # seconds, about: a queue that never empties does not stop the clock


class Step(Enum):
    """What came of a step of the clock."""

    TURNED = auto()
    WAIT = auto()
    OVER = auto()


async def ask_turn(db: Db, days: int | None) -> UUID:
    """Turn the company's clock forward, or, without days, to what the billing run does next.

    Refuses `turn_under_way` and `nothing_comes`. Publishes ClockTurnAsked.
    """
    await db.run("select pg_advisory_xact_lock(hashtext('operations.clock'))")
    if await db.scalar(select(ClockTurn.id).where(ClockTurn.state == "running")) is not None:
        raise TurnUnderWay
    to_at = await next_act(db) if days is None else db.now + timedelta(days=days)
    if to_at is None:
        raise NothingComes
    found = ClockTurn(
        id=new_id(),
        state="running",
        asked_by=db.actor.name[:200],
        from_at=db.now,
        to_at=to_at,
        reached_at=db.now,
        steps=0,
        waits=0,
    )
    db.add(found)
    await db.flush()
    audit(db, "clock.turn", "clock", found.id, to_at=to_at.isoformat())
    db.publish(ClockTurnAsked(found.id))
    return found.id


async def next_step(db: Db, turn_id: UUID, *, busy: bool) -> Step:
    """Move the clock to its next stop, once nothing is left to do where it stands.

    Sessions are carried along, so that whoever turned it sees what follows. Publishes ClockTurned.
    """
    found = await db.get(ClockTurn, turn_id, with_for_update=True)
    if found is None or found.state != "running":
        return Step.OVER
    if busy and found.waits < WAITS_MAX:
        found.waits += 1
        return Step.WAIT
    db.publish(ClockTurned(found.id))
    stop = next_stop(found.reached_at, found.to_at, await _act_after(db, found.reached_at))
    if stop is None:
        advance(db, found, TURN_STATES, "arrive")
        found.ended_at = db.now
        return Step.OVER
    await carry_sessions(db, await turn(db, stop))
    found.reached_at, found.waits = stop, 0
    found.steps += 1
    return Step.TURNED


async def _act_after(db: Db, at: datetime) -> datetime | None:
    """The billing run's next act behind the one that the clock stands at."""
    found = await next_act(db)
    return found if found is None or found > at else None


async def note_step(db: Db, turn_id: UUID, trouble: Sequence[str]) -> None:
    """What broke at this step. Publishes ClockTurned."""
    found = await db.get(ClockTurn, turn_id, with_for_update=True)
    if found is not None and trouble:
        known = {*(found.trouble or "").split(", "), *trouble} - {""}
        found.trouble = ", ".join(sorted(known))[:400]
    db.publish(ClockTurned(turn_id))
