"""The worker dies at every beat; taken up again, exactly one server stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.orders.actions import confirm_order
from skypanel.provisioning import actions
from skypanel.provisioning.jobs import create_server
from tests.orders.shop import KEY, Shop
from tests.provisioning.test_story import alive

BEATS = [
    (actions, "take_turn"),
    (VirtFusion, "user"),
    (VirtFusion, "create_user"),
    (actions, "note_user"),
    (VirtFusion, "servers_of"),
    (actions, "intend_creation"),
    (VirtFusion, "create_server"),
    (actions, "note_created"),
    (VirtFusion, "add_ssh_key"),
    (actions, "intend_build"),
    (VirtFusion, "build"),
    (actions, "note_building"),
    (VirtFusion, "server"),
    (actions, "finish"),
]


def dying_once(run: Callable[..., Any], calls: list[int], *, after: bool) -> Any:
    async def once(*args: Any, **named: Any) -> Any:
        calls[0] += 1
        first = calls[0] == 1
        if first and not after:
            raise RuntimeError("the worker was killed here")
        found = await run(*args, **named)
        if first:
            raise RuntimeError("the worker was killed here")
        return found

    return once


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "beat"), BEATS, ids=[name for _, name in BEATS])
async def test_a_crash_at_any_beat_leaves_one_server(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str, after: bool
) -> None:
    calls = [0]
    monkeypatch.setattr(owner, beat, dying_once(getattr(owner, beat), calls, after=after))
    order = await shop.bought(new_ssh_key={"name": "laptop", "public_key": KEY})
    await alive(shop, order)
    assert calls[0] >= 1, "the beat was never reached"
    assert len(shop.world.virtfusion.tables.users) == 1
    assert len(shop.world.virtfusion.tables.ssh_keys) == 1
    assert (await shop.server(order))["password_available"]
    owed = await shop.world.rows("select count(*) from invoices where state = 'paid'")
    assert owed == [(1,)]


async def test_many_workers_at_once_make_one_server(shop: Shop) -> None:
    order = await shop.bought(new_ssh_key={"name": "laptop", "public_key": KEY})
    house = shop.world.house
    async with house.transaction() as db:
        for _ in range(6):
            house.queue.enqueue(db, create_server, order_id=order["id"])
        await confirm_order(db, UUID(order["invoice_id"]))
    await asyncio.gather(*(create_server.run(house, UUID(order["id"])) for _ in range(3)))
    await alive(shop, order)
    calls = [call.operation for call in shop.world.virtfusion.calls]
    assert calls.count("createServer") == 1
    assert calls.count("buildServer") == 1
