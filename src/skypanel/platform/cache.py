"""A cache of answers that many ask and few change: in process, dropped by NOTIFY."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
ENTRIES_MAX = 2000


class Cache(Protocol):
    """What any cache must do, whether it lives in the process or beside it."""

    async def get(
        self, tag: str, key: object, load: Callable[[], Awaitable[T]], *, seconds: float = 60
    ) -> T:
        """The value of `key` under `tag`, loaded once when absent, kept at most `seconds`."""
        ...

    def drop(self, tag: str) -> None:
        """Forget everything under a tag."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


class ProcessCache:
    """One process's memory. Concurrent askers of an absent key share one load."""

    def __init__(self) -> None:
        self._values: dict[str, dict[object, tuple[float, asyncio.Future[Any]]]] = {}

    async def get(
        self, tag: str, key: object, load: Callable[[], Awaitable[T]], *, seconds: float = 60
    ) -> T:
        shelf = self._values.setdefault(tag, {})
        known = shelf.get(key)
        if known is not None and known[0] > time.monotonic():
            return await asyncio.shield(known[1])
        if len(shelf) >= ENTRIES_MAX:
            shelf.clear()
        future: asyncio.Future[Any] = asyncio.ensure_future(load())
        shelf[key] = (time.monotonic() + seconds, future)
        try:
            return await asyncio.shield(future)
        except BaseException:
            if shelf.get(key, (0, None))[1] is future:
                del shelf[key]
            raise

    def drop(self, tag: str) -> None:
        self._values.pop(tag, None)

    def clear(self) -> None:
        self._values.clear()
