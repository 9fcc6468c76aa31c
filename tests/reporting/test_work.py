"""What is under way at the panel, or failed, with age, tries, error and a way on."""

from __future__ import annotations

from typing import Any

import pytest
from tests.orders.shop import Shop, ok, open_shop
from tests.world import World


@pytest.fixture
async def shop(world: World) -> Shop:
    return await open_shop(world)


async def work(shop: Shop, state: str = "") -> list[dict[str, Any]]:
    listed = await ok(shop.staff.http.get(f"/api/v1/admin/work?state={state}"))
    items: list[dict[str, Any]] = listed["items"]
    return items


async def test_creations_and_tasks_stand_until_they_are_done(shop: Shop) -> None:
    shop.fault("refuse", "createServer")
    order = await shop.bought()
    await shop.see_through(order)
    [failed] = await work(shop)
    assert (failed["kind"], failed["state"], failed["can"]) == ("create", "failed", ["retry"])
    assert "refuse" in failed["error"]
    assert failed["order_id"] == order["id"]
    again = await shop.staff.http.post(f"/api/v1/admin/provisions/{failed['id']}/retry")
    assert again.status_code == 202
    assert [each["state"] for each in await work(shop, "under_way")] == ["running"]
    assert await work(shop, "failed") == []
    await shop.see_through(order)
    assert await work(shop) == []

    server = await shop.server(order)
    shop.fault("refuse", "shutdownServer")
    asked = await shop.person.http.post(
        f"/api/v1/servers/{server['id']}/tasks", json={"kind": "shutdown"}
    )
    assert asked.status_code == 202
    [queued] = await work(shop)
    assert (queued["kind"], queued["state"], queued["asked_by"]) == (
        "shutdown", "queued", "Ada Byron",
    )  # fmt: skip
    await shop.drain(2)
    [stopped] = await work(shop, "failed")
    assert stopped["error"]
    await shop.world.pass_time(days=8)
    shop.staff = await shop.world.log_in(shop.world.browser(), shop.staff.email)
    assert await work(shop) == []
