from __future__ import annotations

import pytest

from tests.orders.shop import Shop, open_shop
from tests.world import World


@pytest.fixture
async def shop(world: World) -> Shop:
    return await open_shop(world)
