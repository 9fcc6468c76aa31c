"""Services billed by the hour of which something is due: suspended, ended, erased."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from skypanel.catalog.rules import Cycle
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.read import Query
from skypanel.renewals.models import AccountTerms, PlanPolicy, PolicyRow
from skypanel.renewals.queries.gate import reach
from skypanel.renewals.rules import Policy
from skypanel.services.models import Service
from skypanel.services.rules import Hold
from skypanel.usage.models import UsageAccount, UsageMonth
from skypanel.usage.rules import UsageSettings

# What is unpaid and running, unpaid and held, or over: few beside all that run.
_PENDING: Query[tuple[Any, ...]] = Query(
    select(
        Service.id,
        Service.state,
        Service.holds,
        Service.terminated_at,
        UsageAccount.short_since,
        func.coalesce(AccountTerms.exempt, False),
        AccountTerms.promise_until,
        PolicyRow.terms,
    )
    .outerjoin(UsageAccount, UsageAccount.account_id == Service.account_id)
    .outerjoin(AccountTerms, AccountTerms.account_id == Service.account_id)
    .outerjoin(PlanPolicy, PlanPolicy.plan_id == Service.plan_id)
    .outerjoin(
        PolicyRow,
        or_(
            PolicyRow.id == PlanPolicy.policy_id,
            and_(PlanPolicy.policy_id.is_(None), PolicyRow.default),
        ),
    )
    .where(
        Service.cycle == Cycle.HOURLY.value,
        or_(
            Service.state == "terminated",
            and_(
                Service.state.in_(("active", "suspended")),
                UsageAccount.short_since.is_not(None),
                select(UsageMonth.id)
                .where(
                    UsageMonth.service_id == Service.id,
                    UsageMonth.state.in_(("open", "held", "closing")),
                    UsageMonth.due_minor > UsageMonth.charged_minor,
                )
                .exists(),
            ),
        ),
    )
    .order_by(Service.id),
    lambda *columns: columns,
)


async def hourly_due(house: House, read: Read) -> list[tuple[UUID, str]]:
    """Services and what is due for each, as far as staff approved: suspend, terminate or erase."""
    now = await reach(read)
    settings = await house.settings.get(UsageSettings)
    grace = timedelta(hours=settings.grace_hours)
    due = []
    for service_id, state, holds, ended, short, exempt, promised, terms in await _PENDING.all(read):
        policy = Policy() if terms is None else Policy.model_validate(terms)
        if state == "terminated":
            if ended is not None and ended + timedelta(days=policy.erase) <= now:
                due.append((service_id, "erase"))
        elif not exempt and not _promised(promised, now):
            step = _step(policy, short, grace, now, held=Hold.UNPAID in holds)
            due += [(service_id, step)] if step else []
    return due


def _promised(until: date | None, now: datetime) -> bool:
    return until is not None and now.date() <= until


def _step(
    policy: Policy, short: datetime, grace: timedelta, now: datetime, *, held: bool
) -> str | None:
    if not held:
        return "suspend" if policy.suspend is not None and short + grace <= now else None
    if policy.terminate is not None and short + timedelta(days=policy.terminate) <= now:
        return "terminate"
    return None
