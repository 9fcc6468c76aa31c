"""The changes of plan that there were."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from skypanel.catalog.models import Plan
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Query, money
from skypanel.platform.states import allowed
from skypanel.renewals.models import PlanChange
from skypanel.renewals.rules import CHANGE_STATES

SHOWN = 24
_CHANGES = select(
    PlanChange.id,
    PlanChange.service_id,
    PlanChange.account_id,
    PlanChange.timing,
    PlanChange.state,
    PlanChange.plan_id,
    PlanChange.plan_before_id,
    PlanChange.plan["name"].astext.label("plan_name"),
    Plan.name.label("plan_name_before"),
    PlanChange.cycle,
    PlanChange.cycle_before,
    PlanChange.effective_on,
    PlanChange.restarts,
    PlanChange.invoice_id,
    PlanChange.notes,
    PlanChange.reason,
    PlanChange.error,
    PlanChange.created_at,
    PlanChange.expires_at,
    PlanChange.applied_at,
    PlanChange.closed_at,
    PlanChange.currency,
    PlanChange.price_minor,
    (PlanChange.credit_net_minor + PlanChange.credit_tax_minor).label("credit_minor"),
    (PlanChange.charge_net_minor + PlanChange.charge_tax_minor).label("charge_minor"),
).join(Plan, Plan.id == PlanChange.plan_before_id)


def _shape(
    change_id: UUID,
    service_id: UUID,
    account_id: UUID,
    timing: str,
    state: str,
    plan_id: UUID,
    plan_before_id: UUID,
    plan_name: str,
    plan_name_before: str,
    cycle: str | None,
    cycle_before: str | None,
    effective_on: date,
    restarts: bool,
    invoice_id: UUID | None,
    notes: list[str],
    reason: str | None,
    error: str | None,
    created_at: datetime,
    expires_at: datetime | None,
    applied_at: datetime | None,
    closed_at: datetime | None,
    currency: str,
    price_minor: int,
    credit_minor: int,
    charge_minor: int,
) -> dict[str, Any]:
    return {
        "id": change_id,
        "service_id": service_id,
        "account_id": account_id,
        "timing": timing,
        "state": state,
        "plan_id": plan_id,
        "plan_before_id": plan_before_id,
        "plan_name": plan_name,
        "plan_name_before": plan_name_before,
        "cycle": cycle,
        "cycle_before": cycle_before,
        "effective_on": effective_on,
        "restarts": restarts,
        "invoice_id": invoice_id,
        "credit_note_ids": notes,
        "reason": reason,
        "error": error,
        "created_at": created_at,
        "expires_at": expires_at,
        "applied_at": applied_at,
        "closed_at": closed_at,
        "price": money(price_minor, currency),
        "credit": money(credit_minor, currency),
        "charge": money(charge_minor, currency),
        "total": money(charge_minor - credit_minor, currency),
        "can": [verb for verb in allowed(CHANGE_STATES, state) if verb in ("cancel", "retry")],
    }


CHANGES: Query[dict[str, Any]] = Query(
    _CHANGES.where(PlanChange.service_id == bindparam("service", type_=Uuid()))
    .order_by(PlanChange.id.desc())
    .limit(SHOWN),
    _shape,
)
CHANGE: Query[dict[str, Any]] = Query(
    _CHANGES.where(PlanChange.id == bindparam("change", type_=Uuid())), _shape
)


async def changes_of(read: Read, service_id: UUID) -> list[dict[str, Any]]:
    """A service's changes of plan, latest first."""
    return await CHANGES.all(read, service=service_id)


async def change(read: Read, change_id: UUID) -> dict[str, Any]:
    """One change of plan."""
    found = await CHANGE.one(read, change=change_id)
    if found is None:
        raise NotFound
    return found


async def change_for(read: Read, viewer: Viewer, change_id: UUID) -> dict[str, Any]:
    """A change of plan that the viewer may decide about."""
    found = await change(read, change_id)
    viewer.require("billing.pay", found["account_id"])
    return found


def for_customer(found: dict[str, Any], *, pays: bool) -> dict[str, Any]:
    """Without what only staff read and do."""
    can = [verb for verb in found["can"] if verb == "cancel" and pays]
    return {**found, "reason": None, "error": None, "can": can}
