"""Doing at the panel what was asked of a server, and tidying up."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.types import Missing, Outcome, Power
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import OutsideError, Refused, Unavailable
from skypanel.servers import actions
from skypanel.servers.events import ServerChanged
from skypanel.servers.models import Server, ServerSecret, ServerTask
from skypanel.servers.rules import WANTED_POWER

log = structlog.get_logger()
POWER: Final = {
    "start": Power.BOOT,
    "restart": Power.RESTART,
    "shutdown": Power.SHUTDOWN,
    "poweroff": Power.POWEROFF,
}
ASKS_MAX: Final = 8
POLLS_MAX: Final = 150
STUCK: Final = timedelta(seconds=90)
CALL_AT_MOST: Final = timedelta(seconds=75)
CALL_SECONDS: Final = 70
BATCH: Final = 100


class Asked:
    """What a run of a task needs, read before the panel is called."""

    __slots__ = ("asks", "kind", "polls", "queue_ref", "ref", "server_id", "unclear")

    def __init__(self, task: ServerTask, server: Server, *, unclear: bool) -> None:
        assert server.virtfusion_ref is not None
        self.kind = task.kind
        self.server_id = server.id
        self.ref: int = server.virtfusion_ref
        self.queue_ref = task.queue_ref
        self.unclear = unclear
        self.asks = task.asks
        self.polls = task.polls


@job(queue="servers")
async def run_task(house: House, task_id: UUID) -> None:
    """Ask the panel, follow its queue item, then look at the power: three beats per visit."""
    asked = await _begin(house, task_id)
    if asked is None:
        return
    try:
        if asked.queue_ref is not None:
            await _follow(house, task_id, asked)
        elif asked.unclear:
            await _clear_up(house, task_id, asked)
        else:
            await _ask(house, task_id, asked)
    except Missing:
        await _end(house, task_id, asked, "The server no longer exists at the panel.")
    except Unavailable as error:
        await _wait(house, task_id, asked, error)


async def _begin(house: House, task_id: UUID) -> Asked | None:
    async with house.transaction() as db:
        task = await actions.lock_task(db, task_id)
        if task is None:
            return None
        server = await db.get(Server, task.server_id)
        if server is None or server.virtfusion_ref is None:
            actions.start_task(db, task)
            actions.end_task(db, task, "The server is not at the panel.")
            return None
        if task.queue_ref is not None:
            return Asked(task, server, unclear=False)
        if task.asked_at is None:
            actions.start_task(db, task)
            return Asked(task, server, unclear=False)
        if not task.unclear and task.asked_at + CALL_AT_MOST > db.now:
            # Another worker asks right now, or died asking: its answer is given time.
            db.house.queue.enqueue(db, run_task, after_seconds=5, task_id=task_id)
            return None
        return Asked(task, server, unclear=True)


async def _ask(house: House, task_id: UUID, asked: Asked) -> None:
    panel = await Vendors.of(house).virtfusion()
    try:
        async with asyncio.timeout(CALL_SECONDS):
            queue_ref = await panel.power(asked.ref, POWER[asked.kind])
    except Unavailable as error:
        await _not_asked(house, task_id, asked, error)
        return
    except Missing:
        raise
    except Refused as error:
        await _end(house, task_id, asked, f"The panel refused: {error.message}")
        return
    except (OutsideError, TimeoutError) as error:
        log.warning("a power call's outcome is not known", task=str(task_id), error=str(error))
        await _again(house, task_id, 3, unclear=True)
        return
    async with house.transaction() as db:
        task = await actions.lock_task(db, task_id)
        if task is not None:
            task.queue_ref = queue_ref
            actions.note_task(db, task, 0)
            db.house.queue.enqueue(db, run_task, after_seconds=1, task_id=task_id)


async def _not_asked(house: House, task_id: UUID, asked: Asked, error: Unavailable) -> None:
    """The panel surely did nothing: forget that it was asked, come back later, not for ever."""
    if asked.asks >= ASKS_MAX:
        await _end(house, task_id, asked, "The panel is busy with this server. Try again later.")
        return
    async with house.transaction() as db:
        task = await actions.lock_task(db, task_id)
        if task is not None:
            task.asked_at = None
            actions.note_task(db, task, None)
            wait = max(error.retry_after_seconds or 0, min(2.0**asked.asks, 30))
            db.house.queue.enqueue(db, run_task, after_seconds=wait, task_id=task_id)


async def _clear_up(house: House, task_id: UUID, asked: Asked) -> None:
    """The panel was asked and its answer is not known: look before anything is repeated."""
    panel = await Vendors.of(house).virtfusion()
    server = await panel.server(asked.ref, live=True)
    if server.busy or server.live is None:
        await _again(house, task_id, 2)
        return
    power = "running" if server.live.running else "stopped"
    if asked.kind == "restart" and power == "running":
        # A second restart would cut off a guest that did restart: its owner decides.
        await _end(
            house,
            task_id,
            asked,
            "The panel's answer was lost. The server runs; restart it again if it did not.",
            power=power,
        )
    elif power == WANTED_POWER[asked.kind]:
        await _end(house, task_id, asked, None, power=power)
    elif asked.asks >= ASKS_MAX:
        await _end(
            house, task_id, asked, "The panel does not answer. Try again later.", power=power
        )
    else:
        async with house.transaction() as db:
            task = await actions.lock_task(db, task_id)
            if task is not None:
                task.asked_at = None
                actions.note_task(db, task, None)
                db.house.queue.enqueue(db, run_task, after_seconds=1, task_id=task_id)


async def _follow(house: House, task_id: UUID, asked: Asked) -> None:
    assert asked.queue_ref is not None
    panel = await Vendors.of(house).virtfusion()
    try:
        item = await panel.queue_item(asked.queue_ref)
        outcome, progress = item.outcome, item.progress_percent
    except Missing:
        outcome, progress = Outcome.DONE, 100  # no longer kept: its power tells how it ended
    if outcome is Outcome.PENDING:
        if asked.polls >= POLLS_MAX:
            await _end(house, task_id, asked, "The panel did not finish this in time.")
            return
        await _note(house, task_id, progress, asked.polls)
        return
    server = await panel.server(asked.ref, live=True)
    power = "unknown" if server.live is None else "running" if server.live.running else "stopped"
    if outcome is Outcome.FAILED:
        await _end(house, task_id, asked, "The panel could not do this.", power=power)
    elif power in (WANTED_POWER[asked.kind], "unknown"):
        await _end(house, task_id, asked, None, power=power)
    elif asked.polls < POLLS_MAX // 5:
        await _note(house, task_id, 95, asked.polls)  # a guest takes its time to shut down
    else:
        hint = " Its system may ignore the request: power it off." * (asked.kind == "shutdown")
        await _end(house, task_id, asked, f"The server is still {power}.{hint}", power=power)


async def _note(house: House, task_id: UUID, progress: int, polls: int) -> None:
    async with house.transaction() as db:
        task = await actions.lock_task(db, task_id)
        if task is not None:
            actions.note_task(db, task, progress)
            wait = min(1 + polls // 5, 5)
            db.house.queue.enqueue(db, run_task, after_seconds=wait, task_id=task_id)


async def _again(
    house: House, task_id: UUID, wait_seconds: float, *, unclear: bool = False
) -> None:
    async with house.transaction() as db:
        task = await actions.lock_task(db, task_id)
        if task is not None:
            task.unclear = task.unclear or unclear
            actions.note_task(db, task, None)
            db.house.queue.enqueue(db, run_task, after_seconds=wait_seconds, task_id=task_id)


async def _wait(house: House, task_id: UUID, asked: Asked, error: Unavailable) -> None:
    """The panel can't be asked how it stands: keep asking, at longer intervals, not for ever."""
    if asked.polls >= POLLS_MAX:
        await _end(house, task_id, asked, "The panel does not answer. Try again later.")
        return
    await _again(house, task_id, max(error.retry_after_seconds or 0, min(1 + asked.polls, 15)))


async def _end(
    house: House, task_id: UUID, asked: Asked, error: str | None, *, power: str | None = None
) -> None:
    async with house.transaction() as db:
        task = await actions.lock_task(db, task_id)
        if task is None:
            return
        actions.end_task(db, task, error)
        if power is not None:
            await actions.note_power(db, asked.server_id, power)


@timer("* * * * *")
async def wake_stuck_tasks(db: Db) -> None:
    """Tasks that nobody has looked at for a while are looked at again."""
    stuck = await db.scalars(
        select(ServerTask)
        .where(ServerTask.state.in_(("queued", "running")), ServerTask.seen_at < db.now - STUCK)
        .order_by(ServerTask.seen_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    for task in stuck:
        task.seen_at = db.now
        db.house.queue.enqueue(db, run_task, task_id=task.id)


@timer("*/5 * * * *")
async def forget_old_passwords(db: Db) -> None:
    """First passwords older than a day are deleted."""
    old = select(ServerSecret.id).where(ServerSecret.expires_at <= db.now).limit(500)
    gone = await db.execute(
        delete(ServerSecret)
        .where(ServerSecret.id.in_(old))
        .returning(ServerSecret.server_id, ServerSecret.account_id)
    )
    for server_id, account_id in gone:
        db.publish(ServerChanged(server_id, account_id))
