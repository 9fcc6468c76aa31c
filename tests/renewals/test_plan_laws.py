"""Random lives of a service that changes its plan: after each step the laws of the money hold.

`SKYPANEL_PLAN_LIVES` and `SKYPANEL_PLAN_STEPS` make it longer.
"""

from __future__ import annotations

import os
import random
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from skypanel.platform.errors import Refusal
from skypanel.provisioning.jobs import converge_sizes
from skypanel.renewals.actions import ask_change, cancel_change
from skypanel.renewals.jobs import bill_due_services, expire_plan_changes
from skypanel.renewals.queries import ChangeAsk, weighed
from skypanel.services.actions import hold, release
from skypanel.services.rules import Hold
from tests.orders.shop import Shop
from tests.prove.laws import ALARMS, MONTHS, broken
from tests.renewals.plans import Mover, mover, settle_for
from tests.world import World

LIVES = int(os.environ.get("SKYPANEL_PLAN_LIVES", "2"))
STEPS = int(os.environ.get("SKYPANEL_PLAN_STEPS", "25"))
LADDER = ("VPS 2G", "VPS 4G", "VPS 8G")


class Life:
    """What somebody may do with a service, one thing after the other."""

    def __init__(self, moving: Mover, chance: random.Random) -> None:
        self.moving, self.chance = moving, chance
        self.world, self.shop = moving.world, moving.shop
        self.told: list[str] = []

    async def step(self) -> None:
        deeds: list[Callable[[], Awaitable[None]]] = [
            self.change, self.change, self.change, self.wait, self.wait, self.deposit, self.pay,
            self.cancel, self.hold,
        ]  # fmt: skip
        deed = self.chance.choice(deeds)
        self.told.append(deed.__name__)
        await deed()
        for timer in (bill_due_services, expire_plan_changes, converge_sizes):
            await self.world.house.queue.tick(timer)
        await self.world.drain(hurry=True)

    async def change(self) -> None:
        plan, timing = self.chance.choice(LADDER), self.chance.choice(("now", "now", "renewal"))
        plan_id = UUID(self.shop.plans[plan])
        try:
            async with self.world.house.transaction() as db:
                asked = ChangeAsk(plan_id, timing)
                _, found = await weighed(self.world.house, db, self.moving.id, asked)
                total = found.total.minor
            async with self.world.house.transaction() as db:
                made = await ask_change(
                    db,
                    self.moving.id,
                    plan_id=plan_id,
                    timing=timing,
                    quoted_minor=total,
                    reason="Chance",
                )
                self.told[-1] += f" {timing} {plan} {total} {made.state}"
        except Refusal as refusal:
            self.told[-1] += f" {refusal.code}"

    async def wait(self) -> None:
        await self.world.pass_time(hours=self.chance.choice((3, 20, 50, 150)))

    async def deposit(self) -> None:
        await self.shop.deposit(self.chance.choice((500, 2500)))

    async def pay(self) -> None:
        await self.moving.log_in()
        for (invoice_id,) in await self.world.rows("select id from invoices where state = 'open'"):
            await self.shop.person.http.post(
                "/api/v1/payments", json={"invoice_id": str(invoice_id), "gateway": "wallet"}
            )

    async def cancel(self) -> None:
        for (change_id,) in await self.world.rows(
            "select id from plan_changes where state in ('awaiting_payment', 'scheduled')"
        ):
            try:
                async with self.world.house.transaction() as db:
                    await cancel_change(db, change_id)
            except Refusal as refusal:
                self.told[-1] += f" {refusal.code}"

    async def hold(self) -> None:
        try:
            async with self.world.house.transaction() as db:
                await hold(db, self.moving.id, Hold.STAFF, "Chance")
            await self.world.drain(hurry=True)
            async with self.world.house.transaction() as db:
                await release(db, self.moving.id, Hold.STAFF, "Chance")
        except Refusal as refusal:
            self.told[-1] += f" {refusal.code}"

    async def laws(self) -> None:
        """What must be true at any time."""
        assert await broken(self.world, {**MONTHS, **ALARMS}) == {}, self.told

    async def end(self) -> None:
        """When all is done the server is what is billed."""
        for _ in range(3):
            await self.world.pass_time(minutes=5)
            await self.world.house.queue.tick(converge_sizes)
            await self.world.drain(hurry=True)
        apart = await self.world.rows(
            "select p.name, v.plan ->> 'name' from services s join plans p on p.id = s.plan_id"
            " join servers v on v.service_id = s.id"
            " where s.state = 'active' and v.plan ->> 'id' <> s.plan_id::text"
        )
        assert apart == [], self.told


@pytest.mark.parametrize("seed", range(LIVES))
async def test_money_holds_whatever_is_changed_when(world: World, shop: Shop, seed: int) -> None:
    moving = await mover(shop)
    await settle_for(world, smaller_disk="keep")
    await shop.deposit(10_000)  # so that some of what is asked for is paid at once
    life = Life(moving, random.Random(seed))
    for _ in range(STEPS):
        await life.step()
        await life.laws()
    await life.end()
    assert any(" applying" in each or " scheduled" in each for each in life.told), life.told
