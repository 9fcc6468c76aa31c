"""Random creations and ends of servers: the panel at fault, workers that die at any wait.

Each run has a seed of its own; what fails names it, and `SKYPANEL_PROVE_SEED=<seed>
SKYPANEL_PROVE_RUNS=1` draws that run again. How many waits a worker has until it does something
hangs on what it has cached: where that matters, begin a few seeds before.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import pytest

from skypanel.integrations.virtfusion.simulator.faults import KINDS
from skypanel.orders.actions import confirm_order
from skypanel.provisioning.jobs import converge, converge_services, create_server, follow_service
from skypanel.services.actions import erase, hold, release, terminate, undo_termination
from skypanel.services.rules import Hold
from tests.dying import cut_off
from tests.orders.shop import KEY, Shop, ok, open_shop
from tests.prove.accounts import open_account
from tests.prove.conftest import LONG
from tests.prove.figures import FIGURES
from tests.prove.laws import MONEY, broken
from tests.prove.test_lives import LIVES_SEED
from tests.world import Person, World

RUNS = int(os.environ.get("SKYPANEL_PROVE_RUNS", "300" if LONG else "2"))
SEED = LIVES_SEED if LONG else 0
IN_ONE_WORLD = 100
OPERATIONS = (
    "any", "any", "changes", "getUserByExtRelation", "createUser", "listUserServers",
    "createServer", "addSshKey", "listUserSshKeys", "buildServer", "getServer", "suspendServer",
    "unsuspendServer", "poweroffServer", "deleteServer",
)  # fmt: skip
CREATION_WAITS, FOLLOW_WAITS = 160, 60  # a little more than each has
ROUNDS = 40
FAULTS_UNTIL = 12  # in the rounds after, the panel is well
REASON = "As the proof wants it"
SEEN: Counter[str] = Counter()
SERVERS = """
select v.virtfusion_ref, s.state, v.standing, v.standing_asked_at is not null from services s
left join servers v on v.service_id = s.id where s.state not in ('pending', 'cancelled')
"""


class Run:
    """One server from its order to its end, under faults that only this seed knows."""

    def __init__(self, shop: Shop, person: Person, number: int) -> None:
        self.world = shop.world
        self.shop = Shop(shop.world, shop.staff, person)
        self.shop.plans, self.shop.places, self.shop.images = shop.plans, shop.places, shop.images
        self.chance = random.Random(number)
        self.told: list[str] = []
        self.order: dict[str, Any] = {}

    async def live(self) -> None:
        await self._buy()
        await self._create()
        await self._check("created")
        await self._follow()
        await self._check("followed")

    def _note(self, what: str) -> None:
        self.told.append(what)
        SEEN[what.split(":", maxsplit=1)[0]] += 1

    def _fault(self) -> None:
        """Half the time the panel has one more fault."""
        if self.chance.random() < 0.5:
            kind, operation = self.chance.choice(KINDS), self.chance.choice(OPERATIONS)
            times = self.chance.randint(1, 4)
            self.shop.fault(kind, operation, times=times, seconds=0.01)
            self._note(f"fault {kind}: {operation} {times}")

    async def _dies(self, name: str, work: Coroutine[Any, Any, None], waits: int) -> None:
        """A worker takes something up, and dies at one of its waits."""
        at = self.chance.randint(1, waits)
        died = await cut_off(work, at)
        self._note(f"{name} {'cut off' if died else 'run'}: {at}")

    async def _pass(self, seconds: int) -> None:
        await self.world.pass_time(seconds=seconds)

    async def _buy(self) -> None:
        keys = {"new_ssh_key": {"name": "laptop", "public_key": KEY}}
        self.order = await self.shop.order(**(keys if self.chance.random() < 0.5 else {}))
        await self.shop.pay(self.order)
        async with self.world.house.transaction() as db:
            await confirm_order(db, UUID(self.order["invoice_id"]))

    async def _create(self) -> None:
        order_id, house = UUID(self.order["id"]), self.world.house
        for _ in range(self.chance.randint(1, 5)):
            self._fault()
            await self._dies("create", create_server.run(house, order_id), CREATION_WAITS)
            await self._pass(self.chance.choice((1, 30, 200)))
        for turn in range(ROUNDS):
            if turn < FAULTS_UNTIL:
                self._fault()
            else:
                self.world.virtfusion.faults.clear()
            await self.world.drain(hurry=True)
            found = await self.shop.look(self.order)
            if found["state"] == "active":
                return
            if found["state"] == "failed":
                await self._staff_retry()
            await self._pass(100)
            await self.world.house.queue.tick(converge)
        raise AssertionError(f"never created: {await self.shop.steps(self.order)}")

    async def _staff_retry(self) -> None:
        provision = await self.shop.provision(self.order)
        path = f"/api/v1/admin/provisions/{provision['id']}/retry"
        answer = await self.shop.staff.http.post(path)
        assert answer.status_code < 300, answer.text
        self._note("retried by staff")

    async def _follow(self) -> None:
        """Held, let go, ended, brought back: the server follows, whatever is lost on the way."""
        self.world.virtfusion.faults.clear()
        service_id = UUID((await ok(self.shop.person.http.get(
            f"/api/v1/orders/{self.order['id']}"
        )))["service_id"])  # fmt: skip
        house, state = self.world.house, "active"
        for _ in range(self.chance.randint(1, 4)):
            verb, state = self.chance.choice(VERBS[state])
            async with house.transaction() as db:
                await DEEDS[verb](db, service_id)
            self._note(verb)
            self._fault()
            await self._dies("follow", follow_service.run(house, service_id), FOLLOW_WAITS)
            await self._pass(self.chance.choice((1, 100)))
            if self.chance.random() < 0.5:
                await self.world.drain(hurry=True)
            if state == "erased":
                break
        for turn in range(ROUNDS):
            if turn == FAULTS_UNTIL:
                self.world.virtfusion.faults.clear()
            await self.world.drain(hurry=True)
            await self._pass(100)
            await house.queue.tick(converge_services)
            if turn >= 3 and not await self._astray():
                return
        raise AssertionError(f"the server never followed: {await self._astray()}")

    async def _astray(self) -> list[Any]:
        wanted = {"active": "free", "suspended": "suspended", "terminated": "suspended",
                  "erased": "gone"}  # fmt: skip
        rows = await self.world.rows(SERVERS)
        return [row for row in rows if row[3] or wanted[row[1]] != row[2]]

    async def _check(self, when: str) -> None:
        """As many servers as services, each the one that is known; none lost, none twice."""
        rows = await self.world.rows(SERVERS)
        panel = {one.id: one for one in self.shop.panel() if one.deletes_at is None}
        standing = {ref: state for ref, state, *_ in rows if state != "erased"}
        assert None not in standing, f"{when}: a service without a server"
        assert standing.keys() == panel.keys(), f"{when}: servers {[*panel]}, services {standing}"
        assert len(rows) == len({ref for ref, *_ in rows}), f"{when}: two services, one server"
        for ref, state in standing.items():
            assert panel[ref].suspended == (state != "active"), f"{when}: {ref} is {state}"
        assert await broken(self.world, MONEY) == {}


DEEDS: dict[str, Any] = {
    "hold": lambda db, one: hold(db, one, Hold.STAFF, REASON),
    "release": lambda db, one: release(db, one, Hold.STAFF, REASON),
    "terminate": lambda db, one: terminate(db, one, REASON),
    "undo": lambda db, one: undo_termination(db, one, REASON),
    "erase": erase,
}
VERBS = {
    "active": [("hold", "suspended"), ("terminate", "terminated")],
    "suspended": [("release", "active")],
    "terminated": [("undo", "active"), ("erase", "erased")],
}


async def newcomer(world: World, shop: Shop, number: int) -> Person:
    """A customer with a panel user of their own, logged in now."""
    for person in (shop.person, shop.staff):
        await world.log_in(person.http, person.email)
    known = shop.person
    async with world.house.transaction() as db:
        account_id = await open_account(db, known.user_id, f"Run {number}", "US")
    return Person(known.http, known.email, known.user_id, account_id)


@pytest.mark.parametrize("first", range(0, RUNS, IN_ONE_WORLD))
async def test_as_many_servers_as_services_however_it_went(world: World, first: int) -> None:
    FIGURES.note("Random provisioning runs", "first seed", SEED)
    shop = await open_shop(world)
    for number in range(SEED + first, SEED + min(first + IN_ONE_WORLD, RUNS)):
        run = Run(shop, await newcomer(world, shop, number), number)
        try:
            await run.live()
        except BaseException as error:
            error.add_note(f"SKYPANEL_PROVE_SEED={number} SKYPANEL_PROVE_RUNS=1 draws it again.")
            error.add_note("; ".join(run.told))
            raise
        SEEN["runs"] += 1
        world.virtfusion.faults.clear()
    for name in sorted(SEEN):
        FIGURES.note("Random provisioning runs", name, SEEN[name])
