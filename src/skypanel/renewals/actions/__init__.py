"""Scheduling, running and following what services are billed for."""

from __future__ import annotations

from skypanel.renewals.actions.follow import (
    hold_disputed,
    note_payment,
    note_void,
    release_disputed,
)
from skypanel.renewals.actions.run import run_batch
from skypanel.renewals.actions.schedule import (
    begin_schedule,
    cancel_at_period_end,
    park,
    replan,
    unpark,
    void_bills_from,
)
from skypanel.renewals.actions.terms import (
    agree_terms,
    drop_policy,
    follow_policy,
    save_policy,
    scheduled,
)

__all__ = [
    "agree_terms",
    "begin_schedule",
    "cancel_at_period_end",
    "drop_policy",
    "follow_policy",
    "hold_disputed",
    "note_payment",
    "note_void",
    "park",
    "release_disputed",
    "replan",
    "run_batch",
    "save_policy",
    "scheduled",
    "unpark",
    "void_bills_from",
]
