"""What the queue has done and has to do, and what was found wrong."""

from skypanel.operations.queries.bulk import bulk_rows, bulk_work, bulk_works, preview_bulk
from skypanel.operations.queries.clock import clock, get_turn, is_busy, next_act, turns_page
from skypanel.operations.queries.health import CHECKS, health, reconciliation
from skypanel.operations.queries.hooks import COUNT as HOOKS_COUNT
from skypanel.operations.queries.hooks import HOOK, OWN, OwnServer, asked_lately
from skypanel.operations.queries.hooks import LATEST as HOOKS_LATEST
from skypanel.operations.queries.jobs import QueueFigures, get_job, job_page, queue_figures
from skypanel.operations.queries.panel import PACKAGE_OF

__all__ = [
    "CHECKS",
    "HOOK",
    "HOOKS_COUNT",
    "HOOKS_LATEST",
    "OWN",
    "PACKAGE_OF",
    "OwnServer",
    "QueueFigures",
    "asked_lately",
    "bulk_rows",
    "bulk_work",
    "bulk_works",
    "clock",
    "get_job",
    "get_turn",
    "health",
    "is_busy",
    "job_page",
    "next_act",
    "preview_bulk",
    "queue_figures",
    "reconciliation",
    "turns_page",
]
