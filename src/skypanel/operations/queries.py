"""What the queue has done and has to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Integer,
    String,
    Text,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB

from skypanel.operations.rules import subject_arguments, subject_of
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.jobs import Job, JobFailure
from skypanel.platform.read import LAST_NUMBER, Page, Query

_instant = DateTime(timezone=True)
JOBS = table(
    "job_rows",
    column("id", BigInteger),
    column("name", Text),
    column("state", Text),
    column("queue", Text),
    column("args", JSONB),
    column("attempts", Integer),
    column("error", Text),
    column("scheduled_at", _instant),
    column("created_at", _instant),
    column("started_at", _instant),
    column("finished_at", _instant),
)
J = JOBS.c
_name = bindparam("name", type_=Text)
_state = bindparam("state", type_=Text)
_subjects = bindparam("subjects", type_=ARRAY(JSONB))

_listed = (
    select(*JOBS.c)
    .where(J.id < bindparam("before", type_=BigInteger))
    .order_by(J.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_filtered = _listed.where(
    or_(_name.is_(None), J.name == _name), or_(_state.is_(None), J.state == _state)
)
JOB_PAGE = Query(_filtered)
# The queue's own word, as a literal, lets the few dead ones be found without walking all jobs.
DEAD_PAGE = Query(_filtered.where(literal_column("job_rows.status") == literal_column("'failed'")))
SUBJECT_PAGE = Query(_filtered.where(J.args.op("@>")(any_(_subjects))))
ONE_JOB = Query(select(*JOBS.c).where(J.id == bindparam("id", type_=BigInteger)))
FAILURES = Query(
    select(JobFailure.attempt, JobFailure.at, JobFailure.kind, JobFailure.message)
    .where(JobFailure.job_id == bindparam("id", type_=BigInteger))
    .order_by(JobFailure.id.desc())
    .limit(50)
)

QUEUE = table(
    "procrastinate_jobs",
    column("status", String),
    column("scheduled_at", _instant),
    column("id", BigInteger),
    column("worker_id", BigInteger),
)
EVENTS = table(
    "procrastinate_events",
    column("job_id", BigInteger),
    column("type", String),
    column("at", _instant),
)
# Literals, not parameters: a generic plan could not use the queue's partial indexes otherwise.
_waiting = QUEUE.c.status == literal_column("'todo'")
_running = QUEUE.c.status == literal_column("'doing'")
_dead = QUEUE.c.status == literal_column("'failed'")
# A waiting job became due when it was written, or when its pause ended.
_due = func.coalesce(QUEUE.c.scheduled_at, EVENTS.c.at)
COUNTS = Query(
    select(
        select(func.count()).where(_waiting).select_from(QUEUE).scalar_subquery().label("waiting"),
        select(func.count())
        .where(_running, QUEUE.c.worker_id.is_not(None))
        .select_from(QUEUE)
        .scalar_subquery()
        .label("running"),
        select(func.count()).where(_dead).select_from(QUEUE).scalar_subquery().label("dead"),
    )
)
OLDEST = Query(
    select(func.extract("epoch", func.now() - func.min(_due)).label("seconds"))
    .select_from(QUEUE.join(EVENTS, EVENTS.c.job_id == QUEUE.c.id))
    .where(
        _waiting,
        EVENTS.c.type == literal_column("'deferred'"),
        or_(QUEUE.c.scheduled_at.is_(None), QUEUE.c.scheduled_at <= func.now()),
    )
)


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How the queue stands; `oldest_seconds` is how long the oldest due job has waited."""

    waiting: int
    running: int
    dead: int
    oldest_seconds: float | None


def shape_job(row: Mapping[str, Any], known: Mapping[str, Job]) -> dict[str, Any]:
    """A job for staff; a name that this version no longer knows has no limit of tries."""
    job = known.get(row["name"])
    return {
        **row,
        "attempts_max": job.attempts_max if job else None,
        "subject": subject_of(row["args"]),
        "can": ["retry"] if row["state"] == "dead" and job else [],
    }


async def job_page(
    read: Read,
    page: Page,
    known: Mapping[str, Job],
    *,
    state: str | None = None,
    name: str | None = None,
    subject_id: UUID | None = None,
) -> dict[str, Any]:
    """Jobs, newest first; with a subject, those whose arguments name it."""
    parameters: dict[str, Any] = {
        "state": state,
        "name": name,
        "before": min(page.before.int, LAST_NUMBER),
        "limit": page.limit + 1,
    }
    if subject_id is None:
        listed = DEAD_PAGE if state == "dead" else JOB_PAGE
        rows = await listed.all(read, **parameters)
    else:
        rows = await SUBJECT_PAGE.all(read, **parameters, subjects=subject_arguments(subject_id))
    return page.answer(
        [(UUID(int=row["id"]), row) for row in rows], lambda _, row: shape_job(row, known)
    )


async def get_job(read: Read, job_id: int, known: Mapping[str, Job]) -> dict[str, Any]:
    """One job with its failed tries, latest first."""
    row = await ONE_JOB.one(read, id=job_id)
    if row is None:
        raise NotFound
    return {**shape_job(row, known), "failures": await FAILURES.all(read, id=job_id)}


async def queue_figures(read: Read) -> QueueFigures:
    """Figures of the queue for the staff's home and for /metrics: two statements."""
    counts = await COUNTS.one(read)
    oldest = await OLDEST.one(read)
    assert counts is not None
    assert oldest is not None
    seconds = oldest["seconds"]
    return QueueFigures(
        counts["waiting"],
        counts["running"],
        counts["dead"],
        None if seconds is None else float(seconds),
    )
