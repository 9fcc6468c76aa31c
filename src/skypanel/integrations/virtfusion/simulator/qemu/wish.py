"""What a server's guest should be, by the panel's tables: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from skypanel.integrations.virtfusion.simulator import lifecycle
from skypanel.integrations.virtfusion.simulator.state import PanelState, QueueItem, Server

BOOT, SHUTDOWN, RESTART, POWEROFF = (f"server_{word}" for word in lifecycle.POWER_ACTIONS)
STARTS: Final = (lifecycle.BUILD, BOOT, RESTART)
"""The jobs after which a guest begins anew: with them a played one can become a real one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether a guest should run, on which disk, and how it goes."""

    on: bool = False
    gently: bool = False
    """It is asked to go, and switched off only if it does not."""
    disk: int = 0
    anew: int = 0
    """The job that wants the guest to begin anew; 0 when none does."""


OFF: Final = Wish()


def begins(job: QueueItem | None) -> bool:
    """Whether a job leads to a start of the guest."""
    return job is not None and job.action in STARTS and not job.fails


def wish_of(state: PanelState, server: Server) -> Wish:
    """What a job asks for while it is under way; else what the server's own row says."""
    job = lifecycle.active_job(state, server)
    action = job.action if job is not None else ""
    if job is not None and action == lifecycle.BUILD:
        return OFF if job.fails else Wish(on=True, disk=job.id, anew=job.id)
    if action == POWEROFF:
        return Wish(disk=server.disk)
    if action == SHUTDOWN:
        return Wish(gently=True, disk=server.disk)
    if job is not None and action == RESTART:
        return Wish(on=True, gently=True, disk=server.disk, anew=job.id)
    runs = action == BOOT or (server.running and server.state == "complete")
    return Wish(on=runs, disk=server.disk)
