"""Services as their customers and staff see them, with what was and will be billed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, bindparam, func, or_, select

from skypanel.catalog.models import Plan
from skypanel.catalog.rules import Cycle, exact
from skypanel.identity.models import Account
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.house import House
from skypanel.platform.read import Page, Query, money
from skypanel.renewals.models import AccountTerms, PlanPolicy, PolicyRow, Renewal, Schedule
from skypanel.renewals.queries.preview import preview
from skypanel.renewals.queries.standings import standings
from skypanel.renewals.rules import Policy, explain
from skypanel.servers.models import Server
from skypanel.services.models import Service
from skypanel.services.rules import local_day, may_undo

AHEAD_DAYS = 400
AHEAD_ROWS = 12
_COLUMNS = (
    Service.id,
    Service.account_id,
    Account.name.label("account_name"),
    Service.name,
    Plan.name.label("plan_name"),
    Service.state,
    Service.holds,
    Service.cycle,
    Service.price_minor,
    Service.price_exact,
    Service.currency,
    Service.period_starts_at,
    Service.period_ends_at,
    Service.renews_on,
    Service.cancels_on,
    Service.wished_end,
    Service.terminated_at,
    Server.id.label("server_id"),
    Schedule.next_step,
    Schedule.next_at,
    Schedule.parked_at.is_not(None).label("parked"),
)
_FROM = (
    select(*_COLUMNS)
    .join(Account, Account.id == Service.account_id)
    .join(Plan, Plan.id == Service.plan_id)
    .outerjoin(Server, Server.service_id == Service.id)
    .outerjoin(Schedule, Schedule.service_id == Service.id)
)
_STATE = bindparam("state", type_=String())
_PAGED = (
    Service.id < bindparam("before", type_=Uuid()),
    or_(_STATE.is_(None), Service.state == _STATE),
)


def _shape(*columns: Any) -> dict[str, Any]:
    row = dict(zip((column.key for column in _COLUMNS), columns, strict=True))
    currency = row.pop("currency")
    row["price"] = money(row.pop("price_minor"), currency)
    row["price_exact"] = row["price_exact"] and exact(row["price_exact"])
    row["erases_at"] = row["next_at"] if row["next_step"] == "erase" else None
    return row


LIST: Query[dict[str, Any]] = Query(
    _FROM.where(
        Service.account_id == bindparam("accounts", type_=ARRAY(Uuid)).any_(),
        Service.state != "cancelled",
        *_PAGED,
    )
    .order_by(Service.id.desc())
    .limit(bindparam("limit")),
    _shape,
)
STAFF_LIST: Query[dict[str, Any]] = Query(
    _FROM.where(*_PAGED).order_by(Service.id.desc()).limit(bindparam("limit")), _shape
)
ONE: Query[dict[str, Any]] = Query(
    _FROM.where(Service.id == bindparam("service", type_=Uuid())), _shape
)


def _renewal(
    number: int,
    state: str,
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    due_on: date,
    invoice_id: UUID | None,
    total_minor: int,
    currency: str,
) -> dict[str, Any]:
    return {
        "number": number,
        "state": state,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "starts_on": local_day(starts_at, zone),
        "ends_on": local_day(ends_at, zone),
        "due_on": due_on,
        "invoice_id": invoice_id,
        "total": money(total_minor, currency),
    }


RENEWALS: Query[dict[str, Any]] = Query(
    select(
        Renewal.number,
        Renewal.state,
        Renewal.period_starts_at,
        Renewal.period_ends_at,
        Service.zone,
        Renewal.due_on,
        Renewal.invoice_id,
        Renewal.total_minor,
        Renewal.currency,
    )
    .join(Service, Service.id == Renewal.service_id)
    .where(Renewal.service_id == bindparam("service", type_=Uuid()))
    .order_by(Renewal.number.desc())
    .limit(36),
    _renewal,
)
POLICIES: Query[tuple[UUID, dict[str, Any], bool, list[str]]] = Query(
    select(
        PolicyRow.id,
        PolicyRow.terms,
        PolicyRow.default,
        func.coalesce(
            select(func.array_agg(Plan.name))
            .join(PlanPolicy, PlanPolicy.plan_id == Plan.id)
            .where(PlanPolicy.policy_id == PolicyRow.id)
            .scalar_subquery(),
            bindparam("none", [], type_=ARRAY(String)),
        ),
    ).order_by(PolicyRow.name),
    lambda *columns: columns,
)
TERMS: Query[dict[str, Any]] = Query(
    select(AccountTerms.exempt, AccountTerms.promise_until, AccountTerms.reason).where(
        AccountTerms.account_id == bindparam("account", type_=Uuid())
    )
)


def _can(service: dict[str, Any], *, pays: bool) -> list[str]:
    """What a customer who may look after the bills can do with a service."""
    if not pays:
        return []
    if service["state"] == "terminated":
        return ["undo"] if may_undo(service["wished_end"], service["holds"]) else []
    if service["state"] not in ("active", "suspended"):
        return []
    if service["cancels_on"] is not None:
        return ["keep", "end_now"]
    verbs = ["cancel", "end_now"]
    return [*verbs, "change_plan"] if _changes_plan(service) else verbs


def _changes_plan(service: dict[str, Any]) -> bool:
    """Whether its plan may be changed at all; what speaks against one plan its quote says."""
    return bool(service["state"] == "active")


def _staff_can(service: dict[str, Any], *, edits: bool) -> list[str]:
    if not edits:
        return []
    verbs = {
        "active": ["hold", "terminate"],
        "suspended": ["hold", "release", "terminate"],
        "terminated": ["undo"],
    }.get(service["state"], [])
    if _changes_plan(service) and service["cancels_on"] is None:
        verbs = [*verbs, "change_plan"]
    if not verbs or service["cycle"] == Cycle.HOURLY:  # without an agenda nothing is parked
        return verbs
    return [*verbs, "unpark" if service["parked"] else "park"]


async def service_page(
    read: Read, viewer: Viewer, page: Page, *, account_id: UUID | None, state: str | None
) -> dict[str, Any]:
    """The services of the viewer's accounts."""
    accounts = viewer.visible("billing.view", account_id)
    found = await LIST.page(read, page, accounts=accounts, state=state)
    for each in found["items"]:
        each["can"] = _can(each, pays=viewer.may("billing.pay", each["account_id"]))
    return found


async def staff_service_page(
    read: Read, viewer: Viewer, page: Page, *, state: str | None
) -> dict[str, Any]:
    """All services, newest first."""
    found = await STAFF_LIST.page(read, page, state=state)
    for each in found["items"]:
        each["can"] = _staff_can(each, edits="renewals.edit" in viewer.staff)
    return found


async def account_of(read: Read, viewer: Viewer, service_id: UUID, permission: str) -> UUID:
    """The account of a service with which the viewer may do this."""
    found = await ONE.one(read, service=service_id)
    if found is None:
        raise NotFound
    account_id: UUID = found["account_id"]
    viewer.require(permission, account_id)
    return account_id


async def get_service(
    house: House, read: Read, viewer: Viewer, service_id: UUID, *, staff: bool = False
) -> dict[str, Any]:
    """A service with its billed periods, what comes next, and the policy it follows."""
    found = await ONE.one(read, service=service_id)
    if found is None:
        raise NotFound
    if staff:
        found["can"] = _staff_can(found, edits="renewals.edit" in viewer.staff)
    else:
        viewer.require("billing.view", found["account_id"])
        found["can"] = _can(found, pays=viewer.may("billing.pay", found["account_id"]))
    ahead = await preview(house, read, AHEAD_DAYS, found["account_id"])
    own = [each for each in ahead["acts"] if each["service_id"] == service_id]
    loaded = await standings(house, read, [service_id])
    policy = loaded[0].policy if loaded else Policy()
    return {
        **found,
        "renewals": await RENEWALS.all(read, service=service_id),
        "upcoming": own[:AHEAD_ROWS],
        "policy": _policy(None, policy, plans=[], default=False),
    }


def _policy(
    policy_id: UUID | None, policy: Policy, *, plans: list[str], default: bool
) -> dict[str, Any]:
    return {
        "id": policy_id,
        "default": default,
        "terms": policy.model_dump(mode="json"),
        "plans": plans,
        "timeline": explain(policy),
    }


async def policies(read: Read) -> list[dict[str, Any]]:
    """Every policy as a timeline; without a default the built-in one holds."""
    rows = await POLICIES.all(read)
    shown = [
        _policy(policy_id, Policy.model_validate(terms), plans=plans, default=default)
        for policy_id, terms, default, plans in rows
    ]
    if not any(each["default"] for each in shown):
        shown.insert(0, _policy(None, Policy(), plans=[], default=True))
    return shown


async def terms(read: Read, account_id: UUID) -> dict[str, Any]:
    """What was agreed with an account."""
    found = await TERMS.one(read, account=account_id)
    return found or {"exempt": False, "promise_until": None, "reason": None}


async def expected(
    house: House, read: Read, viewer: Viewer, account_id: UUID, days: int
) -> dict[str, Any]:
    """What an account can expect in the next days."""
    viewer.require("billing.view", account_id)
    return await preview(house, read, min(days, AHEAD_DAYS), account_id)
