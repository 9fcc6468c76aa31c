from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.payments.checkout import Checkout, open_checkout
from tests.world import World


@pytest.fixture
async def checkout(world: World) -> AsyncIterator[Checkout]:
    async with open_checkout(world) as opened:
        yield opened
