"""A host that sells, a customer, and the server that was bought."""

from __future__ import annotations

import pytest

from tests.orders.shop import Shop, open_shop
from tests.servers.owned import Owned
from tests.world import World


@pytest.fixture
async def shop(world: World) -> Shop:
    return await open_shop(world)


@pytest.fixture
async def owned(shop: Shop) -> Owned:
    return Owned(shop, await shop.server(await shop.standing()))
