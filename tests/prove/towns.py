"""Towns for a search: one after the other, each given up when a law was broken in it."""

from __future__ import annotations

from collections import Counter
from contextlib import AsyncExitStack

from tests.kept import empty
from tests.prove.town import Town, open_town
from tests.world import PayPalDesk, open_world


class Towns:
    """What a search lives in: what breaks comes again in a town in which nothing was broken."""

    def __init__(self, database: str, desk: PayPalDesk) -> None:
        self.seen: Counter[str] = Counter()
        self._database = database
        self._desk = desk
        self._town: Town | None = None
        self._open = AsyncExitStack()

    async def town(self) -> Town:
        """The town of this moment, built where there is none."""
        if self._town is None:
            empty(self._database)
            world = await self._open.enter_async_context(open_world(self._database, self._desk))
            self._town = await self._open.enter_async_context(open_town(world, self.seen))
        return self._town

    async def give_up(self) -> None:
        """Leave this town; the next one is new."""
        self._town = None
        await self._open.aclose()
