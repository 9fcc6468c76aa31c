"""The agenda of services, written down as what is next and when."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from skypanel.catalog.rules import MONTHS, Cycle
from skypanel.identity.actions import audit
from skypanel.invoices.actions import void_invoice
from skypanel.invoices.errors import InvoicePartlyPaid
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound, VerbNotAllowed
from skypanel.renewals import queries
from skypanel.renewals.events import ServiceParked
from skypanel.renewals.models import Renewal, Schedule
from skypanel.renewals.queries import Loaded
from skypanel.renewals.rules import RANK, Policy, Standing, agenda
from skypanel.services.actions import choose_end, lock_service, terminate, undo_termination
from skypanel.services.errors import ServiceEnded
from skypanel.services.models import Service
from skypanel.services.rules import local_day, may_undo

WRITE = """
update schedules set billed = planned.billed, next_at = planned.next_at,
    next_step = planned.step, next_rank = planned.rank
from unnest(
    %(ids)s::uuid[], %(billed)s::int[], %(next)s::timestamptz[], %(steps)s::text[], %(ranks)s::int[]
) as planned (id, billed, next_at, step, rank)
where service_id = planned.id
"""


async def begin_schedule(db: Db, service_id: UUID, *, billed: int | None = None) -> None:
    """From its activation on, a service has an agenda; hourly ones are billed otherwise.

    `billed` is the last period that was paid for, where that is not the one that runs.
    """
    service = await db.get_one(Service, service_id)
    if service.cycle not in MONTHS:
        return
    row = {
        "service_id": service.id,
        "account_id": service.account_id,
        "billed": service.period_number if billed is None else billed,
        "next_rank": 0,
    }
    await db.execute(insert(Schedule).values(row).on_conflict_do_nothing())
    await replan(db, [service_id])


async def write_plans(db: Db, planned: Sequence[tuple[Standing, Policy]]) -> None:
    """Write down what is next for these services as they stand."""
    acts = [agenda(standing, policy) for standing, policy in planned]
    await db.run(
        WRITE,
        ids=[standing.service_id for standing, _ in planned],
        billed=[standing.billed for standing, _ in planned],
        next=[None if act is None else act.at for act in acts],
        steps=[None if act is None else act.step.value for act in acts],
        ranks=[0 if act is None else RANK[act.step] for act in acts],
    )


async def lock_standings(db: Db, service_ids: Sequence[UUID]) -> list[Loaded]:
    """How these services stand, their agendas locked until this unit of work ends."""
    await db.scalars(
        select(Schedule.service_id)
        .where(Schedule.service_id.in_(service_ids))
        .order_by(Schedule.service_id)
        .with_for_update()
    )
    return await queries.standings(db.house, db, service_ids)


async def replan(db: Db, service_ids: Sequence[UUID]) -> None:
    """Look anew at what is next for these services."""
    loaded = await lock_standings(db, service_ids)
    await write_plans(db, [(each.standing, each.policy) for each in loaded])


async def void_bills_from(db: Db, service_id: UUID) -> None:
    """Its customer chose an end: what was asked for periods that will not begin is void.

    Should it go on after all, those periods are billed anew.
    """
    loaded = await lock_standings(db, [service_id])
    if not loaded or loaded[0].standing.cancels_on is None:
        return
    standing, ends = loaded[0].standing, loaded[0].standing.cancels_on
    late = [bill.number for bill in standing.bills if standing.first_day(bill.number) >= ends]
    if late:  # where money lies on one, staff decide
        await void_bills(
            db, loaded[0], min(late), "The service ends before.", leave_partly_paid=True
        )


async def void_bills(
    db: Db, loaded: Loaded, first: int, reason: str, *, leave_partly_paid: bool = False
) -> None:
    """Ask no more for periods from this one on that are billed and not paid; they can be anew.

    Refuses `invoice_partly_paid` unless such an invoice may stay.
    """
    service_id = loaded.standing.service_id
    voided = []
    for number, invoice_id in sorted(loaded.invoices.items()):
        if number < first:
            continue
        try:
            await void_invoice(db, invoice_id, reason)
        except InvoicePartlyPaid:
            if not leave_partly_paid:
                raise
        else:
            voided.append(number)
    if voided:
        about = (Renewal.service_id == service_id, Renewal.number.in_(voided))
        await db.execute(
            update(Renewal).where(*about, Renewal.state == "open").values(state="void")
        )
        billed = min(loaded.standing.billed, min(voided) - 1)
        await db.execute(
            update(Schedule).where(Schedule.service_id == service_id).values(billed=billed)
        )


async def cancel_at_period_end(db: Db, service_id: UUID, *, wanted: bool) -> None:
    """Let a service end with the period that runs, or go on. Publishes ServiceEndChosen.

    One that is billed by the hour ends at once: its last hour is the one that runs.
    """
    service = await lock_service(db, service_id)
    if service.cycle == Cycle.HOURLY:
        if wanted:
            await terminate(db, service_id, "Its customer ended it.", wished=True)
        return
    await choose_end(db, service_id, service.renews_on if wanted else None)


async def end_now(db: Db, service_id: UUID, confirm: str) -> None:
    """End a service at once, as its customer wishes. Publishes ServiceTerminated.

    What is on it is kept for a while, and they may take it back. Nothing of what was paid comes
    back; periods that will not begin are asked for no more. Refuses `service_ended`, and
    `name_not_typed` unless the service's name was typed.
    """
    await lock_standings(db, [service_id])
    service = await lock_service(db, service_id)
    if service.state not in ("active", "suspended"):
        raise ServiceEnded
    if confirm.strip() != service.name:
        raise FieldRefusal("confirm", f"Type {service.name} to confirm.", "name_not_typed")
    service.cancels_on = local_day(db.now, service.zone)
    await terminate(db, service_id, "Its customer ended it at once.", wished=True)


async def undo_end(db: Db, service_id: UUID) -> None:
    """Its customer takes the end back while the data is there. Publishes ServiceResumed.

    Refuses `verb_not_allowed` for what others ended or hold.
    """
    await lock_standings(db, [service_id])
    service = await lock_service(db, service_id)
    if service.state != "terminated" or not may_undo(service.wished_end, service.holds):
        raise VerbNotAllowed("It can't be taken back here any more. Write to us.")
    await undo_termination(db, service_id, "Its customer took the end back.")


async def park(db: Db, service_id: UUID, because: str) -> None:
    """Set a service aside: the run passes over it until staff let it go on.

    Publishes ServiceParked.
    """
    schedule = await lock_schedule(db, service_id)
    schedule.parked_at, schedule.parked_because = db.now, because[:400]
    audit(db, "renewal.park", "service", service_id,
          account_id=schedule.account_id, reason=because[:400])  # fmt: skip
    db.publish(ServiceParked(service_id, schedule.account_id))


async def unpark(db: Db, service_id: UUID, reason: str) -> None:
    """Let the run take a service again."""
    schedule = await lock_schedule(db, service_id)
    schedule.parked_at = schedule.parked_because = None
    audit(db, "renewal.unpark", "service", service_id,
          account_id=schedule.account_id, reason=reason)  # fmt: skip
    await db.flush()
    await replan(db, [service_id])


async def lock_schedule(db: Db, service_id: UUID) -> Schedule:
    """A service's agenda, locked until this unit of work ends: before the service itself."""
    found = await db.get(Schedule, service_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def lock_agenda(db: Db, service_id: UUID) -> None:
    """The same where there may be none: a service by the hour has no agenda."""
    await db.get(Schedule, service_id, with_for_update=True, populate_existing=True)


async def renewal_of(db: Db, invoice_id: UUID) -> Renewal | None:
    """The billed period that an invoice is about; the service's agenda is locked before it."""
    found = await db.scalar(select(Renewal).where(Renewal.invoice_id == invoice_id))
    if found is None:
        return None
    await lock_schedule(db, found.service_id)
    return await db.get_one(Renewal, found.id, with_for_update=True, populate_existing=True)
