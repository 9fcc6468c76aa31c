"""Making servers at the panel, and keeping them there as their services stand."""

from __future__ import annotations

from skypanel.provisioning.jobs.create import converge, create_server
from skypanel.provisioning.jobs.follow import converge_services, follow_service
from skypanel.provisioning.jobs.resize import converge_sizes, resize_server

__all__ = [
    "converge",
    "converge_services",
    "converge_sizes",
    "create_server",
    "follow_service",
    "resize_server",
]
