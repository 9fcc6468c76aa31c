"""The WebSockets of one process: counted, and told in time that the process is about to end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

FAREWELL_SECONDS = 3.0


class Sockets:
    """How many are open, and the word that they are to end."""

    def __init__(self) -> None:
        self.ending = asyncio.Event()
        self.count = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """One more is open while the block runs."""
        self.count += 1
        self._none.clear()
        try:
            yield
        finally:
            self.count -= 1
            if self.count == 0:
                self._none.set()

    async def farewell(self) -> None:
        """Let all of them end in words, and wait until they have, but not for ever."""
        self.ending.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none.wait(), FAREWELL_SECONDS)
