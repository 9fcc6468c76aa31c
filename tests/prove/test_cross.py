"""A crash at every beat of a creation, crossed with every fault of the panel: VMs = active services."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from skypanel.integrations.virtfusion.simulator.faults import KINDS
from tests.orders.shop import KEY, Shop, open_shop
from tests.prove.conftest import LONG
from tests.prove.figures import FIGURES
from tests.provisioning.test_crashes import BEATS, dying_once
from tests.world import World

SIDES = ("before", "after")
EVERY = [
    pytest.param(owner, beat, side, kind, id=f"{beat}-{side}-{kind}")
    for owner, beat in BEATS
    for side in SIDES
    for kind in KINDS
]
# The short form takes a part that is the same each time; `make prove` takes all.
CROSSED = EVERY if LONG else random.Random(1).sample(EVERY, 6)
OPERATIONS = {"fail_build": "buildServer", "lock": "buildServer"}
TIMES = 3
HELD: Counter[str] = Counter()


@pytest.mark.parametrize(("owner", "beat", "side", "kind"), CROSSED)
async def test_a_crash_under_a_fault_leaves_as_many_servers_as_services(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str, side: str, kind: str
) -> None:
    shop: Shop = await open_shop(world)
    calls = [0]
    monkeypatch.setattr(owner, beat, dying_once(getattr(owner, beat), calls, after=side == "after"))
    order = await shop.bought(new_ssh_key={"name": "laptop", "public_key": KEY})
    shop.fault(kind, OPERATIONS.get(kind, "any"), times=TIMES, seconds=0.01)
    found = await shop.see_through(order)
    if found["state"] == "failed":
        # Refused for good or built in vain: a person is asked, and lets it go on.
        world.virtfusion.faults.clear()
        provision = await shop.provision(order)
        again = await shop.staff.http.post(f"/api/v1/admin/provisions/{provision['id']}/retry")
        assert again.status_code < 300, again.text
        found = await shop.see_through(order)
    assert found["state"] == "active", await shop.steps(order)
    [active] = await world.rows("select count(*) from services where state = 'active'")
    standing = [one for one in shop.panel() if one.deletes_at is None]
    assert (len(standing), *active) == (1, 1)
    HELD[kind] += 1
    FIGURES.note("Crashes under faults", kind, HELD[kind])
