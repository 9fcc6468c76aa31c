"""Another password for the server's administrator."""

from __future__ import annotations

from typing import Final

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing, Outcome
from skypanel.platform.db import Db
from skypanel.servers import actions
from skypanel.servers.jobs.kinds import Asked, Going, Heard, Kind, NotDone, Over, Verdict
from skypanel.servers.models import ServerTask

FAILED: Final = (
    "The panel could not set the password: the server must run, with its guest agent. The old "
    "password still counts."
)
FORGOTTEN: Final = (
    "The panel no longer tells how this ended, so we show no password that may be wrong. Reset "
    "it again."
)


async def _ask(panel: VirtFusion, asked: Asked) -> Verdict:
    told = await panel.reset_password(asked.ref, asked.wish["user"])
    return Heard(told.queue_id, told.password)


async def _look(panel: VirtFusion, asked: Asked) -> Verdict:
    """A password that nobody heard is nobody's: once its job is over, another one is set."""
    server = await panel.server(asked.ref)
    return Going() if server.busy else NotDone()


async def _follow(panel: VirtFusion, asked: Asked) -> Verdict:
    assert asked.queue_ref is not None
    try:
        item = await panel.queue_item(asked.queue_ref)
    except Missing:
        return Over(FORGOTTEN)
    if item.outcome is Outcome.PENDING:
        return Going(item.progress_percent, "Setting it inside the server.")
    return Over(FAILED if item.outcome is Outcome.FAILED else None)


async def _heard(db: Db, task: ServerTask, heard: Heard) -> None:
    actions.hold_password(db, task, heard.secret)


async def _over(db: Db, task: ServerTask, over: Over) -> None:
    await actions.end_password_reset(db, task, over.error)


PASSWORD: Final = Kind(ask=_ask, look=_look, follow=_follow, heard=_heard, over=_over)
