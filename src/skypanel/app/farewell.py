"""WebSockets end in words when the process is told to stop.

Granian cuts them the moment that the signal comes, before the application hears of it. So the
signal comes here first, for a moment, and then goes to granian's own handler. This takes a
function of granian that it does not promise to keep; `tests/consoles/test_process.py` fails on
the day that it changes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from granian import _signals

if TYPE_CHECKING:
    from skypanel.platform.house import House


def say_farewell_first(house: House) -> None:
    """In this worker process, close the house's websockets before granian stops."""
    granian: Any = _signals
    set_granians_own = granian.set_loop_signals
    leaving: set[asyncio.Task[None]] = set()

    def set_ours(loop: asyncio.AbstractEventLoop) -> Any:
        stop = set_granians_own(loop)

        async def leave() -> None:
            try:
                await house.sockets.farewell()
            finally:
                stop.set()

        def begin() -> None:
            if not leaving:
                leaving.add(loop.create_task(leave()))

        for number in granian._get_signals():  # noqa: SLF001
            loop.add_signal_handler(number, begin)
        return stop

    granian.set_loop_signals = set_ours
