"""The billing run, and what it makes of other domains' news."""

from __future__ import annotations

from uuid import UUID

import structlog

from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.renewals import actions, queries

log = structlog.get_logger()
BATCH, HOURS_BATCH = 200, 500


@timer("* * * * *", queue="renewals")
async def bill_due_services(house: House) -> None:
    """Do what is due, batch by batch, each in its own transaction."""
    while True:
        async with house.transaction() as db:
            if not await actions.run_batch(db, BATCH):
                return


@timer("* * * * *", queue="renewals")
async def count_hours(house: House) -> None:
    """Hours that have begun are counted and paid, months that are over invoiced, in batches.

    Where the run waits for staff it goes as far as they approved.
    """
    for step in (actions.count_hours, actions.collect_arrears, actions.close_months):
        while True:
            async with house.transaction() as db:
                if not await step(db, HOURS_BATCH):
                    break


@timer("* * * * *", queue="renewals")
async def follow_hourly(house: House) -> None:
    """Hourly services that are unpaid too long, or have ended, each in its own transaction."""
    for service_id, step in await queries.hourly_due(house, house.read()):
        try:
            async with house.transaction() as db:
                await actions.follow_hourly(db, service_id, step)
        except Exception:
            # One broken service must not keep the others; it is tried again at each tick.
            log.exception("an hourly service was not followed", service_id=service_id, step=step)


@job(queue="renewals")
async def end_hours(db: Db, service_id: UUID) -> None:
    """A service has ended: nothing more is counted."""
    await actions.end_hours(db, service_id)


@job(queue="renewals")
async def begin_schedule(db: Db, service_id: UUID) -> None:
    """A service runs: from now on it has an agenda."""
    await actions.begin_schedule(db, service_id)


@job(queue="renewals")
async def note_payment(db: Db, invoice_id: UUID) -> None:
    """An invoice was paid: of a period, or of a change of plan."""
    await actions.note_payment(db, invoice_id)
    await actions.note_change_paid(db, invoice_id)


@job(queue="renewals")
async def note_void(db: Db, invoice_id: UUID) -> None:
    """An invoice is void: of a period, or of a change of plan."""
    await actions.note_void(db, invoice_id)
    await actions.note_change_void(db, invoice_id)


@job(queue="renewals")
async def follow_end(db: Db, service_id: UUID) -> None:
    """A service is to end on a day, or no longer."""
    await actions.drop_moot_change(db, service_id)
    await actions.void_bills_from(db, service_id)
    await actions.replan(db, [service_id])


@job(queue="renewals")
async def follow_termination(db: Db, service_id: UUID) -> None:
    """A service was terminated: no other plan begins with it, and its agenda is another."""
    await actions.drop_moot_change(db, service_id)
    await actions.void_bills_from(db, service_id)
    await actions.replan(db, [service_id])


@job(queue="renewals")
async def follow_plan(db: Db, service_id: UUID) -> None:
    """A service has another plan: what is charged for it at PayPal follows."""
    await actions.revise_subscription(db, service_id)


@timer("* * * * *", queue="renewals")
async def expire_plan_changes(house: House) -> None:
    """Changes of plan that were not paid in time are given up."""
    async with house.transaction() as db:
        due = await actions.due_to_expire(db)
    for change_id in due:
        async with house.transaction() as db:
            await actions.expire_change(db, change_id)


@job(queue="renewals")
async def replan(db: Db, service_id: UUID) -> None:
    """Something about a service changed that its agenda depends on."""
    await actions.replan(db, [service_id])


@job(queue="renewals")
async def follow_terms(house: House, account_id: UUID | None) -> None:
    """Terms changed: every agenda that they touch is looked at anew, a batch at a time."""
    last: UUID | None = None
    while True:
        async with house.transaction() as db:
            ids = await actions.scheduled(db, account_id, last)
            if not ids:
                return
            await actions.replan(db, ids)
        last = ids[-1]


@job(queue="renewals")
async def hold_disputed(db: Db, invoice_id: UUID, hold: bool) -> None:
    """A payment is disputed; settings say whether its services are held."""
    if hold:
        await actions.hold_disputed(db, invoice_id)


@job(queue="renewals")
async def release_disputed(db: Db, invoice_id: UUID) -> None:
    """A dispute ended."""
    await actions.release_disputed(db, invoice_id)
