"""The run of hours, and what it makes of services that end and come back."""

from __future__ import annotations

from uuid import UUID

from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.usage import actions

BATCH = 500


@timer("* * * * *", queue="renewals")
async def count_hours(house: House) -> None:
    """Hours that have begun are counted and paid, months that are over invoiced, in batches."""
    for step in (actions.count_hours, actions.collect_arrears, actions.close_months):
        while True:
            async with house.transaction() as db:
                if not await step(db, BATCH):
                    break


@job(queue="renewals")
async def end(db: Db, service_id: UUID) -> None:
    """A service has ended: nothing more is counted."""
    await actions.end(db, service_id)


@job(queue="renewals")
async def resume(db: Db, service_id: UUID) -> None:
    """A service came back."""
    await actions.resume(db, service_id)
