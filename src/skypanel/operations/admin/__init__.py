"""Staff's doors to the machine: jobs, settings, and what was found wrong."""

from fastapi import APIRouter

from skypanel.operations.admin import (
    bulk,
    clock,
    health,
    hooks,
    machine,
    panel,
    probe,
    reconciliation,
)

router = APIRouter()
for part in (machine, bulk, hooks, health, panel, probe, reconciliation, clock):
    router.include_router(part.router)

__all__ = ["router"]
