"""The sandbox's clock, turned a step at a time: at each everything that is due happens."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import structlog

from skypanel.operations import actions, queries
from skypanel.platform.house import House
from skypanel.platform.jobs import Job, job
from skypanel.platform.turning import follow

log = structlog.get_logger()
WAIT_SECONDS: Final = 1.0
# The queue's own timers live by the machine's time.
NOT_OURS: Final = frozenset({"platform.rescue_killed_jobs", "platform.forget_old_jobs"})


@job(queue="clock")
async def follow_turn(house: House, turn_id: UUID) -> None:
    """One step: when the queue is empty the clock moves, then every timer ticks once.

    A step that was cut short by a kill is not repeated: the clock is where the row says, and what
    the timers had left is due at the next step.
    """
    if not house.is_sandbox:
        return
    async with house.transaction() as db:
        step = await actions.next_step(db, turn_id, busy=await queries.is_busy(db))
        if step is actions.Step.WAIT:
            house.queue.enqueue(db, follow_turn, after_seconds=WAIT_SECONDS, turn_id=turn_id)
    if step is not actions.Step.TURNED:
        return
    await follow(house)
    trouble = [each.name for each in house.queue.jobs.values() if not await _ticked(house, each)]
    async with house.transaction() as db:
        await actions.note_step(db, turn_id, trouble)
        house.queue.enqueue(db, follow_turn, turn_id=turn_id)


async def _ticked(house: House, timer: Job) -> bool:
    """Run a timer as its schedule would; one that breaks does not stop the clock."""
    if timer.cron is None or timer.name in NOT_OURS:
        return True
    try:
        await house.queue.tick(timer)
    except Exception:
        log.exception("a timer broke while the clock was turned", job=timer.name)
        return False
    return True
