"""What happens to a service and when: policies, the agenda, and the agenda walked ahead."""

from __future__ import annotations

from skypanel.renewals.rules.agenda import (
    Act,
    Bill,
    Extra,
    Standing,
    after,
    agenda,
    amount_of,
    draft_of,
    due_on,
    settled,
)
from skypanel.renewals.rules.policy import (
    RANK,
    RENEWAL_STATES,
    Policy,
    RenewalSettings,
    Step,
    explain,
)
from skypanel.renewals.rules.walk import Planned, walk

__all__ = [
    "RANK",
    "RENEWAL_STATES",
    "Act",
    "Bill",
    "Extra",
    "Planned",
    "Policy",
    "RenewalSettings",
    "Standing",
    "Step",
    "after",
    "agenda",
    "amount_of",
    "draft_of",
    "due_on",
    "explain",
    "settled",
    "walk",
]
