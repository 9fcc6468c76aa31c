"""What is asked about servers."""

from __future__ import annotations

from skypanel.servers.queries.around import history, panel_ref, sight, staff_sight
from skypanel.servers.queries.keys import key_for, keys
from skypanel.servers.queries.servers import (
    CHECKS,
    LIST,
    ONE,
    TASK_ONE,
    account_for,
    get_for,
    images,
    known_refs,
    of_orders,
    page,
    panel_naming,
    staff_one,
    staff_page,
    task,
    task_shape,
    tasks,
)

__all__ = [
    "CHECKS",
    "LIST",
    "ONE",
    "TASK_ONE",
    "account_for",
    "get_for",
    "history",
    "images",
    "key_for",
    "keys",
    "known_refs",
    "of_orders",
    "page",
    "panel_naming",
    "panel_ref",
    "sight",
    "staff_one",
    "staff_page",
    "staff_sight",
    "task",
    "task_shape",
    "tasks",
]
