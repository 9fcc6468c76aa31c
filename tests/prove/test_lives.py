"""Thousands of orders, each with a life of its own; after each life every law holds."""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.prove.conftest import LONG
from tests.prove.figures import FIGURES
from tests.prove.lives import LIVES, Life
from tests.prove.town import Town, open_town
from tests.world import World

LIVES_WANTED = int(os.environ.get("SKYPANEL_PROVE_LIVES", "10"))
IN_ONE_TOWN = 100  # then a new database and a new year
TOWNS = max(1, LIVES_WANTED // IN_ONE_TOWN)
LIFE_SECONDS = 120
SEEN: Counter[str] = Counter()
# Printed with the figures: the same seed lives the same lives again.
LIVES_SEED = int(os.environ.get("SKYPANEL_PROVE_SEED") or secrets.randbelow(2**31))


async def search(town: Town, lives: int, number: int) -> None:
    """Let Hypothesis, which is not asynchronous, draw lives from a thread beside the loop."""
    loop = asyncio.get_running_loop()

    @seed(LIVES_SEED + number if LONG else 0)
    @settings(
        max_examples=lives,
        deadline=None,
        database=None,
        # The short form lives the same lives each time.
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # a life that breaks a law spoils the town for others
    )
    @given(LIVES)
    def law(life: Life) -> None:
        asyncio.run_coroutine_threadsafe(town.live(life), loop).result(LIFE_SECONDS)

    failure: list[BaseException] = []

    def examine() -> None:
        try:
            law()
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            failure.append(error)

    thread = threading.Thread(target=examine)
    thread.start()
    await asyncio.to_thread(thread.join)
    if failure:
        raise failure[0]


@pytest.mark.parametrize("number", range(TOWNS))
async def test_every_law_holds_after_every_life(world: World, number: int) -> None:
    async with open_town(world) as town:
        await search(town, min(LIVES_WANTED, IN_ONE_TOWN), number)
    assert town.seen["orders active"] >= town.seen["lives"] / 10, town.seen
    SEEN.update(town.seen)
    FIGURES.note("Random lives", "seed", LIVES_SEED)
    for name in sorted(SEEN):
        FIGURES.note("Random lives", name, SEEN[name])
