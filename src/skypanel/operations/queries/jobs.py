"""What the queue has done and has to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Integer,
    Text,
    any_,
    bindparam,
    column,
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
from skypanel.reporting.queries import QueueFigures, queue_figures

__all__ = ["QueueFigures", "get_job", "job_page", "queue_figures"]
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
