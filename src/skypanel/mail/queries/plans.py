"""What mail about changes of plan says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from skypanel.catalog.rules import TERMS, Cycle, exact
from skypanel.identity.models import Account
from skypanel.mail.queries.asking import Asking, Overtaken, user_of
from skypanel.mail.rules import MailKind
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.renewals.models import PlanChange
from skypanel.services.models import Service


def _facts(
    account: str,
    service_id: UUID,
    state: str,
    name_before: str,
    name: str,
    plan: Mapping[str, Any],
    price_minor: int,
    currency: str,
    effective_on: Any,
    restarts: bool,
    cycle: str | None,
    plan_stays: bool,
    price_exact: Decimal | None,
    hourly: bool,
) -> dict[str, Any]:
    return {
        "account": account,
        "service_id": service_id,
        "state": state,
        "service": name_before,
        "new_service": name,
        "plan": plan["name"],
        "vcpu": plan["vcpu"],
        "memory_mib": plan["memory_mib"],
        "price": Money(price_minor, currency),
        "effective_on": effective_on,
        "restarts": restarts,
        "term": None if cycle is None else TERMS[cycle],
        "plan_stays": plan_stays,
        "hourly": None if not hourly else f"{exact(price_exact or Decimal(0))} {currency}",
    }


_CHANGE: Query[dict[str, Any]] = Query(
    select(
        Account.name,
        PlanChange.service_id,
        PlanChange.state,
        PlanChange.name_before,
        PlanChange.name,
        PlanChange.plan,
        PlanChange.price_minor,
        PlanChange.currency,
        PlanChange.effective_on,
        PlanChange.restarts,
        PlanChange.cycle,
        (PlanChange.plan_id == PlanChange.plan_before_id).label("plan_stays"),
        PlanChange.price_exact,
        (Service.cycle == Cycle.HOURLY.value).label("hourly"),
    )
    .join(Service, Service.id == PlanChange.service_id)
    .join(Account, Account.id == PlanChange.account_id)
    .where(PlanChange.id == bindparam("change", type_=Uuid())),
    _facts,
)


def _while(*states: str) -> Callable[[Asking], Awaitable[dict[str, Any]]]:
    async def facts(asking: Asking) -> dict[str, Any]:
        found = await _CHANGE.one(asking.read, change=asking.ids["plan_change_id"])
        if found is None or found["state"] not in states:
            raise Overtaken("The change of plan stands differently by now.")
        service_id = found.pop("service_id")
        return {**await user_of(asking), **found, "link": asking.link(f"/services/{service_id}")}

    return facts


PLAN_FACTS: dict[str, Callable[[Asking], Awaitable[dict[str, Any]]]] = {
    MailKind.PLAN_CHANGE_SCHEDULED: _while("scheduled"),
    MailKind.PLAN_CHANGED: _while("done"),
}
