"""How services stand, what is due, what would happen and what did."""

from __future__ import annotations

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
    "Loaded",
    "account_of",
    "billed_since",
    "done_page",
    "due_schedules",
    "expected",
    "get_service",
    "lived",
    "parked",
    "plan",
    "policies",
    "preview",
    "service_page",
    "staff_service_page",
    "standings",
    "terms",
]
