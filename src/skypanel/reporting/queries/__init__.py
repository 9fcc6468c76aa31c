"""Questions across domains, each in few statements."""

from skypanel.reporting.queries.customers import customer_page, get_customer
from skypanel.reporting.queries.estate import hypervisors
from skypanel.reporting.queries.home import attention, figures
from skypanel.reporting.queries.queue import QueueFigures, queue_figures
from skypanel.reporting.queries.search import search
from skypanel.reporting.queries.work import work_page

__all__ = [
    "QueueFigures",
    "attention",
    "customer_page",
    "figures",
    "get_customer",
    "hypervisors",
    "queue_figures",
    "search",
    "work_page",
]
