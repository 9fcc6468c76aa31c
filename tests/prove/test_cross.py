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
# Whether the panel was at fault when the worker died, or is when the next one takes over.
WHEN = ("from the start", "from the crash")
# A creation asks the panel for none of the jobs that this one lets fail.
KINDS_OF_CREATION = [kind for kind in KINDS if kind != "fail_job"]
EVERY = [
    pytest.param(owner, beat, side, kind, when, id=f"{beat}-{side}-{kind}-{when}")
    for owner, beat in BEATS
    for side in SIDES
    for kind in KINDS_OF_CREATION
    for when in WHEN
]
# The short form takes a part that is the same each time; `make prove` takes all.
CROSSED = EVERY if LONG else random.Random(1).sample(EVERY, 6)
OPERATIONS = {"fail_build": "buildServer", "lock": "buildServer"}
TIMES = 3
HELD: Counter[str] = Counter()
HIT: Counter[str] = Counter()


def hits_left(shop: Shop) -> int:
    return sum(fault.remaining or 0 for fault in shop.world.virtfusion.faults)


@pytest.mark.parametrize(("owner", "beat", "side", "kind", "when"), CROSSED)
async def test_a_crash_under_a_fault_leaves_as_many_servers_as_services(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    beat: str,
    side: str,
    kind: str,
    when: str,
) -> None:
    shop: Shop = await open_shop(world)
    calls = [0]
    dying = dying_once(getattr(owner, beat), calls, after=side == "after")

    def fail() -> None:
        shop.fault(kind, OPERATIONS.get(kind, "any"), times=TIMES, seconds=0.01)

    async def dying_into_fault(*args: Any, **named: Any) -> Any:
        try:
            return await dying(*args, **named)
        except RuntimeError:
            if when == "from the crash":
                fail()
            raise

    monkeypatch.setattr(owner, beat, dying_into_fault)
    if when == "from the start":
        fail()
    order = await shop.bought(new_ssh_key={"name": "laptop", "public_key": KEY})
    found = await shop.see_through(order)
    hit = hits_left(shop) < TIMES
    assert hit or when == "from the crash", "the fault hit nothing"
    HIT[kind] += hit
    if found["state"] == "failed":
        # Refused for good or built in vain: a person is asked, and lets it go on.
        world.virtfusion.faults.clear()
        provision = await shop.provision(order)
        again = await shop.staff.http.post(f"/api/v1/admin/provisions/{provision['id']}/retry")
        assert again.status_code < 300, again.text
        found = await shop.see_through(order)
    assert calls[0] > 0, "the beat was never reached"
    assert found["state"] == "active", await shop.steps(order)
    [active] = await world.rows("select count(*) from services where state = 'active'")
    standing = [one for one in shop.panel() if one.deletes_at is None]
    assert (len(standing), *active) == (1, 1)
    HELD[kind] += 1
    FIGURES.note("Crashes under faults", kind, HELD[kind])
    FIGURES.note("Crashes under faults", f"{kind}, and it hit", HIT[kind])
