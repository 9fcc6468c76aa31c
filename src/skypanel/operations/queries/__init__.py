"""What the queue has done and has to do, and what was found wrong."""

from skypanel.operations.queries.bulk import bulk_rows, bulk_work, bulk_works, preview_bulk
from skypanel.operations.queries.clock import clock, get_turn, is_busy, next_act, turns_page
from skypanel.operations.queries.health import CHECKS, health, reconciliation
from skypanel.operations.queries.jobs import QueueFigures, get_job, job_page, queue_figures

__all__ = [
    "CHECKS",
    "QueueFigures",
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
