"""kill -9 at every beat and at random moments: one capture, one server, one ledger effect."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.prove import beats
from tests.prove.figures import FIGURES
from tests.prove.shopper import Bought, Shopper
from tests.prove.stage import ROLES, Stage, open_stage, until
from tests.prove.verdict import judge, quiet

ROUNDS = int(os.environ.get("SKYPANEL_PROVE_ROUNDS", "1"))
KILLS = int(os.environ.get("SKYPANEL_PROVE_KILLS", "24"))
SEED = int(os.environ.get("SKYPANEL_PROVE_SEED", "1"))
AT_ONCE = 12
# A process is killed after so many beats of its own at most: it has come up, and got somewhere.
BEATS_MAX = {"web": 12, "worker": 40}
AFTER_BEAT_SECONDS_MAX = 0.5
BEATS_WITHIN_SECONDS = 300.0
EVERY = [(beat, side) for beat in (*beats.DOORS, *beats.WORKER) for side in beats.SIDES]
ACCOUNTS = 1000


@pytest.fixture
async def stage(clean_database: str) -> AsyncIterator[Stage]:
    async with open_stage(clean_database, ACCOUNTS) as opened:
        yield opened


class Customers:
    """A stream of customers, each with an account of their own."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage = stage
        self._chance = chance
        self._accounts = iter(stage.accounts)
        self.bought: list[Bought] = []

    async def come(self, count: int) -> None:
        """So many at once, until each has an active order."""
        await asyncio.gather(*(self._one() for _ in range(count)))

    async def _one(self) -> None:
        account_id = next(self._accounts)
        async with Shopper(self._stage) as shopper:
            comes_back = self._chance.random() < 0.7
            hostname = f"a-{str(account_id)[-12:]}.example.com"
            self.bought.append(await shopper.buy(account_id, hostname, comes_back=comes_back))


def batches(chance: random.Random) -> Iterator[list[tuple[str, str]]]:
    shuffled = EVERY.copy()
    chance.shuffle(shuffled)
    for at in range(0, len(shuffled), AT_ONCE):
        yield shuffled[at : at + AT_ONCE]


async def test_killed_at_every_beat(stage: Stage) -> None:
    chance = random.Random(SEED)
    customers = Customers(stage, chance)
    for _ in range(ROUNDS):
        for batch in batches(chance):
            for beat, side in batch:
                stage.arm(beat, side)
            await customers.come(len(batch))
            assert stage.armed() == set(), "a beat was never reached"
    await quiet(stage)
    figures = judge(stage, customers.bought)
    struck = Counter(path.split(" ")[0] for path in stage.struck())
    for beat in (*beats.DOORS, *beats.WORKER):
        FIGURES.note("Killed at each beat", beats.short(beat), ROUNDS * len(beats.SIDES))
    FIGURES.note("Killed at each beat", "kills in all", ROUNDS * len(EVERY))
    assert sum(struck.values()) == len(EVERY)
    for name, value in figures.items():
        FIGURES.note("Killed at each beat: what stood at the end", name, value)
    stage.proved = True


async def test_killed_at_random(stage: Stage) -> None:
    """What is killed has lived since it was killed last, however long its start takes."""
    chance = random.Random(SEED)
    customers = Customers(stage, chance)
    killed: Counter[str] = Counter()
    over = asyncio.Event()

    async def killer() -> None:
        for _ in range(KILLS):
            role = chance.choice(ROLES)
            enough = stage.lived(role) + chance.randint(1, BEATS_MAX[role])
            await until(lambda: stage.lived(role) >= enough, BEATS_WITHIN_SECONDS)  # noqa: B023
            await asyncio.sleep(chance.uniform(0, AFTER_BEAT_SECONDS_MAX))
            killed[stage.kill(role, chance)] += 1
        over.set()

    async def till() -> None:
        while not over.is_set():
            await customers.come(1)

    async with asyncio.TaskGroup() as group:
        group.create_task(killer())
        for _ in range(AT_ONCE):
            group.create_task(till())
    assert sum(killed.values()) == KILLS
    await quiet(stage)
    figures = judge(stage, customers.bought)
    for role, count in killed.items():
        FIGURES.note("Killed at random", f"kills of {role}", count)
    for name, value in figures.items():
        FIGURES.note("Killed at random", name, value)
    stage.proved = True
