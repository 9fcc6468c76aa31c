"""What stands behind the panel's servers: guests that are played, or real ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from skypanel.integrations.virtfusion.rfb import Words

if TYPE_CHECKING:
    from skypanel.integrations.virtfusion.simulator.answers import Json
    from skypanel.integrations.virtfusion.simulator.call import Clock
    from skypanel.integrations.virtfusion.simulator.state import PanelState, QueueItem, Server


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who was let in to look at a server's screen, and the panel it is looked at through.

    What the watcher says is heard by `words`, which also sends.
    """

    state: PanelState
    clock: Clock
    server_id: int
    words: Words
    send: Callable[[bytes], Awaitable[None]]


class Engine(Protocol):
    """Makes guests do what the panel's tables say, and tells how they are."""

    name: str

    def is_over(self, state: PanelState, job: QueueItem) -> bool:
        """Whether a job whose time is over has really come to its end; may mark it failed."""

    def remote_state(self, server: Server, now: datetime) -> Json | bool:
        """How the guest is now, as the hypervisor tells it; `false` while there is none."""

    def give_password(self, server: Server, password: str) -> None:
        """Root has this password from now on, or from when the guest is there."""

    async def show(self, watcher: Watcher) -> None:
        """Show the guest's screen and give it the watcher's keys, until one of them leaves."""
