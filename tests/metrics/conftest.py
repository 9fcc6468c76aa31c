"""A customer with a running server, and the rounds that sample it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from skypanel.metrics.actions import enrol
from skypanel.metrics.jobs import keep_samples, sample_servers
from tests.orders.shop import Shop, ok, open_shop
from tests.world import World


class Sampled:
    """A customer's server whose load is sampled when a test says so."""

    def __init__(self, shop: Shop, server: dict[str, Any]) -> None:
        self.shop = shop
        self.world = shop.world
        self.id = UUID(server["id"])
        self.path = f"/api/v1/servers/{server['id']}"
        self.http = shop.person.http

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    @property
    def guest(self) -> Any:
        """The server as the panel has it."""
        return self.shop.panel()[0]

    async def round(self) -> None:
        """One round of the sampler, as its timer would."""
        await self.world.house.queue.tick(sample_servers)

    async def rounds(self, minutes: int) -> None:
        """Five minutes and a round, again and again."""
        for _ in range(minutes // 5):
            await self.world.pass_time(minutes=5)
            await self.round()

    async def keep(self) -> None:
        await self.world.house.queue.tick(keep_samples)

    async def metrics(self, chosen: str = "24h") -> dict[str, Any]:
        return await ok(self.http.get(f"{self.path}/metrics?range={chosen}"))

    async def traffic(self) -> dict[str, Any]:
        return await ok(self.http.get(f"{self.path}/traffic"))

    async def alerts(self) -> list[dict[str, Any]]:
        found = (await ok(self.http.get(f"{self.path}/alerts")))["items"]
        assert isinstance(found, list)
        return found

    async def set(self, kind: str, threshold: int = 50, minutes: int = 10, **more: Any) -> None:
        rule = {"kind": kind, "threshold": threshold, "minutes": minutes, "enabled": True, **more}
        answer = await self.http.put(f"{self.path}/alert-rules", json={"rules": [rule]})
        assert answer.status_code == 200, answer.text

    async def again(self) -> None:
        """Log in anew: sessions end while time passes."""
        await self.world.log_in(self.http, self.shop.person.email)


@pytest.fixture
async def shop(world: World) -> Shop:
    return await open_shop(world)


@pytest.fixture
async def sampled(shop: Shop) -> Sampled:
    order = await shop.standing()
    async with shop.world.house.transaction() as db:
        await enrol(db)
        await db.run("update metric_standings set phase = 0")  # the first round of its slot
    return Sampled(shop, await shop.server(order))
