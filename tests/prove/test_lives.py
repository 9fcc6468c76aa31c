"""Thousands of orders, each with a life of its own; after each life every law holds."""

from __future__ import annotations

import os
import secrets
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.prove.conftest import LONG
from tests.prove.figures import FIGURES
from tests.prove.lives import LIVES, Life
from tests.prove.towns import Towns
from tests.search import Loop
from tests.world import PayPalDesk

LIVES_WANTED = int(os.environ.get("SKYPANEL_PROVE_LIVES", "10"))
IN_ONE_TOWN = 100  # then a new database and a new year
TOWNS = max(1, LIVES_WANTED // IN_ONE_TOWN)
SEEN: Counter[str] = Counter()
# Printed with the figures: the same seed lives the same lives again.
LIVES_SEED = int(os.environ.get("SKYPANEL_PROVE_SEED") or secrets.randbelow(2**31))


@pytest.mark.parametrize("number", range(TOWNS))
async def test_every_law_holds_after_every_life(
    database: str, desk: PayPalDesk, number: int
) -> None:
    loop, towns = Loop(), Towns(database, desk)

    @seed(LIVES_SEED + number if LONG else 0)
    @settings(
        max_examples=min(LIVES_WANTED, IN_ONE_TOWN),
        deadline=None,
        database=None,
        # The short form lives the same lives each time.
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
    @given(LIVES)
    def law(life: Life) -> None:
        town = loop.do(towns.town())
        try:
            loop.do(town.live(life))
        except BaseException:
            loop.do(towns.give_up())  # a life that breaks a law spoils the town for others
            raise

    FIGURES.note("Random lives", "seed", LIVES_SEED)
    try:
        await loop.search(law)
    finally:
        await towns.give_up()
    assert towns.seen["orders active"] >= towns.seen["lives"] / 10, towns.seen
    SEEN.update(towns.seen)
    for name in sorted(SEEN):
        FIGURES.note("Random lives", name, SEEN[name])
