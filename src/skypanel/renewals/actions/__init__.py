"""Scheduling, running and following what services are billed for."""

from __future__ import annotations

from skypanel.renewals.actions.apply import price_for_coming
from skypanel.renewals.actions.change import (
    ask_change,
    cancel_change,
    drop_moot_change,
    due_to_expire,
    expire_change,
    note_change_paid,
    note_change_void,
)
from skypanel.renewals.actions.follow import (
    hold_disputed,
    note_payment,
    note_void,
    release_disputed,
    revise_subscription,
)
from skypanel.renewals.actions.gate import approve, need_approval
from skypanel.renewals.actions.hourly import (
    close_months,
    count_hours,
    end_hours,
    follow_hourly,
)
from skypanel.renewals.actions.resize import (
    Resize,
    claim_resize,
    fail_resize,
    note_resized,
    put_off_resize,
    retry_resize,
)
from skypanel.renewals.actions.run import run_batch
from skypanel.renewals.actions.schedule import (
    begin_schedule,
    cancel_at_period_end,
    end_now,
    lock_schedule,
    lock_standings,
    park,
    replan,
    undo_end,
    unpark,
    void_bills,
    void_bills_from,
)
from skypanel.renewals.actions.terms import (
    agree_terms,
    drop_policy,
    follow_policy,
    save_policy,
    scheduled,
)
from skypanel.usage.actions import collect_arrears

__all__ = [
    "Resize",
    "agree_terms",
    "approve",
    "ask_change",
    "begin_schedule",
    "cancel_at_period_end",
    "cancel_change",
    "claim_resize",
    "close_months",
    "collect_arrears",
    "count_hours",
    "drop_moot_change",
    "drop_policy",
    "due_to_expire",
    "end_hours",
    "end_now",
    "expire_change",
    "fail_resize",
    "follow_hourly",
    "follow_policy",
    "hold_disputed",
    "lock_schedule",
    "lock_standings",
    "need_approval",
    "note_change_paid",
    "note_change_void",
    "note_payment",
    "note_resized",
    "note_void",
    "park",
    "price_for_coming",
    "put_off_resize",
    "release_disputed",
    "replan",
    "retry_resize",
    "revise_subscription",
    "run_batch",
    "save_policy",
    "scheduled",
    "undo_end",
    "unpark",
    "void_bills",
    "void_bills_from",
]
