"""What the queue has done and has to do, and what was found wrong."""

from skypanel.operations.queries.health import CHECKS, health, reconciliation
from skypanel.operations.queries.jobs import QueueFigures, get_job, job_page, queue_figures

__all__ = [
    "CHECKS",
    "QueueFigures",
    "get_job",
    "health",
    "job_page",
    "queue_figures",
    "reconciliation",
]
