"""A customer's running server, and an address that is sold for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.addresses.buyer import Buyer
from tests.catalog.test_addons import addon, chosen
from tests.orders.shop import open_shop
from tests.renewals.calendar import tick
from tests.world import World


@pytest.fixture
async def buyer(world: World, request: pytest.FixtureRequest) -> Buyer:
    """With as many addresses from the order as the test asks for."""
    shop = await open_shop(world)
    made = await addon(shop)
    came_with = getattr(request, "param", 0)
    more: dict[str, Any] = {"addons": chosen(made, came_with)} if came_with else {}
    order = await shop.bought(**more)
    assert (await shop.see_through(order))["state"] == "active"
    await tick(world)
    return Buyer(shop, await shop.server(order), made["id"])
