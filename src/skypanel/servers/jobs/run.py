"""Doing at the panel what was asked of a server: three beats per visit, whatever it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job
from skypanel.platform.outside import OutsideError, Refused, Unavailable
from skypanel.servers import actions
from skypanel.servers.jobs.address import ADD_ADDRESS, DROP_ADDRESS
from skypanel.servers.jobs.around import BACKUP, FIREWALL, REVERSE_DNS
from skypanel.servers.jobs.kinds import Asked, Going, Heard, Kind, Lost, NotDone, Over, Verdict
from skypanel.servers.jobs.password import PASSWORD
from skypanel.servers.jobs.power import POWER, POWER_KIND
from skypanel.servers.jobs.reinstall import REINSTALL
from skypanel.servers.models import Server, ServerTask
from skypanel.services.models import Service

log = structlog.get_logger()
KINDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(POWER, POWER_KIND),
    "reinstall": REINSTALL,
    "reset_password": PASSWORD,
    "backup": BACKUP,
    "firewall": FIREWALL,
    "reverse_dns": REVERSE_DNS,
    "add_address": ADD_ADDRESS,
    "drop_address": DROP_ADDRESS,
}
ASKS_MAX: Final = 8
CALL_AT_MOST: Final = timedelta(seconds=75)
CALL_SECONDS: Final = 70
WAIT_SECONDS_MAX: Final = 15
BUSY: Final = "The panel is busy with this server. Try again later."
SILENT: Final = "The panel does not answer. Try again later."
GONE: Final = "The server no longer exists at the panel."
HELD: Final = "The server's service is not active, so nothing was done."
# The panel refuses us, not the wish: staff have to mend the settings.
OURS_TO_MEND: Final = frozenset(
    {"unauthorized", "forbidden", "no_such_path", "no_such_route", "redirected"}
)
NOT_LET: Final = "The panel refused: it does not let us do this. Our staff must mend that."


@job(queue="servers")
async def run_task(house: House, task_id: UUID) -> None:
    """Bring a task one step further; it calls itself again until the task has ended."""
    asked = await _begin(house, task_id)
    if asked is None:
        return
    try:
        panel = await Vendors.of(house).virtfusion()
        verdict = await _visit(house, panel, asked)
    except Missing:
        verdict = Over(GONE, refused=True)
    except (Refused, Unavailable) as error:
        await _wait(house, asked, error)
        return
    if verdict is not None:
        await _record(house, asked, verdict)


async def _begin(house: House, task_id: UUID) -> Asked | None:
    """The task as it stands, if there is something to do for it now."""
    async with house.transaction() as db:
        task = await actions.lock_task(db, task_id)
        if task is None:
            return None
        server = await db.get(Server, task.server_id, populate_existing=True)
        if server is None or server.virtfusion_ref is None:
            _end_unasked(db, task, "The server is not at the panel.")
            return None
        if task.asked_at is None and KINDS[task.kind].prepare is None:
            return await _intend(db, task, server)
        waits = task.asked_at is not None and task.heard_at is None and not task.unclear
        if waits and task.asked_at is not None and task.asked_at + CALL_AT_MOST > db.now:
            # Another worker asks right now, or died asking: its answer is given time.
            db.house.queue.enqueue(db, run_task, after_seconds=5, task_id=task_id)
            return None
        return Asked.of(task, server)


async def _intend(db: Db, task: ServerTask, server: Server) -> Asked | None:
    """Write down, before it happens, that the panel is asked; not once the service is held."""
    service = await db.get(Service, server.service_id, populate_existing=True)
    if service is None or service.state != "active" or server.state not in ("ready", "failed"):
        _end_unasked(db, task, HELD)
        return None
    actions.start_task(db, task)
    return replace(Asked.of(task, server), unclear=False)


def _end_unasked(db: Db, task: ServerTask, error: str) -> None:
    if task.state == "queued":
        actions.start_task(db, task)
    actions.end_task(db, task, error)


async def _visit(house: House, panel: VirtFusion, asked: Asked) -> Verdict | None:
    """What this visit finds out; nothing when another worker is at it."""
    kind = KINDS[asked.kind]
    if asked.heard:
        return await kind.follow(panel, asked)
    if asked.unclear:
        return await kind.look(panel, asked)
    if kind.prepare is not None:
        before = await kind.prepare(panel, asked)
        ready = await _note_before(house, asked.task_id, before)
        if ready is None:
            return None
        asked = ready
    return await _ask(kind, panel, asked)


async def _ask(kind: Kind, panel: VirtFusion, asked: Asked) -> Verdict:
    """The one call that changes something."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await kind.ask(panel, asked)
    except Unavailable as error:
        return NotDone(max(error.retry_after_seconds or 0, min(2.0**asked.asks, 30)), BUSY)
    except Missing:
        raise
    except Refused as error:
        return Over(_plain(error), refused=True)
    except (OutsideError, TimeoutError) as error:
        log.warning("a call's outcome is not known", task=str(asked.task_id), error=str(error))
        return Lost()


async def _note_before(house: House, task_id: UUID, before: dict[str, object]) -> Asked | None:
    """Write the intent together with what the panel said before it was asked."""
    async with house.transaction() as db:
        task = await actions.lock_task(db, task_id)
        if task is None or task.asked_at is not None:
            return None
        server = await db.get(Server, task.server_id, populate_existing=True)
        assert server is not None
        task.before = before
        return await _intend(db, task, server)


async def _record(house: House, asked: Asked, verdict: Verdict) -> None:
    """Write down what came of a visit, and when to come back."""
    kind = KINDS[asked.kind]
    async with house.transaction() as db:
        task = await actions.lock_task(db, asked.task_id)
        if task is None or (isinstance(verdict, Heard) and task.heard_at is not None):
            return
        if isinstance(verdict, Going) and task.polls >= kind.polls_max:
            verdict = Over(kind.too_long)
        if isinstance(verdict, NotDone) and task.asks >= ASKS_MAX:
            verdict = Over(verdict.error)
        if isinstance(verdict, Over):
            await _end(db, kind, task, verdict)
            return
        wait = _note(db, task, verdict)
        if isinstance(verdict, Heard):
            await kind.heard(db, task, verdict)
        db.house.queue.enqueue(db, run_task, after_seconds=wait, task_id=task.id)


def _note(db: Db, task: ServerTask, verdict: Heard | Going | NotDone | Lost) -> float:
    """Note a task that goes on; the seconds until it is looked at again."""
    if isinstance(verdict, Heard):
        task.heard_at, task.queue_ref, task.unclear = db.now, verdict.queue_ref, False
        actions.note_task(db, task, 0 if verdict.queue_ref else None, "The panel is doing it.")
        return 1
    if isinstance(verdict, Going):
        wait = min(1 + task.polls // 5, 5)
        actions.note_task(db, task, verdict.progress, verdict.note)
        return wait
    if isinstance(verdict, NotDone):
        task.asked_at, task.unclear = None, False
        actions.note_task(db, task, None, "The panel could not do it yet; we ask again.")
        return verdict.wait_seconds
    task.unclear = True
    at = task.asked_at or db.now
    said = f"We asked the panel at {at:%H:%M} UTC and have no answer yet; we look what came of it."
    actions.note_task(db, task, None, said)
    return 3


async def _wait(house: House, asked: Asked, error: OutsideError) -> None:
    """The panel can't be asked how it stands: keep asking, at longer intervals, not for ever."""
    kind = KINDS[asked.kind]
    async with house.transaction() as db:
        task = await actions.lock_task(db, asked.task_id)
        if task is None:
            return
        if task.polls >= kind.polls_max:
            await _end(db, kind, task, Over(SILENT))
            return
        wished = error.retry_after_seconds if isinstance(error, Unavailable) else None
        wait = max(wished or 0, min(1 + task.polls, WAIT_SECONDS_MAX))
        actions.note_task(db, task, None, "The panel does not answer now; we keep asking.")
        db.house.queue.enqueue(db, run_task, after_seconds=wait, task_id=task.id)


async def _end(db: Db, kind: Kind, task: ServerTask, over: Over) -> None:
    """The task has ended, with all that follows from it."""
    await kind.over(db, task, over)
    if task.state == "queued":
        actions.start_task(db, task)
    actions.end_task(db, task, over.error)
    if over.power is not None:
        await actions.note_power(db, task.server_id, over.power)


def _plain(error: Refused) -> str:
    """A refusal as its customer reads it."""
    if error.code in OURS_TO_MEND:
        return NOT_LET
    said = error.message.rsplit(": ", 1)[-1] if ": " in error.message else error.message
    return f"The panel refused: {said}"
