"""Making servers at the panel, and keeping them there as their services stand."""

from __future__ import annotations

from skypanel.provisioning.jobs.clear import clear_order, converge_clearings, refund_unserved
from skypanel.provisioning.jobs.create import converge, create_server
from skypanel.provisioning.jobs.follow import converge_services, follow_service
from skypanel.provisioning.jobs.imports import import_row, read_panel
from skypanel.provisioning.jobs.resize import converge_sizes, resize_server

__all__ = [
    "clear_order",
    "converge",
    "converge_clearings",
    "converge_services",
    "converge_sizes",
    "create_server",
    "follow_service",
    "import_row",
    "read_panel",
    "refund_unserved",
    "resize_server",
]
