"""Whether a service by the hour can have another plan, and what that means."""

from __future__ import annotations

from collections.abc import Iterator

from skypanel.platform.money import Money
from skypanel.renewals.errors import (
    BalanceBelowChange,
    ChangeNotPossible,
    OnlyNow,
    ServiceNotRunning,
    ServiceSetAside,
    ServiceUnpaid,
)
from skypanel.renewals.rules.weigh import (
    NOW,
    Candidate,
    Hours,
    Subject,
    Weighed,
    against_any,
    against_plan,
    coming_of,
    restarts,
)

HOURS_UNPAID = "Hours of it are not paid: the balance did not cover them. Top up first."


def weigh_hours(subject: Subject, plan: Candidate, timing: str, hours: Hours | None) -> Weighed:
    """Everything about another plan for a service by the hour; no hours where none are counted."""
    zero = Money.zero(subject.standing.price.currency)
    current = subject.server or {}
    return Weighed(
        candidate=plan,
        timing=timing,
        number=0,
        effective_on=subject.today,
        refusal=next(_against(subject, plan, timing, hours), None),
        proration=None,
        coming=coming_of(subject, plan, 0),
        next_on=subject.today,
        next_total=zero,
        keeps_disk=plan.disk_gib < current.get("disk_gib", 0),
        restarts=restarts(subject, plan),
        hours=hours,
    )


def _against(
    subject: Subject, plan: Candidate, timing: str, hours: Hours | None
) -> Iterator[ChangeNotPossible]:
    yield from against_any(subject)
    yield from against_plan(subject, plan)
    if timing != NOW:
        yield OnlyNow()
    if subject.run_waits:
        yield ServiceSetAside("The billing of hours waits for our staff; try again later.")
    if hours is None:
        yield ServiceNotRunning()
    elif subject.arrears:
        yield ServiceUnpaid(HOURS_UNPAID)
    elif hours.price > hours.price_before and hours.held < hours.needed:
        missing = hours.needed - hours.held
        yield BalanceBelowChange(
            f"This plan needs {hours.needed} in the wallet; {missing} is missing. Top up first."
        )
