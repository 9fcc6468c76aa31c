"""Which plans and cycles a service can change to, and what exactly that costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from skypanel.catalog.rules import Cycle, exact, is_finer
from skypanel.payments.queries import wallet
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.renewals.errors import PlanNotOffered
from skypanel.renewals.queries.change_log import changes_of
from skypanel.renewals.queries.subject import subject_of
from skypanel.renewals.rules.hours import weigh_hours
from skypanel.renewals.rules.weigh import (
    AT_RENEWAL,
    NOW,
    Candidate,
    Hours,
    Subject,
    Weighed,
    weigh,
)
from skypanel.usage.queries import change_needs
from skypanel.usage.rules import counts_until


@dataclass(frozen=True, slots=True)
class ChangeAsk:
    """Which plan a service is to have and when; no cycle is the one that it has."""

    plan_id: UUID
    timing: str
    cycle: str | None = None


async def weighed(
    house: House, read: Read, service_id: UUID, asked: ChangeAsk
) -> tuple[Subject, Weighed]:
    """What a change would be. Refuses `plan_not_offered` for what is not sold there."""
    subject, candidates = await subject_of(house, read, service_id)
    cycle = asked.cycle or subject.cycle
    for candidate in candidates:
        if (candidate.plan_id, candidate.cycle) == (asked.plan_id, cycle):
            if cycle == Cycle.HOURLY:
                return await _hourly(house, read, subject, candidate, asked.timing)
            return subject, weigh(subject, candidate, asked.timing)
    raise PlanNotOffered


async def _hourly(
    house: House, read: Read, subject: Subject, plan: Candidate, timing: str
) -> tuple[Subject, Weighed]:
    """The same for a service by the hour: it needs the hours as they stand."""
    found = await change_needs(house, read, subject.standing.service_id, plan.plan_id, plan.amount)
    if found is None:
        return subject, weigh_hours(subject, plan, timing, None)
    meter, rate, needed, held = found
    hours = Hours(
        from_at=max(meter.counted_until, counts_until(meter, read.now)),
        price_before=meter.rate.price,
        price=rate.price,
        cap=rate.cap,
        needed=needed,
        held=held,
    )
    owing = replace(subject, arrears=bool(meter.arrears))
    return owing, weigh_hours(owing, plan, timing, hours)


async def quote(house: House, read: Read, service_id: UUID, asked: ChangeAsk) -> dict[str, Any]:
    """A change as it is confirmed, or why it can't be made."""
    subject, found = await weighed(house, read, service_id, asked)
    standing = subject.standing
    total, zero = found.total, Money.zero(standing.price.currency)
    held = await wallet.standing(read, standing.account_id, zero.currency)
    spendable: Money = held["spendable"]
    to_pay = total if total.minor > 0 else zero
    proration = found.proration
    return {
        "service_id": standing.service_id,
        "plan": found.candidate.size(),
        "plan_before": {"id": str(subject.plan_id), "name": subject.plan_name},
        "timing": asked.timing,
        "cycle": found.candidate.cycle,
        "cycle_before": subject.cycle,
        "price": found.coming.price,
        "addons": [
            {"name": one.name, "quantity": one.quantity, "price": one.price}
            for one in found.coming.extras or ()
        ],
        "coupon_ends": found.coupon_ends,
        "hourly": _hours_wire(found.hours),
        "refusal": _refusal(found),
        "effective_on": found.effective_on,
        "proration": None if proration is None else {
            "days_left": proration.span.left,
            "days_whole": proration.span.whole,
            "ends_on": proration.span.ends_on,
            "paid": proration.basis.paid.gross,
            "paid_days": proration.basis.days,
            "price": proration.price,
            "credit": proration.credit.wire(),
            "charge": proration.charge.wire(),
        },
        "tax_treatment": standing.tax.wire(),
        "total": total,
        "from_wallet": to_pay if to_pay <= spendable else zero,
        "to_pay": zero if to_pay <= spendable else to_pay,
        "to_wallet": -total if total.minor < 0 else zero,
        "next_on": found.next_on,
        "next_total": found.next_total,
        "restarts": found.restarts,
        "keeps_disk": found.keeps_disk,
    }  # fmt: skip


def _hours_wire(hours: Hours | None) -> dict[str, Any] | None:
    if hours is None:
        return None
    return {
        "from_at": hours.from_at,
        "price_exact_before": exact(hours.price_before),
        "price_exact": exact(hours.price),
        "cap": hours.cap,
        "needed": hours.needed,
        "spendable": hours.held,
    }


def _refusal(found: Weighed) -> dict[str, str] | None:
    refusal = found.refusal
    return None if refusal is None else {"code": refusal.code, "message": refusal.text}


async def choices(
    house: House, read: Read, service_id: UUID, cycle: str | None = None
) -> dict[str, Any]:
    """The plans that a service can change to in a cycle, and the changes there were; latest first.

    No cycle is the one that it has; `cycles` are those in which something is sold in its place.
    """
    changes = await changes_of(read, service_id)
    try:
        subject, candidates = await subject_of(house, read, service_id)
    except NotFound:
        return {"cycle": None, "cycles": [], "plans": [], "changes": changes}
    shown = cycle or subject.cycle
    sold = {each.cycle for each in candidates} | {subject.cycle}
    return {
        "cycle": shown,
        "cycles": [each.value for each in Cycle if each.value in sold],
        "plans": [
            await _choice(house, read, subject, each) for each in candidates if each.cycle == shown
        ],
        "changes": changes,
    }


async def _choice(house: House, read: Read, subject: Subject, plan: Candidate) -> dict[str, Any]:
    if plan.cycle == Cycle.HOURLY:
        (_, now), (_, later) = [
            await _hourly(house, read, subject, plan, timing) for timing in (NOW, AT_RENEWAL)
        ]
    else:
        now, later = (weigh(subject, plan, timing) for timing in (NOW, AT_RENEWAL))
    finer = is_finer(plan.amount, later.coming.price.currency)
    return {
        "plan": plan.size(),
        "description": plan.description,
        "price": later.coming.price,
        "price_exact": exact(plan.amount) if finer else None,
        "current": (plan.plan_id, plan.cycle) == (subject.plan_id, subject.cycle),
        "total_now": now.total,
        "now": _refusal(now),
        "renewal": _refusal(later),
    }
