"""What happens to servers: allocated, installed, switched, suspended, deleted.

Time does the work: a job's end is a date, and `settle` lets everything happen whose date has
passed. Whoever reads settles first, so no task runs in the background.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from skypanel.integrations.virtfusion.simulator import capacity
from skypanel.integrations.virtfusion.simulator.state import (
    PanelState,
    QueueItem,
    Server,
    TemplateGroup,
)

BUILD: Final = "build_server"
PASSWORD: Final = "reset_password"  # noqa: S105 - the name of a job
POWER_ACTIONS: Final = ("boot", "shutdown", "restart", "poweroff")
RUNS_AFTER: Final = {
    "server_boot": True,
    "server_restart": True,
    "server_shutdown": False,
    "server_poweroff": False,
}
_UUIDS: Final = UUID("5a1d7c1e-7b0a-4f37-9d0e-2c6f3b8e4a10")


def settle(state: PanelState, now: datetime) -> None:
    """Let every job and deletion happen whose time has come, in the order of their ends."""
    tables = state.tables
    due = [item for item in tables.queue.values() if item.finished_at is None]
    changed = False
    for item in sorted(due, key=lambda one: (one.ends_at, one.id)):
        if item.ends_at <= now and state.engine.is_over(state, item):
            finish(state, item)
            changed = True
    for server in list(tables.servers.values()):
        if server.deletes_at is not None and server.deletes_at <= now:
            remove(state, server)
            changed = True
    if changed:
        state.save()


def finish(state: PanelState, item: QueueItem) -> None:
    """End a job at its date and let it have its effect on the server."""
    item.finished_at = item.ends_at
    server = state.tables.servers.get(item.server_id)
    if server is None:
        item.fails = True
        return
    server.updated_at = server.last_task_at = item.ends_at
    if item.action == BUILD:
        _end_build(state, server, item)
    elif item.action in RUNS_AFTER and not item.fails:
        server.running = RUNS_AFTER[item.action]
        server.boots += server.running


def _end_build(state: PanelState, server: Server, item: QueueItem) -> None:
    if item.fails:
        server.state = "failed"
        server.running = False
        return
    server.state = "complete"
    server.running = not server.suspended
    server.boots += 1
    server.built_at = item.ends_at
    if item.wants_ipv6:
        server.ipv6 = capacity.ipv6_subnet(state.tables.groups[server.group_id], server)


def active_job(state: PanelState, server: Server) -> QueueItem | None:
    """The job that holds the server, if one runs."""
    jobs = state.tables.queue.values()
    return next(
        (one for one in jobs if one.server_id == server.id and one.finished_at is None), None
    )


def start_job(
    state: PanelState, server: Server, action: str, now: datetime, seconds: float
) -> QueueItem:
    """Queue a job that ends by itself after some seconds of the clock."""
    item = QueueItem(
        id=state.next_id("queue", 4211),
        server_id=server.id,
        hypervisor_id=server.hypervisor_id,
        action=action,
        started_at=now,
        ends_at=now + timedelta(seconds=seconds),
    )
    state.tables.queue[item.id] = item
    server.updated_at = now
    return item


def start_build(
    state: PanelState, server: Server, now: datetime, *, fails: bool, ipv6: bool
) -> QueueItem:
    """Queue the installation; its name can ask for a slow one or one that fails."""
    words = f"{server.name} {server.hostname}".lower()
    timing = state.timing
    slow = "slow-build" in words
    item = start_job(
        state, server, BUILD, now, timing.slow_build_seconds if slow else timing.build_seconds
    )
    item.fails = fails or "fail-build" in words
    item.wants_ipv6 = ipv6
    server.rebuild = server.built_at is not None
    server.state = "queued"
    server.running = False
    return item


def suspend(state: PanelState, server: Server, now: datetime) -> None:
    """Suspend; whether the guest stops is a setting, because sources disagree on it."""
    if server.suspended:
        return
    server.suspended = True
    server.ran_before_suspension = server.running
    if state.timing.suspend_stops_guest:
        server.running = False
    server.updated_at = now


def unsuspend(server: Server, now: datetime) -> None:
    """Lift the suspension; a guest that ran before runs again."""
    if server.suspended:
        server.running = server.running or server.ran_before_suspension
    server.suspended = False
    server.ran_before_suspension = False
    server.updated_at = now


def remove(state: PanelState, server: Server) -> None:
    """Delete the server for good; its unfinished jobs fail with it."""
    for item in state.tables.queue.values():
        if item.server_id == server.id and item.finished_at is None:
            item.fails = True
            item.finished_at = server.deletes_at or item.ends_at
    for backup in [one for one in state.tables.backups.values() if one.server_id == server.id]:
        del state.tables.backups[backup.id]
    del state.tables.servers[server.id]


def new_uuid(server_id: int) -> str:
    """The same uuid for the same id, so that a replayed scenario reads the same."""
    return str(uuid5(_UUIDS, str(server_id)))


def template_ids(groups: list[TemplateGroup]) -> set[int]:
    """The ids of everything that can be installed."""
    return {template.id for group in groups for template in group.templates}


def end_now(state: PanelState, server: Server, now: datetime, *, fails: bool) -> bool:
    """End the server's running installation at once, well or badly; False if none runs."""
    item = active_job(state, server)
    if item is None or item.action != BUILD:
        return False
    item.ends_at = now
    item.fails = fails
    finish(state, item)
    state.save()
    return True
