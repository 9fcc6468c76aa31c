"""How the queue stands."""

from __future__ import annotations

from dataclasses import dataclass

from skypanel.platform.db import Read
from skypanel.reporting.queries.written import Written

# Each part has its own partial index; a job became due when it was written or its pause ended.
FIGURES = Written("""
select
    (select count(*) from procrastinate_jobs where status = 'todo'),
    (select count(*) from procrastinate_jobs where status = 'doing' and worker_id is not null),
    (select count(*) from procrastinate_jobs where status = 'failed'),
    (
        select extract(epoch from now() - min(coalesce(job.scheduled_at, event.at)))
        from procrastinate_jobs job
        join procrastinate_events event on event.job_id = job.id and event.type = 'deferred'
        where job.status = 'todo' and coalesce(job.scheduled_at, now()) <= now()
    )
""")


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How many jobs wait, run and are dead, and how long the oldest due one has waited."""

    waiting: int
    running: int
    dead: int
    oldest_seconds: float | None


async def queue_figures(read: Read) -> QueueFigures:
    """Figures of the queue, for the staff's home and for /metrics: one statement."""
    waiting, running, dead, oldest = await FIGURES.one(read)
    return QueueFigures(waiting, running, dead, None if oldest is None else float(oldest))
