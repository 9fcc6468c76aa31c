"""A mail server for the world, on a port of this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.world import World

from skypanel.integrations.settings import SmtpSettings
from skypanel.integrations.smtp.simulator.server import SmtpDesk


@pytest.fixture
def smtp() -> Iterator[SmtpDesk]:
    desk = SmtpDesk()
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
async def posted(world: World, smtp: SmtpDesk) -> World:
    """The world, with its mail going to that server."""
    async with world.house.transaction() as db:
        await world.house.settings.put(
            db,
            SmtpSettings(
                host="127.0.0.1",
                port=smtp.port,
                security="none",
                from_address="billing@northbeam.example",
            ),
        )
    world.house.cache.clear()
    return world
