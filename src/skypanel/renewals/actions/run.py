"""The billing run: a batch of what is due, done; a bad account is parked, the others go on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

import msgspec
import structlog

from skypanel.invoices.actions import issue_invoices, void_invoice
from skypanel.payments.actions import Collected, collect, pay_from_wallets
from skypanel.platform.db import Db
from skypanel.platform.halves import in_halves
from skypanel.platform.ids import new_id
from skypanel.platform.write import Insert
from skypanel.renewals import queries
from skypanel.renewals.actions.apply import apply_change, scheduled_changes
from skypanel.renewals.actions.schedule import park, write_plans
from skypanel.renewals.events import ReminderDue
from skypanel.renewals.models import Renewal, RenewalAct
from skypanel.renewals.queries import Loaded
from skypanel.renewals.rules import (
    Act,
    RenewalSettings,
    Standing,
    Step,
    after,
    agenda,
    amount_of,
    draft_of,
    policy_after,
)
from skypanel.services.actions import erase, hold, release, terminate
from skypanel.services.rules import Hold, local_day

log = structlog.get_logger()
RENEWALS, ACTS = Insert(Renewal, also=("done",)), Insert(RenewalAct)
DONE = """
update renewals set done = noted.done, state = noted.state
from unnest(%(services)s::uuid[], %(numbers)s::int[], %(done)s::jsonb[], %(states)s::text[])
    as noted (service_id, number, done, state)
where renewals.service_id = noted.service_id and renewals.number = noted.number
    and renewals.state = 'open'
"""
ROLL = """
update services set period_number = rolled.number, period_starts_at = rolled.starts_at,
    period_ends_at = rolled.ends_at, renews_on = rolled.renews_on
from unnest(
    %(ids)s::uuid[], %(numbers)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[],
    %(days)s::date[]
) as rolled (id, number, starts_at, ends_at, renews_on)
where services.id = rolled.id
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One service with what is to be done to it now."""

    loaded: Loaded
    act: Act

    @property
    def standing(self) -> Standing:
        return self.loaded.standing

    @property
    def invoice_id(self) -> UUID:
        return self.loaded.invoices[self.act.number]


COLLECTED = {
    Collected.PAID: "paid",
    Collected.CHARGING: "charging",
    Collected.UNDER_WAY: "charging",
    Collected.SHORT: "unpaid",
}
# What a step answers: how a charge ended, by its job's place in the batch; else it is "done".
Outcomes = Mapping[int, str]
DONE_ALL: Outcomes = {}


async def run_batch(db: Db, limit: int) -> int:
    """Do one batch of what is due at `db.now`, all of one kind; how many services were touched.

    Where staff want to be asked, what is due after their last approval is left alone.

    What breaks for one service parks that one: the batch is halved until it is found.
    """
    reach = await queries.reach(db)
    due = await queries.due_schedules(db, limit, reach)
    if not due:
        return 0
    step = due[0][1]
    ids = [service_id for service_id, _ in takewhile(lambda each: each[1] == step, due)]
    jobs = []
    for loaded in await queries.standings(db.house, db, ids):
        act = agenda(loaded.standing, loaded.policy)
        if act is None or act.at > reach or act.step != step:
            await write_plans(db, [(loaded.standing, loaded.policy)])  # it moved on meanwhile
        else:
            jobs.append(Job(loaded, act))
    await _do(db, Step(step), jobs)
    return len(ids)


async def _do(db: Db, step: Step, jobs: Sequence[Job]) -> None:
    async def broken(job: Job, error: Exception) -> None:
        service_id = job.standing.service_id
        log.error("a service was parked", service_id=service_id, exc_info=error)
        await park(db, service_id, f"{step.value}: {type(error).__name__} {error}")

    if jobs:
        await in_halves(db, jobs, lambda part: _step(db, step, part), broken)


async def _step(db: Db, step: Step, jobs: Sequence[Job]) -> None:
    outcomes = await STEPS[step](db, jobs)
    stood = [
        after(job.standing, job.act, job.loaded.policy, db.now, paid=outcomes.get(place) == "paid")
        for place, job in enumerate(jobs)
    ]
    await _note(db, jobs, stood)
    policies = [policy_after(job.standing, job.act, job.loaded.policy) for job in jobs]
    await write_plans(db, list(zip(stood, policies, strict=True)))
    await ACTS.many(
        db, [_act(db.now, job, outcomes.get(place, "done")) for place, job in enumerate(jobs)]
    )


def _act(now: datetime, job: Job, outcome: str) -> dict[str, object]:
    act, standing = job.act, job.standing
    amount = amount_of(standing, act, now)
    return {
        "id": new_id(),
        "service_id": standing.service_id,
        "account_id": standing.account_id,
        "step": act.step.value,
        "number": act.number,
        "day": act.day,
        "due_at": act.at,
        "done_at": now,
        "outcome": outcome,
        "amount_minor": None if amount is None else amount.minor,
        "currency": standing.price.currency,
    }


async def _note(db: Db, jobs: Sequence[Job], stood: Sequence[Standing]) -> None:
    """Write what changed about the open bills of these services."""
    changed: list[tuple[UUID, int, list[str], str]] = []
    for job, standing in zip(jobs, stood, strict=True):
        left = {bill.number: bill for bill in standing.bills}
        for bill in job.standing.bills:
            kept = left.get(bill.number)
            if kept is not None and kept.done != bill.done:
                changed.append((standing.service_id, bill.number, sorted(kept.done), "open"))
            elif kept is None and job.act.step is Step.COLLECT:
                changed.append((standing.service_id, bill.number, sorted(bill.done), "paid"))
    if changed:
        services, numbers, done, states = zip(*changed, strict=True)
        await db.run(
            DONE,
            services=list(services),
            numbers=list(numbers),
            done=[msgspec.json.encode(each).decode() for each in done],
            states=list(states),
        )


async def _issue(db: Db, jobs: Sequence[Job]) -> Outcomes:
    drafts = [
        draft_of(job.standing, job.act.number, local_day(db.now, job.standing.zone)) for job in jobs
    ]
    await _within_bounds(db, jobs)
    asked = [draft for draft in drafts if draft is not None]
    ids = iter(await issue_invoices(db, asked) if asked else [])
    rows = []
    for job, draft in zip(jobs, drafts, strict=True):
        standing, number = job.standing, job.act.number
        starts_at, ends_at = standing.span(number)
        stood = after(standing, job.act, job.loaded.policy, db.now)
        bill = next((each for each in stood.bills if each.number == number), None)
        rows.append(
            {
                "id": new_id(),
                "service_id": standing.service_id,
                "account_id": standing.account_id,
                "number": number,
                "invoice_id": None if draft is None else next(ids),
                "state": "free" if draft is None else "open",
                "period_starts_at": starts_at,
                "period_ends_at": ends_at,
                "due_on": local_day(db.now, standing.zone) if draft is None else draft.due_on,
                "total_minor": 0 if draft is None else draft.total.minor,
                "currency": standing.price.currency,
                "done": [] if bill is None else sorted(bill.done),
                "billed_at": db.now,
            }
        )
    await RENEWALS.many(db, rows)
    return DONE_ALL


class OutOfBounds(ValueError):
    """More would be asked of an account or service than is believable."""


async def _within_bounds(db: Db, jobs: Sequence[Job]) -> None:
    """Refuse a batch that asks an account or a service for too much in one day."""
    bounds = await db.house.settings.get(RenewalSettings)
    accounts = Counter(job.standing.account_id for job in jobs)
    services = Counter(job.standing.service_id for job in jobs)
    recent = await queries.billed_since(db, list(accounts))
    for account_id, service_id, count in recent:
        accounts[account_id] += count
        if service_id in services:
            services[service_id] += count
    for limit, counted, what in (
        (bounds.invoices_a_day_max, accounts, "account"),
        (bounds.invoices_a_service_day_max, services, "service"),
    ):
        worst, count = counted.most_common(1)[0]
        if count > limit:
            raise OutOfBounds(f"{count} invoices in a day for one {what} ({worst})")


async def _collect(db: Db, jobs: Sequence[Job]) -> Outcomes:
    """Wallets together; one by one what is not that simple, or has credit or a saved method."""
    places = {job.invoice_id: place for place, job in enumerate(jobs)}
    outcomes = dict.fromkeys(places.values(), "unpaid")
    wallets = await pay_from_wallets(db, list(places))
    for invoice_id, place in places.items():
        if invoice_id in wallets.paid:
            outcomes[place] = "paid"
        elif invoice_id in wallets.left or jobs[place].standing.means:
            outcomes[place] = COLLECTED[await collect(db, invoice_id)]
    for place, outcome in outcomes.items():
        standing = jobs[place].standing
        if outcome == "paid" and standing.unpaid and len(standing.bills) == 1:
            await release(db, standing.service_id, Hold.UNPAID, "Its invoices are paid.")
    return outcomes


async def _remind(db: Db, jobs: Sequence[Job]) -> Outcomes:
    for job in jobs:
        db.publish(ReminderDue(job.invoice_id, job.standing.account_id, job.act.day))
    return DONE_ALL


async def _roll(db: Db, jobs: Sequence[Job]) -> Outcomes:
    rolled: dict[str, list[object]] = defaultdict(list)
    for job in jobs:
        standing, number = job.standing, job.act.number
        starts_at, ends_at = standing.span(number)
        rolled["ids"].append(standing.service_id)
        rolled["numbers"].append(number)
        rolled["starts"].append(starts_at)
        rolled["ends"].append(ends_at)
        rolled["days"].append(local_day(ends_at, standing.zone))
    await db.run(ROLL, **rolled)
    await _change_plans(db, jobs)
    return DONE_ALL


async def _change_plans(db: Db, jobs: Sequence[Job]) -> None:
    """Some of these periods are the first of another plan."""
    begun = {
        job.standing.service_id: job.act.number
        for job in jobs
        if job.standing.coming is not None and job.act.number >= job.standing.coming.number
    }
    for change in await scheduled_changes(db, [*begun]) if begun else ():
        if change.number <= begun[change.service_id]:
            await apply_change(db, change)


async def _suspend(db: Db, jobs: Sequence[Job]) -> Outcomes:
    for job in jobs:
        await hold(db, job.standing.service_id, Hold.UNPAID, "An invoice is overdue.")
    return DONE_ALL


async def _end(db: Db, jobs: Sequence[Job]) -> Outcomes:
    for job in jobs:
        await terminate(db, job.standing.service_id, "Its customer chose this day.", wished=True)
    return DONE_ALL


async def _terminate(db: Db, jobs: Sequence[Job]) -> Outcomes:
    for job in jobs:
        await terminate(db, job.standing.service_id, "An invoice stayed unpaid.")
    return DONE_ALL


async def _erase(db: Db, jobs: Sequence[Job]) -> Outcomes:
    for job in jobs:
        for invoice_id in job.loaded.invoices.values():
            await void_invoice(db, invoice_id, "The service was terminated.")
        await erase(db, job.standing.service_id)
    return DONE_ALL


STEPS: dict[Step, Callable[[Db, Sequence[Job]], Awaitable[Outcomes]]] = {
    Step.ISSUE: _issue,
    Step.COLLECT: _collect,
    Step.REMIND: _remind,
    Step.ROLL: _roll,
    Step.SUSPEND: _suspend,
    Step.END: _end,
    Step.TERMINATE: _terminate,
    Step.ERASE: _erase,
}
