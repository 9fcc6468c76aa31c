"""Hypothesis, which is not asynchronous, searching in a world that is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Loop:
    """This test's own event loop, for a search that runs in a thread beside it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def do(self, work: Coroutine[Any, Any, T], seconds: float = 120) -> T:
        """Have something done in the loop, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    async def search(self, law: Callable[[], None]) -> None:
        """Run a search beside the loop to its end; what it finds is raised here."""
        await asyncio.to_thread(law)
