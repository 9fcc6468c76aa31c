"""A company in process in which one order after the other lives its life, and is looked at after."""

from __future__ import annotations

import asyncio
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
from tests.prove.laws import LAWS, OPEN, ORDERS
from tests.prove.lives import ENDINGS, Life, PanelFault
from tests.world import Person, World

# An order is held an hour, a payment waits three; after a day nothing may be under way.
PAUSES_MINUTES = (2, 2, 2, 2, 4, 4, 8, 16, 32, 64, 64, 64, *[2] * 20, *[64] * 18)
LOGGED_IN = timedelta(hours=6)
TIMERS = (follow_due_payments, expire_orders, converge, wake_stuck_tasks)
SLOW_SECONDS = 0.01


class Town:
    """The shop, its customer, PayPal; and how often what happened."""

    def __init__(self, world: World, shop: Shop, paypal: httpx.AsyncClient) -> None:
        self.world = world
        self.shop = shop
        self.paypal = paypal
        self.plans: dict[str, str] = {}
        self.seen: Counter[str] = Counter()
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
        person = await self._customer()
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

    async def _customer(self) -> Person:
        """The customer under an account that has never bought anything."""
        known = self.shop.person
        if self.world.clock.now() - self._logged_in_at > LOGGED_IN:
            self._logged_in_at = self.world.clock.now()
            await self.world.log_in(known.http, known.email)
            await self.world.log_in(self.shop.staff.http, self.shop.staff.email)
        async with self.world.house.transaction() as db:
            name = f"Life {self.seen['lives']}"
            account_id = await open_account(db, known.user_id, name, "US")
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
        for law, sql in LAWS.items():
            assert await self.world.rows(sql) == [], law
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
        self.invoice_id = ""
        self._does: dict[str, Callable[[], Awaitable[Any]]] = {
            "approve": lambda: self._approve("first"),
            "approve another way": lambda: self._approve("second"),
            "come back": self._come_back,
            "poll": lambda: town.turn(minutes=2),
            "read webhooks": self._read_webhooks,
            "read webhooks twice": lambda: self._read_webhooks(times=2),
            "forge a webhook": self._forge,
            "pay by paypal": lambda: self._pay("paypal"),
            "pay from the wallet": lambda: self._pay("wallet"),
            "pay twice at once": self._pay_twice,
            "give up the payment": self._give_up_payments,
            "give up the order": lambda: self._post(f"/orders/{self.order_id}/cancel"),
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
        self.order_id, self.invoice_id = order["id"], order["invoice_id"]
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
        await self._pay(self.life.gateway)
        for step in self.life.steps:
            await self._does[step]()
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
        """Start, restart, stop: whatever is allowed as the server stands."""
        found = await self.shop.look({"id": self.order_id})
        if found["state"] != "active":
            return
        for verb, fault in self.life.power:
            if fault is not None:
                self._switch_on(fault)
            path = f"/servers/{found['server_id']}/tasks"
            asked = await self._post(path, json={"kind": verb}, taken=(202, 409))
            self.town.seen[f"power: {verb} {asked.status_code}"] += 1
            await self.town.world.drain(hurry=True)
            await self.town.turn(minutes=2)

    async def _payments(self) -> list[tuple[UUID, str, str | None]]:
        return await self.town.world.rows(  # type: ignore[return-value]
            "select id, state, gateway_ref from payments where invoice_id = %s order by id",
            UUID(self.invoice_id),
        )

    async def _post(
        self, path: str, *, taken: tuple[int, ...] = (200, 201, 202, 409), **asked: Any
    ) -> httpx.Response:
        """Ask something that may well be refused, but never breaks."""
        answer = await self.shop.person.http.post(f"/api/v1{path}", **asked)
        assert answer.status_code in taken, f"{path}: {answer.status_code} {answer.text}"
        return answer

    async def _pay(self, gateway: str) -> None:
        wish = {"invoice_id": self.invoice_id, "gateway": gateway}
        await self._post("/payments", json=wish)
        await self.town.world.drain()

    async def _pay_twice(self) -> None:
        wishes = [{"invoice_id": self.invoice_id, "gateway": name} for name in ("paypal", "wallet")]
        await asyncio.gather(*(self._post("/payments", json=wish) for wish in wishes * 2))
        await self.town.world.drain()

    async def _approve(self, instrument: str) -> None:
        """Approve whatever stands open at PayPal, even what we have given up."""
        for _, _, ref in await self._payments():
            if ref is not None:
                path = f"/_sandbox/orders/{ref}/approve"
                await self.town.paypal.post(path, json={"instrument": instrument})

    async def _come_back(self) -> None:
        """What the return page causes: the payment is followed now."""
        from skypanel.payments.jobs import follow_payment

        async with self.town.world.house.transaction() as db:
            for payment_id, _, _ in await self._payments():
                self.town.world.house.queue.enqueue(db, follow_payment, payment_id=payment_id)
        await self.town.world.drain()

    async def _give_up_payments(self) -> None:
        for payment_id, _, _ in await self._payments():
            await self._post(f"/payments/{payment_id}/cancel")

    async def _deliveries(self) -> list[Any]:
        refs = {ref for _, _, ref in await self._payments()}
        captured = {
            each.id
            for each in self.town.world.paypal.book.captures.values()
            if each.order_id in refs
        }
        found = self.checkout.deliveries()
        return [each for each in found if each.subject in refs | captured]

    async def _read_webhooks(self, times: int = 1) -> None:
        """PayPal's notices come, the latest first, each so many times."""
        for delivery in reversed(await self._deliveries()):
            for _ in range(times):
                answer = await self.checkout.deliver(delivery)
                assert answer.status_code == 200, answer.text
        await self.town.world.drain()

    async def _forge(self) -> None:
        for delivery in (await self._deliveries())[:1]:
            answer = await self.checkout.deliver(delivery, forged=True)
            assert answer.status_code == 400, answer.text

    async def _review(self, *, well: bool) -> None:
        for capture in list(self.town.world.paypal.book.captures.values()):
            if capture.status == "PENDING":
                verb = "complete" if well else "deny"
                await self.checkout.sandbox(f"captures/{capture.id}/{verb}")

    async def _faults_end(self) -> None:
        self.town.heal()


@asynccontextmanager
async def open_town(world: World) -> AsyncIterator[Town]:
    """A company that sells, with PayPal's notices held back until a life has them come."""
    shop = await open_shop(world)
    book = world.paypal.book
    book.hooks[HOOK] = Hook(id=HOOK, url="http://127.0.0.1:9/", event_types=["*"])
    book.faults.stopped = True
    try:
        async with httpx.AsyncClient(base_url=world.desk.url, trust_env=False) as paypal:
            town = Town(world, shop, paypal)
            await town.sell()
            yield town
    finally:
        book.hooks.pop(HOOK, None)
