"""The queue: jobs are rows in the same database, written in the same transaction as their cause.

Procrastinate fetches, runs and retries them; this module adds arguments by annotation, the record
of failures, and the rescue of jobs whose worker was killed.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec
import procrastinate
import structlog
from procrastinate import exceptions as queue_exceptions
from procrastinate.jobs import Job as QueueJob
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from skypanel.platform.authority import Actor
from skypanel.platform.db import Db, transaction
from skypanel.platform.errors import Refusal
from skypanel.platform.jobs import Job, JobFailure, timer
from skypanel.platform.metrics import JOB_SECONDS
from skypanel.platform.outside import OutsideError, Unavailable

if TYPE_CHECKING:
    from skypanel.platform.events import Event
    from skypanel.platform.house import House

log = structlog.get_logger()
MESSAGE_CHARACTERS_MAX = 2000

DEFER = b"""
select procrastinate_defer_jobs_v1(array(
    select row(queue, task, 0, null, null, args, now() + after * interval '1 second')
        ::procrastinate_job_to_defer_v1
    from unnest(%(queues)s::text[], %(tasks)s::text[], %(args)s::jsonb[], %(after)s::float8[])
        as wanted (queue, task, args, after)
))
"""
# A staff member's retry starts counting anew; only dead jobs are brought back.
REVIVE = """
update procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = null, worker_id = null
where id = %(id)s and status = 'failed'
"""
RESCUE_DEAD = """
update procrastinate_jobs set status = 'failed', attempts = attempts + 1
where id = %(id)s and status = 'doing'
"""
DUE = """
select 1 from procrastinate_jobs
where status = 'todo' and (scheduled_at is null or scheduled_at <= now()) limit 1
"""
HURRY = """
update procrastinate_jobs set scheduled_at = null
where status = 'todo' and scheduled_at is not null and queue_name <> all(%s)
"""


class _Again(BaseRetryStrategy):
    """Procrastinate's retry decision, from the job's own limits and the vendor's wish."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def get_retry_decision(
        self, *, exception: BaseException, job: QueueJob
    ) -> RetryDecision | None:
        if job.attempts + 1 >= self._job.attempts_max:
            return None
        wait = self._job.wait_seconds(job.attempts)
        if isinstance(exception, Unavailable) and exception.retry_after_seconds:
            wait = max(wait, exception.retry_after_seconds)
        return RetryDecision(retry_in={"milliseconds": int(wait * 1000)})


class Queue:
    """Everything that happens later, for one process."""

    def __init__(self, house: House, jobs: Iterable[Job], *, heartbeat_seconds: float = 10) -> None:
        self._house = house
        self._heartbeat_seconds = heartbeat_seconds
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        self._jobs: dict[str, Job] = {}
        for each in (*jobs, rescue_killed_jobs, forget_old_jobs):
            self._register(each)

    def _register(self, each: Job) -> None:
        if each.name in self._jobs:
            if self._jobs[each.name] is not each:
                raise TypeError(f"two jobs are called {each.name}")
            return
        self._jobs[each.name] = each

        async def run(context: procrastinate.JobContext, /, **stored: Any) -> None:
            await self._run(each, context, stored)

        task = self._app.task(
            name=each.name, queue=each.queue, retry=_Again(each), pass_context=True
        )(run)
        if each.cron is not None:
            self._app.periodic(cron=each.cron)(task)  # type: ignore[arg-type]

    @property
    def jobs(self) -> dict[str, Job]:
        return self._jobs

    async def open(self) -> None:
        await self._app.open_async(self._house.pool)

    def react(self, db: Db, events: Sequence[Event]) -> None:
        """Write one job per reaction to each event, in this transaction."""
        rows: list[tuple[Job, dict[str, Any], float]] = []
        for event in events:
            facts = asdict(event)
            rows.extend(
                (each, each.pick(facts), 0.0) for each in self._house.reactions[type(event)]
            )
        self._write(db, rows)

    def enqueue(self, db: Db, job: Job, *, after_seconds: float = 0, **arguments: Any) -> None:
        """Write one job in this transaction; `after_seconds` is real time, for back-off only."""
        self._write(db, [(job, arguments, after_seconds)])

    def _write(self, db: Db, rows: list[tuple[Job, dict[str, Any], float]]) -> None:
        if not rows:
            return
        db.later(
            DEFER,
            {
                "queues": [job.queue for job, _, _ in rows],
                "tasks": [job.name for job, _, _ in rows],
                "args": [msgspec.json.encode(arguments).decode() for _, arguments, _ in rows],
                "after": [after for _, _, after in rows],
            },
        )

    async def _run(
        self, job: Job, context: procrastinate.JobContext, stored: dict[str, Any]
    ) -> None:
        structlog.contextvars.bind_contextvars(job=job.name, job_id=context.job.id)
        actor = Actor("system", name=job.name, request_id=f"job:{context.job.id}")
        house = self._house
        with JOB_SECONDS.labels(job.name).time():
            try:
                if job.one_beat:
                    async with transaction(house, actor) as db:
                        await job.run(db, **job.arguments(stored))
                else:
                    await job.run(house, **job.arguments(stored))
            except Exception as error:
                await self._record(job, context.job, error)
                raise
            finally:
                structlog.contextvars.unbind_contextvars("job", "job_id")

    async def _record(self, job: Job, row: QueueJob, error: Exception) -> None:
        expected = isinstance(error, OutsideError | Refusal)
        last = row.attempts + 1 >= job.attempts_max
        level = log.error if last or not expected else log.warning
        level(
            "job failed",
            error=describe(error),
            attempt=row.attempts + 1,
            dead=last,
            exc_info=None if expected else error,
        )
        async with transaction(self._house) as db:
            db.add(
                JobFailure(
                    job_id=row.id,
                    attempt=row.attempts + 1,
                    at=db.now,
                    kind=type(error).__name__,
                    message=describe(error)[:MESSAGE_CHARACTERS_MAX],
                )
            )

    async def revive(self, db: Db, job_id: int) -> bool:
        """Put a dead job back in line with its tries counted anew; false if it is not dead."""
        return await db.run(REVIVE, id=job_id) == 1

    async def work(self, *, concurrency: int = 8, queues: Sequence[str] | None = None) -> None:
        """Run jobs until told to stop (SIGINT, SIGTERM); what runs may end first."""
        await self._app.run_worker_async(
            queues=queues or sorted({each.queue for each in self._jobs.values()}),
            concurrency=concurrency,
            wait=True,
            # Waits of a second or two are kept: whoever waits for a server watches them.
            fetch_job_polling_interval=0.5,
            update_heartbeat_interval=self._heartbeat_seconds,
            stalled_worker_timeout=self._heartbeat_seconds * 3,
            shutdown_graceful_timeout=20,
        )

    async def drain(self, *, hurry: bool = False, patient: Sequence[str] = ()) -> None:
        """Run what is due until nothing is; `hurry` also brings waiting retries forward once.

        Those of `patient` queues wait all the same.
        """
        if hurry:
            async with self._house.pool.connection() as connection:
                await connection.execute(HURRY, [list(patient)])
        saved, self._app.periodic_registry.periodic_tasks = (
            self._app.periodic_registry.periodic_tasks,
            {},
        )
        try:
            while await self._anything_due():
                await self._app.run_worker_async(
                    wait=False,
                    listen_notify=False,
                    install_signal_handlers=False,
                    concurrency=4,
                )
        finally:
            self._app.periodic_registry.periodic_tasks = saved

    async def _anything_due(self) -> bool:
        async with self._house.pool.connection() as connection:
            return (await (await connection.execute(DUE)).fetchone()) is not None

    async def tick(self, job: Job) -> None:
        """Run a timer now, as its schedule would."""
        if job.one_beat:
            async with transaction(self._house) as db:
                await job.run(db)
        else:
            await job.run(self._house)

    async def rescue(self) -> int:
        """Bring back the jobs of workers that died; how many there were.

        One that has used up its tries is dead, so that a job that kills its worker ends.
        """
        stalled = list(
            await self._app.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=self._heartbeat_seconds * 3
            )
        )
        for row in stalled:
            job = self._jobs.get(row.task_name)
            if job is not None and row.attempts + 1 < max(job.attempts_max, 2):
                try:
                    await self._app.job_manager.retry_job(row)
                except queue_exceptions.ConnectorException:
                    continue  # another worker's rescue was first
            else:
                async with transaction(self._house) as db:
                    await db.run(RESCUE_DEAD, id=row.id)
        return len(stalled)

    async def forget(self, keep_hours: int) -> None:
        await self._app.job_manager.delete_old_jobs(nb_hours=keep_hours, include_failed=False)


def describe(error: BaseException) -> str:
    """An error in one line for staff: what it is, and for a bug where it stands."""
    if isinstance(error, OutsideError | Refusal):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{where}"


@timer("* * * * * */10")
async def rescue_killed_jobs(house: House) -> None:
    """Jobs of killed workers run again."""
    rescued = await house.queue.rescue()
    if rescued:
        log.warning("rescued jobs of killed workers", count=rescued)


@timer("17 3 * * *")
async def forget_old_jobs(house: House) -> None:
    """Jobs that ended well are kept thirty days."""
    await house.queue.forget(24 * 30)


async def until(condition: asyncio.Event, seconds: float) -> bool:
    """Wait for an event at most `seconds`; whether it came."""
    try:
        await asyncio.wait_for(condition.wait(), seconds)
    except TimeoutError:
        return False
    return True
