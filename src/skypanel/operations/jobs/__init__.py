"""Looking, again and again, whether all is as it must be, and mending what is not."""

from skypanel.operations.jobs.bulk import run_bulk_item
from skypanel.operations.jobs.clock import follow_turn
from skypanel.operations.jobs.detect import detect_panel
from skypanel.operations.jobs.hooks import forget_hook_bodies, read_hook
from skypanel.operations.jobs.invariants import check_invariants
from skypanel.operations.jobs.panel import compare_panel
from skypanel.operations.jobs.repair import repair_finding

__all__ = [
    "check_invariants",
    "compare_panel",
    "detect_panel",
    "follow_turn",
    "forget_hook_bodies",
    "read_hook",
    "repair_finding",
    "run_bulk_item",
]
