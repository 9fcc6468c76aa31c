"""A company in process in which one order after the other lives its life, and is looked at after."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from skypanel.integrations.paypal.simulator.state import Hook
from skypanel.orders.jobs import expire_orders
from skypanel.payments.jobs import follow_due_payments
from skypanel.provisioning.jobs import converge
from skypanel.servers.jobs import wake_stuck_tasks
from tests.orders.shop import KEY, Shop, open_shop
from tests.payments.checkout import HOOK, Checkout
from tests.prove.accounts import open_account
from tests.prove.laws import LAWS, OPEN, ORDERS, broken
from tests.prove.lives import ENDINGS, NEW_PASSWORD, Life, PanelFault
from tests.prove.payer import Payer
from tests.world import Person, World

# An order is held an hour, a payment waits three; after a day nothing may be under way.
PAUSES_MINUTES = (2, 2, 2, 2, 4, 4, 8, 16, 32, 64, 64, 64, *[2] * 20, *[64] * 18)
LOGGED_IN = timedelta(hours=6)
TIMERS = (follow_due_payments, expire_orders, converge, wake_stuck_tasks)
SLOW_SECONDS = 0.01


class Town:
    """The shop, its customer, PayPal; and how often what happened."""

    def __init__(
        self, world: World, shop: Shop, paypal: httpx.AsyncClient, seen: Counter[str]
    ) -> None:
        self.world = world
        self.shop = shop
        self.paypal = paypal
        self.plans: dict[str, str] = {}
        self.seen = seen
        self._logged_in_at = world.clock.now()

    async def sell(self) -> None:
        """One plan for each thing that PayPal can do with an amount; this host knows no tax."""
        for name, ending in ENDINGS.items():
            packages = await self.shop.staff.http.get("/api/v1/admin/packages")
            [package] = [one for one in packages.json()["items"] if one["name"] == "VPS 1G"]
            answer = await self.shop.staff.http.post(
                "/api/v1/admin/plans",
                json={
                    "package_id": package["id"],
                    "slug": f"ends-{ending}",
                    "name": f"Ends in {ending}",
                    "prices": [{"currency": "EUR", "cycle": "monthly", "price": f"4.{ending}"}],
                    "location_ids": [self.shop.places["Falkenstein"]],
                },
            )
            assert answer.status_code == 201, answer.text
            self.plans[name] = answer.json()["id"]

    async def live(self, life: Life) -> None:
        """One life from the order to its end, then every law."""
        person = await self.newcomer("US")
        one = Resident(self, person, life)
        await one.order()
        await one.go_through()
        self.heal()
        await one.rest()
        await one.use_power()
        self.heal()
        await one.rest()
        await self.check(one)

    def heal(self) -> None:
        """Every fault ends."""
        self.world.virtfusion.faults.clear()
        faults = self.world.paypal.book.faults
        faults.lose_answer = faults.server_error = faults.html_error = faults.slow = 0

    async def log_in(self) -> None:
        """A log-in does not last: customer and staff come back."""
        if self.world.clock.now() - self._logged_in_at > LOGGED_IN:
            self._logged_in_at = self.world.clock.now()
            for person in (self.shop.person, self.shop.staff):
                await self.world.log_in(person.http, person.email)

    async def newcomer(self, country: str) -> Person:
        """The customer under an account that has never bought anything."""
        await self.log_in()
        known = self.shop.person
        async with self.world.house.transaction() as db:
            name = f"Life {self.seen['lives']}"
            account_id = await open_account(db, known.user_id, name, country)
        self.seen["lives"] += 1
        return Person(known.http, known.email, known.user_id, account_id)

    async def turn(self, **span: float) -> None:
        """Time passes; every timer looks, everything that is due is done."""
        await self.world.pass_time(**span)
        for timer in TIMERS:
            await self.world.house.queue.tick(timer)
        await self.world.drain(hurry=True)

    async def check(self, one: Resident) -> None:
        """Every law, over everything that ever happened here."""
        assert await broken(self.world, LAWS) == {}
        self._money_is_booked_once(
            {key for (key,) in await self.world.rows("select key from transfers")}
        )
        known = await self.world.rows(
            "select virtfusion_ref from servers where virtfusion_ref is not null order by 1"
        )
        standing = sorted(self.world.virtfusion.tables.servers)
        assert [ref for (ref,) in known] == standing, "servers at the panel are servers of ours"
        for state, count in await self.world.rows(ORDERS, UUID(one.order_id)):
            self.seen[f"orders {state}"] += count

    def _money_is_booked_once(self, keys: set[str]) -> None:
        captures = self.world.paypal.book.captures.values()
        taken = {f"paypal:{each.id}" for each in captures if each.status == "COMPLETED"}
        booked = {key for key in keys if key.startswith("paypal:")}
        assert booked == taken, "every capture is booked, and nothing else"


class Resident:
    """One life under way."""

    def __init__(self, town: Town, person: Person, life: Life) -> None:
        self.town = town
        self.life = life
        self.shop = Shop(town.world, town.shop.staff, person)
        self.checkout = Checkout(town.world, person, town.paypal)
        self.order_id = ""
        self.payer = Payer(self.checkout, "")

    def _deeds(self) -> dict[str, Callable[[], Awaitable[Any]]]:
        """What this life can do, by the words of its steps."""
        payer, town = self.payer, self.town
        return {
            "approve": lambda: payer.approve("first"),
            "approve another way": lambda: payer.approve("second"),
            "come back": payer.come_back,
            "poll": lambda: town.turn(minutes=2),
            "read webhooks": payer.read_webhooks,
            "read webhooks twice": lambda: payer.read_webhooks(times=2),
            "forge a webhook": payer.forge,
            "pay by paypal": lambda: payer.pay("paypal"),
            "pay from the wallet": lambda: payer.pay("wallet"),
            "pay twice at once": payer.pay_twice,
            "give up the payment": payer.give_up,
            "give up the order": lambda: payer.post(f"/orders/{self.order_id}/cancel"),
            "review ends well": lambda: self._review(well=True),
            "review ends badly": lambda: self._review(well=False),
            "minutes pass": lambda: town.turn(minutes=7),
            "an hour passes": lambda: town.turn(minutes=61),
            "faults end": self._faults_end,
        }

    async def order(self) -> None:
        """Order, and have the money in the wallet where it is to be paid from there."""
        life = self.life
        changes = {"new_ssh_key": {"name": "laptop", "public_key": KEY}} if life.key else {}
        wish = {
            "account_id": str(self.checkout.account_id),
            "plan_id": self.town.plans[life.ending],
            "location_id": self.town.shop.places["Falkenstein"],
            "image_id": self.town.shop.images["Debian 13"],
            "cycle": "monthly",
            "hostname": f"life-{self.town.seen['lives']}.example.com",
            "password_login": life.password or not life.key,
            **changes,
        }
        answer = await self.shop.person.http.post("/api/v1/orders", json=wish)
        assert answer.status_code == 201, answer.text
        order = answer.json()
        assert order["total"]["minor"] % 100 == ENDINGS[life.ending]
        self.order_id = order["id"]
        self.payer = Payer(self.checkout, order["invoice_id"])
        if life.gateway == "wallet":
            await self.shop.deposit(order["total"]["minor"])

    async def go_through(self) -> None:
        """Pay, with the faults that this life has, and do what its steps say."""
        faults = self.town.world.paypal.book.faults
        for name in ("lose_answer", "server_error", "html_error", "slow"):
            setattr(faults, name, getattr(self.life.paypal, name))
        faults.slow_seconds = SLOW_SECONDS
        if self.life.paypal.expired_token:
            self.town.world.paypal.book.tokens.clear()
        for fault in self.life.panel:
            self._switch_on(fault)
        await self.payer.pay(self.life.gateway)
        deeds = self._deeds()
        for step in self.life.steps:
            await deeds[step]()
            self.town.seen[f"step: {step}"] += 1

    def _switch_on(self, fault: PanelFault) -> None:
        self.shop.fault(fault.kind, fault.operation, times=fault.times, seconds=SLOW_SECONDS)
        self.town.seen[f"panel: {fault.kind}"] += 1

    async def rest(self) -> None:
        """Nobody does anything any more but the timers, PayPal's review and the staff."""
        passed = 0
        for minutes in PAUSES_MINUTES:
            await self._review(well=self.life.review_ends_well)
            await self._staff_retry()
            if not await self.town.world.rows(OPEN):
                return
            await self.town.turn(minutes=minutes)
            passed += minutes
        stuck = await self.town.world.rows(OPEN)
        raise AssertionError(f"after {passed} minutes still on the way: {stuck}")

    async def _staff_retry(self) -> None:
        failed = await self.town.world.rows("select id from provisions where state = 'failed'")
        for (provision_id,) in failed:
            answer = await self.shop.staff.http.post(
                f"/api/v1/admin/provisions/{provision_id}/retry"
            )
            assert answer.status_code in (202, 409), answer.text
            self.town.seen["creations retried by staff"] += 1

    async def use_power(self) -> None:
        """Start, restart, stop, another password: whatever is allowed as the server stands."""
        found = await self.shop.look({"id": self.order_id})
        if found["state"] != "active":
            return
        for verb, fault in self.life.power:
            if fault is not None:
                self._switch_on(fault)
            path = f"/servers/{found['server_id']}"
            if verb == NEW_PASSWORD:
                asked = await self.payer.post(f"{path}/password/reset", taken=(202, 409))
            else:
                wish = {"kind": verb}
                asked = await self.payer.post(f"{path}/tasks", json=wish, taken=(202, 409))
            self.town.seen[f"power: {verb} {asked.status_code}"] += 1
            await self.town.world.drain(hurry=True)
            await self.town.turn(minutes=2)

    async def _review(self, *, well: bool) -> None:
        for capture in list(self.town.world.paypal.book.captures.values()):
            if capture.status == "PENDING":
                verb = "complete" if well else "deny"
                await self.checkout.sandbox(f"captures/{capture.id}/{verb}")

    async def _faults_end(self) -> None:
        self.town.heal()


@asynccontextmanager
async def open_town(world: World, seen: Counter[str]) -> AsyncIterator[Town]:
    """A company that sells, with PayPal's notices held back until a life has them come."""
    shop = await open_shop(world)
    book = world.paypal.book
    book.hooks[HOOK] = Hook(id=HOOK, url="http://127.0.0.1:9/", event_types=["*"])
    book.faults.stopped = True
    try:
        async with httpx.AsyncClient(base_url=world.desk.url, trust_env=False) as paypal:
            town = Town(world, shop, paypal, seen)
            await town.sell()
            yield town
    finally:
        book.hooks.pop(HOOK, None)
