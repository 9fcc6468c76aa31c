"""What a kind of task is: how it is asked of the panel, looked for, followed, and written down.

A task goes in three beats. `prepare` reads what is needed and what would tell the panel's old
answer from a new one; the intent is written; `ask` calls once. Where its answer was lost, `look`
finds out what became of it before anything is repeated. What was heard is followed to its end.
`heard` and `over` are the task's effects on our rows, in the transaction that records the beat.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Server as PanelServer
from skypanel.platform.db import Db
from skypanel.servers.models import Server, ServerTask


@dataclass(frozen=True, slots=True)
class Asked:
    """A task as it was read at the beginning of a visit."""

    task_id: UUID
    kind: str
    server_id: UUID
    ref: int
    name: str
    wish: Mapping[str, Any]
    before: Mapping[str, Any]
    queue_ref: int | None
    heard: bool
    unclear: bool
    asks: int
    polls: int

    @classmethod
    def of(cls, task: ServerTask, server: Server) -> Asked:
        """A task whose server is at the panel."""
        assert server.virtfusion_ref is not None
        return cls(
            task_id=task.id,
            kind=task.kind,
            server_id=server.id,
            ref=server.virtfusion_ref,
            name=server.label,
            wish=task.wish or {},
            before=task.before or {},
            queue_ref=task.queue_ref,
            heard=task.heard_at is not None,
            unclear=task.asked_at is not None,
            asks=task.asks,
            polls=task.polls,
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """The panel does it: perhaps by a queue item to follow, perhaps with a password to keep."""

    queue_ref: int | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Going:
    """It is not over, or it can't be told yet."""

    progress: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NotDone:
    """The panel surely did not do it: it is asked again, not for ever."""

    wait_seconds: float = 1
    error: str = "The panel does not answer. Try again later."


@dataclass(frozen=True, slots=True)
class Lost:
    """The panel was asked and its answer is not known."""


@dataclass(frozen=True, slots=True)
class Over:
    """It ended: well, or for this reason not; `refused` when the panel surely did nothing."""

    error: str | None = None
    power: str | None = None
    ipv4: str | None = None
    ipv6: str | None = None
    refused: bool = False


Verdict = Heard | Going | NotDone | Lost | Over
Beat = Callable[[VirtFusion, Asked], Awaitable[Verdict]]
Prepare = Callable[[VirtFusion, Asked], Awaitable[dict[str, Any]]]


async def _nothing(_db: Db, _task: ServerTask, _said: object) -> None:
    """This kind writes nothing of its own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task."""

    ask: Beat
    look: Beat
    follow: Beat
    prepare: Prepare | None = None
    heard: Callable[[Db, ServerTask, Heard], Awaitable[None]] = _nothing
    over: Callable[[Db, ServerTask, Over], Awaitable[None]] = _nothing
    polls_max: int = 150
    too_long: str = "The panel did not finish this in time."


def power_of(server: PanelServer) -> str:
    """The power of a server whose live state was asked for."""
    if server.live is None:
        return "unknown"
    return "running" if server.live.running else "stopped"
