"""Settings can be read by whoever holds the last connection and a lock that the others wait for."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from skypanel.catalog.rules import BrandSettings
from tests.world import World


async def test_settings_are_read_while_every_connection_is_held(world: World) -> None:
    house = world.house
    async with house.transaction() as db:
        await house.settings.put(db, BrandSettings(name="Nordlicht"))
    async with AsyncExitStack() as held:
        for _ in range(house.pool.max_size):
            await held.enter_async_context(house.pool.connection())
        house.cache.clear()
        async with asyncio.timeout(house.pool.timeout / 2):
            assert (await house.settings.get(BrandSettings)).name == "Nordlicht"
