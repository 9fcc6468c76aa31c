"""What staff have done: to the machine, and to many servers at once."""

from skypanel.operations.actions.bulk import begin_bulk, do_bulk_item, note_bulk_refusal
from skypanel.operations.actions.hooks import forget_hooks, note_hook, store_hook
from skypanel.operations.actions.machine import (
    WAITS_MAX,
    Step,
    ask_turn,
    change_settings,
    next_step,
    note_step,
    retry_job,
)

__all__ = [
    "WAITS_MAX",
    "Step",
    "ask_turn",
    "begin_bulk",
    "change_settings",
    "do_bulk_item",
    "forget_hooks",
    "next_step",
    "note_bulk_refusal",
    "note_hook",
    "note_step",
    "retry_job",
    "store_hook",
]
