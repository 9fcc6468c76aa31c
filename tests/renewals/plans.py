"""A ladder of plans, and a customer who moves on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from skypanel.platform.db import Actor
from skypanel.renewals.rules import PlanChangeSettings
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import running
from tests.world import World

PRICES = {"VPS 2G": "10.00", "VPS 4G": "20.00", "VPS 8G": "40.00"}


async def ladder(shop: Shop) -> dict[str, str]:
    """Three plans on one kind of storage; their ids by name."""
    packages = (await ok(shop.staff.http.get("/api/v1/admin/packages")))["items"]
    for package in packages:
        if package["name"] in PRICES:
            answer = await shop.staff.http.post(
                "/api/v1/admin/plans",
                json={
                    "package_id": package["id"],
                    "slug": package["name"].lower().replace(" ", "-"),
                    "name": package["name"],
                    "prices": [
                        {"currency": "EUR", "cycle": "monthly", "price": PRICES[package["name"]]}
                    ],
                    "location_ids": [shop.places["Falkenstein"]],
                },
            )
            assert answer.status_code == 201, answer.text
            shop.plans[package["name"]] = answer.json()["id"]
    return shop.plans


class Mover:
    """A service and its customer."""

    def __init__(self, shop: Shop, service_id: UUID) -> None:
        self.shop = shop
        self.world: World = shop.world
        self.id = service_id

    async def quote(self, plan: str, timing: str = "now") -> dict[str, Any]:
        found: dict[str, Any] = await ok(
            self.shop.person.http.get(
                f"/api/v1/services/{self.id}/plan-changes/quote",
                params={"plan_id": self.shop.plans[plan], "timing": timing},
            )
        )
        return found

    async def ask(self, plan: str, timing: str = "now", **changes: Any) -> httpx.Response:
        """Confirm what is quoted at this moment."""
        if "quoted_minor" not in changes:
            changes["quoted_minor"] = (await self.quote(plan, timing))["total"]["minor"]
        wish = {"plan_id": self.shop.plans[plan], "timing": timing, **changes}
        return await self.shop.person.http.post(
            f"/api/v1/services/{self.id}/plan-changes", json=wish
        )

    async def changed(self, plan: str, timing: str = "now", **changes: Any) -> dict[str, Any]:
        answer = await self.ask(plan, timing, **changes)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def changes(self) -> list[dict[str, Any]]:
        found = await ok(self.shop.person.http.get(f"/api/v1/services/{self.id}/plan-changes"))
        return list(found["changes"])

    async def plan(self) -> str:
        [(name,)] = await self.world.rows(
            "select p.name from services s join plans p on p.id = s.plan_id where s.id = %s",
            self.id,
        )
        return str(name)

    async def wallet(self) -> int:
        rows = await self.world.rows(
            "select balance_minor from books where kind = 'wallet' and account_id = %s",
            self.shop.person.account_id,
        )
        return rows[0][0] if rows else 0

    async def log_in(self) -> None:
        """A session does not last for months."""
        await self.world.log_in(self.shop.person.http, self.shop.person.email)


async def mover(shop: Shop, plan: str = "VPS 2G", **changes: Any) -> Mover:
    """Somebody whose server of this plan stands, bought on 2 March."""
    await ladder(shop)
    return Mover(shop, await running(shop, plan_id=shop.plans[plan], **changes))


async def settle_for(world: World, **changes: Any) -> None:
    async with world.house.transaction(Actor("staff", None, "Olga", None, None)) as db:
        await world.house.settings.put(db, PlanChangeSettings(**changes))
    world.house.cache.clear()
