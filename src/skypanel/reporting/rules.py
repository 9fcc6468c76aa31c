"""How what happened is said: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from skypanel.catalog.rules import Forecast, address_points, forecast

DAYS = 14
LATE = timedelta(minutes=10)
# What the tables of stateful rows are called where staff read of one of them.
SUBJECT_KINDS = {
    "orders": "order",
    "invoices": "invoice",
    "payments": "payment",
    "servers": "server",
    "services": "service",
    "plan_changes": "plan_change",
    "server_tasks": "task",
    "provisions": "provision",
    "mail_messages": "mail",
    "users": "user",
}
TITLES = {
    "job_dead": "A job gave up: {name}",
    "order_stuck": "Paid, but no server yet: {name}",
    "provision_failed": "A server could not be made: {name}",
    "resize_failed": "A server does not get the size of its new plan: {name}",
    "payment_parked": "A payment needs a person: {name}",
    "mail_refused": "Mail was refused: {name}",
    "ledger_difference": "A balance is not the sum of its entries: {name}",
    "invoice_overdue": "Overdue: {name}",
    "webhook_parked": "A webhook could not be applied: {name}",
}


def first_day(now: datetime, zone: str) -> tuple[date, datetime]:
    """The first of the last fourteen local days, and the instant at which it began."""
    local = ZoneInfo(zone)
    day = now.astimezone(local).date() - timedelta(days=DAYS - 1)
    return day, datetime.combine(day, time.min, local)


def days_from(first: date) -> list[date]:
    """Fourteen days in order."""
    return [first + timedelta(days=count) for count in range(DAYS)]


def whole_series(
    days: Iterable[date], found: Mapping[date, Any], name: str, otherwise: Any
) -> list[dict[str, Any]]:
    """One point per day; a day without anything is a point too."""
    return [{"on": day, name: found.get(day, otherwise)} for day in days]


def subject_kind(table: str) -> str:
    """What a row of a table is called."""
    return SUBJECT_KINDS.get(table, table)


def moment_text(subject: str, verb: str, state: str, note: str | None) -> str:
    """A change of state in one line."""
    said = f"{subject.replace('_', ' ').capitalize()}: {state.replace('_', ' ')}"
    if verb == "retry":
        said = f"{subject.replace('_', ' ').capitalize()}: tried again"
    return f"{said}. {note}" if note else said


def pattern(q: str) -> str:
    """What was typed, anywhere in a text: for ILIKE, its own wildcards made plain."""
    plain = q.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


Forecasts = list[tuple[str, str, Forecast]]


def group_forecasts(days: Sequence[Mapping[str, Any]]) -> Forecasts:
    """When a group's memory, cores, each kind of its storage and its addresses will be used."""
    if not days:
        return []
    last = days[-1]
    found: Forecasts = []
    for what, name in (("memory", "Memory"), ("vcpu", "Cores")):
        column = "memory_mib" if what == "memory" else what
        points = [(day["on"], day[f"{column}_used"]) for day in days]
        found.append((what, name, forecast(points, last[f"{column}_left"])))
    for store in last["stores"]:
        kind = store["storage_type"]
        points = [
            (day["on"], one["used"])
            for day in days
            for one in day["stores"]
            if one["storage_type"] == kind
        ]
        found.append((f"store_{kind}", store["name"], forecast(points, store["left"])))
    addresses = [(day["on"], day["ipv4_left"]) for day in days if day["ipv4_left"] is not None]
    left = last["ipv4_left"]
    found.append(("ipv4", "IPv4 addresses", forecast(address_points(addresses), left)))
    return found
