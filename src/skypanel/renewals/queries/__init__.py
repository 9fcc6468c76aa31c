"""How services stand, what is due, what would happen and what did."""

from __future__ import annotations

from skypanel.renewals.queries.change_log import change, change_for, changes_of, for_customer
from skypanel.renewals.queries.changes import ChangeAsk, choices, quote, weighed
from skypanel.renewals.queries.gate import gate, reach
from skypanel.renewals.queries.hourly import hourly_due
from skypanel.renewals.queries.preview import done_page, lived, parked, plan, preview
from skypanel.renewals.queries.services import (
    account_of,
    expected,
    get_service,
    policies,
    service_page,
    staff_service_page,
    terms,
)
from skypanel.renewals.queries.standings import (
    Loaded,
    billed_since,
    due_schedules,
    standings,
)

__all__ = [
    "ChangeAsk",
    "Loaded",
    "account_of",
    "billed_since",
    "change",
    "change_for",
    "changes_of",
    "choices",
    "done_page",
    "due_schedules",
    "expected",
    "for_customer",
    "gate",
    "get_service",
    "hourly_due",
    "lived",
    "parked",
    "plan",
    "policies",
    "preview",
    "quote",
    "reach",
    "service_page",
    "staff_service_page",
    "standings",
    "terms",
    "weighed",
]
