"""Verbs on the machine: bring a dead job back, change settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skypanel.identity.actions import audit
from skypanel.operations.errors import JobNotDead
from skypanel.operations.rules import changed, changed_names
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.settings import TAG, Section


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
