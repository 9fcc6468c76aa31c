"""Somebody who buys and gives back addresses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from skypanel.addresses.jobs import follow_addresses
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import tick
from tests.servers.owned import Owned


class Buyer(Owned):
    """A customer's server and the addresses beside its first."""

    def __init__(self, shop: Shop, server: dict[str, Any], addon_id: str) -> None:
        super().__init__(shop, server)
        self.addon_id = addon_id
        self.service_id = UUID(server["service_id"])

    async def extras(self) -> dict[str, Any]:
        return await ok(self.http.get(f"{self.path}/extra-addresses"))

    async def buy(self, **changes: Any) -> httpx.Response:
        """At the price that is shown at this moment."""
        offers = (await self.extras())["offers"]
        wish = {"addon_id": self.addon_id, "quoted_minor": offers[0]["total"]["minor"], **changes}
        return await self.http.post(f"{self.path}/extra-addresses", json=wish)

    async def give_back(self, address: str) -> httpx.Response:
        return await self.http.post(
            f"{self.path}/extra-addresses/return", json={"address": address}
        )

    async def latest(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.extras())["extras"][0]
        return found

    async def settle(self, *states: str, times: int = 60) -> dict[str, Any]:
        """Let the panel answer, however often it must be asked."""
        for _ in range(times):
            await self.shop.drain()
            await self.shop.world.house.queue.tick(follow_addresses)
            row = await self.latest()
            if row["state"] in states:
                await self.shop.drain()
                return row
            await self.shop.world.pass_time(seconds=40)
        raise AssertionError(f"it never settled: {row}")

    async def days(self, count: int) -> None:
        """Days go by, with everything that is due; then somebody logs in again."""
        world = self.shop.world
        for _ in range(count):
            await world.pass_time(days=1)
            await tick(world)
            await world.house.queue.tick(follow_addresses)
            await world.drain(hurry=True)
        await world.log_in(self.http, self.shop.person.email)

    async def wallet(self) -> int:
        rows = await self.shop.world.rows(
            "select balance_minor from books where kind = 'wallet' and account_id = %s",
            self.shop.person.account_id,
        )
        return rows[0][0] if rows else 0

    async def billed(self) -> list[tuple[Any, ...]]:
        """What is billed with the service beside its plan."""
        return await self.shop.world.rows(
            "select quantity, ended_at is null from service_addons order by id"
        )
