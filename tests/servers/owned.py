"""A customer's server, as its page and its panel see it."""

from __future__ import annotations

from typing import Any

import httpx

from skypanel.integrations.virtfusion.simulator.state import Server
from tests.orders.shop import Shop, ok


class Owned:
    """A customer's running server."""

    def __init__(self, shop: Shop, server: dict[str, Any]) -> None:
        self.shop = shop
        self.path = f"/api/v1/servers/{server['id']}"
        self.http = shop.person.http

    async def look(self) -> dict[str, Any]:
        return await ok(self.http.get(self.path))

    async def ask(self, kind: str) -> dict[str, Any]:
        answer = await self.http.post(f"{self.path}/tasks", json={"kind": kind})
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def task(self) -> dict[str, Any]:
        return (await ok(self.http.get(f"{self.path}/tasks")))["items"][0]

    async def see_through(self, times: int = 60) -> dict[str, Any]:
        for _ in range(times):
            await self.shop.drain()
            task = await self.task()
            if task["state"] in ("done", "failed"):
                return task
            await self.shop.world.pass_time(seconds=2)
        raise AssertionError(f"the task never ended: {task}")

    def asked(self, operation: str) -> int:
        calls = self.shop.world.virtfusion.calls
        return sum(call.operation == operation and call.status == 200 for call in calls)

    @property
    def panel(self) -> Server:
        """The server as it stands at the panel."""
        [server] = self.shop.panel()
        return server

    async def reinstall(self, **changes: Any) -> httpx.Response:
        """Ask for a fresh system, Ubuntu where nothing else is said."""
        images = (await ok(self.http.get(f"{self.path}/images")))["items"]
        ubuntu = next((each for each in images if each["family"] == "Ubuntu"), images[0])
        wish = {
            "image_id": ubuntu["id"],
            "hostname": "fresh.example.com",
            "password_login": True,
            "confirm": "web-1.example.com",
        }
        return await self.http.post(f"{self.path}/reinstall", json={**wish, **changes})

    async def mails(self, kind: str) -> int:
        """How many letters of a kind were written."""
        [(count,)] = await self.shop.world.rows(
            "select count(*) from mail_messages where kind = %s", kind
        )
        return int(count)
