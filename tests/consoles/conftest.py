"""A running server whose screen can be opened."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.consoles.theatre import Theatre, open_theatre
from tests.orders.shop import open_shop
from tests.world import World


@pytest.fixture
async def theatre(world: World) -> AsyncIterator[Theatre]:
    async with open_theatre(await open_shop(world)) as opened:
        yield opened
