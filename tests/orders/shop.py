"""A host that sells: its catalog read from the panel, plans priced, and customers with money."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx

from skypanel.catalog.jobs import synchronise_catalog
from skypanel.integrations.virtfusion.simulator.faults import Fault
from skypanel.integrations.virtfusion.simulator.state import Server
from skypanel.ledger.actions import book, post
from skypanel.platform.money import Money
from skypanel.provisioning.jobs import converge
from tests.kept import keep, kept
from tests.world import START, Person, World

KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBhwnTV6u5vpGGNL8ohOsq44MzBNuBhgckFnpdwcsbNC ada@lovelace"
)


class Shop:
    """The story of a customer who buys, as a browser and a panel see it."""

    def __init__(self, world: World, staff: Person, person: Person) -> None:
        self.world = world
        self.staff = staff
        self.person = person
        self.plans: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.images: dict[str, str] = {}
        self.is_kept = False

    async def open(self) -> None:
        """Read the panel; open two places, sell two sizes in them."""
        await self.synchronise()
        http = self.staff.http
        for place in (await ok(http.get("/api/v1/admin/locations")))["items"]:
            self.places[place["name"]] = place["id"]
        for name, country in (("Falkenstein", "DE"), ("Helsinki", "FI"), ("Ashburn", "US")):
            await ok(
                http.patch(
                    f"/api/v1/admin/locations/{self.places[name]}",
                    json={"country": country, "status": "open"},
                )
            )
        packages = (await ok(http.get("/api/v1/admin/packages")))["items"]
        for package in packages:
            if package["name"] in ("VPS 1G", "VPS 16G"):
                self.plans[package["name"]] = await self.sell(package)
        images = (await ok(http.get("/api/v1/images")))["items"]
        self.images = {image["name"]: image["id"] for image in images}

    async def sell(self, package: dict[str, Any]) -> str:
        prices = [
            {"currency": "EUR", "cycle": "monthly", "price": "4.99"},
            {"currency": "EUR", "cycle": "yearly", "price": "49.90", "setup_minor": 500},
            {"currency": "EUR", "cycle": "hourly", "price": "0.0083"},
        ]
        answer = await self.staff.http.post(
            "/api/v1/admin/plans",
            json={
                "package_id": package["id"],
                "slug": package["name"].lower().replace(" ", "-"),
                "name": package["name"],
                "prices": prices,
                "location_ids": [self.places["Falkenstein"], self.places["Ashburn"]],
            },
        )
        assert answer.status_code == 201, answer.text
        plan_id: str = answer.json()["id"]
        return plan_id

    async def synchronise(self) -> None:
        await self.world.house.queue.tick(synchronise_catalog)
        self.world.house.cache.clear()

    def wish(self, **changes: Any) -> dict[str, Any]:
        wish = {
            "account_id": str(self.person.account_id),
            "plan_id": self.plans["VPS 1G"],
            "location_id": self.places["Falkenstein"],
            "image_id": self.images["Debian 13"],
            "cycle": "monthly",
            "hostname": "web-1.example.com",
            "password_login": True,
        }
        return {**wish, **changes}

    async def ask(self, **changes: Any) -> httpx.Response:
        return await self.person.http.post("/api/v1/orders", json=self.wish(**changes))

    async def order(self, **changes: Any) -> dict[str, Any]:
        answer = await self.ask(**changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def deposit(self, minor: int) -> None:
        async with self.world.house.transaction() as db:
            wallet = await book(db, "wallet", "EUR", self.person.account_id)
            given = await book(db, "paypal_clearing", "EUR")
            money = Money(minor, "EUR")
            await post(
                db,
                key=f"test:{uuid4()}",
                reason="Deposit",
                entries=[(wallet.id, money), (given.id, -money)],
            )

    async def pay(self, order: dict[str, Any]) -> None:
        await self.deposit(order["total"]["minor"])
        answer = await self.person.http.post(
            "/api/v1/payments", json={"invoice_id": order["invoice_id"], "gateway": "wallet"}
        )
        assert answer.status_code == 201, answer.text

    async def bought(self, **changes: Any) -> dict[str, Any]:
        order = await self.order(**changes)
        await self.pay(order)
        return order

    async def drain(self, times: int = 1) -> None:
        for _ in range(times):
            await self.world.drain(hurry=True)

    async def see_through(self, order: dict[str, Any], times: int = 30) -> dict[str, Any]:
        """Let jobs and timers do their work until the order has ended, one way or the other."""
        for _ in range(times):
            await self.drain()
            found = await self.look(order)
            if found["state"] in ("active", "failed"):
                return found
            await self.world.pass_time(seconds=100)
            await self.world.house.queue.tick(converge)
        raise AssertionError(f"the order never ended: {await self.steps(order)}")

    async def standing(self) -> dict[str, Any]:
        """The order of a server that stands, in a shop that was just opened.

        It is built once, then put back as it was.
        """
        found = kept(self.world, "standing") if self.is_kept else None
        if found is not None:
            _, order = found.put_back(self.world)
            return order  # type: ignore[no-any-return]
        order = await self.bought()
        assert (await self.see_through(order))["state"] == "active"
        if self.is_kept:
            keep(self.world, "standing", (), order)
        return order

    async def look(self, order: dict[str, Any]) -> dict[str, Any]:
        return await ok(self.person.http.get(f"/api/v1/orders/{order['id']}"))

    async def server(self, order: dict[str, Any]) -> dict[str, Any]:
        found = await self.look(order)
        return await ok(self.person.http.get(f"/api/v1/servers/{found['server_id']}"))

    async def provision(self, order: dict[str, Any]) -> dict[str, Any]:
        return await ok(self.staff.http.get(f"/api/v1/admin/provisions/{order['id']}"))

    async def steps(self, order: dict[str, Any]) -> list[str]:
        return [
            f"{text} {error or ''}".strip()
            for text, error in await self.world.rows(
                "select s.text, s.error from provision_steps s join provisions p"
                " on p.id = s.provision_id where p.order_id = %s order by s.id",
                UUID(order["id"]),
            )
        ]

    def panel(self) -> list[Server]:
        """The servers that stand at the panel."""
        return list(self.world.virtfusion.tables.servers.values())

    def fault(
        self, kind: str, operation: str, *, times: int | None = 1, seconds: float = 1
    ) -> None:
        self.world.virtfusion.faults.set(
            Fault(kind=kind, operation=operation, remaining=times, seconds=seconds)  # type: ignore[arg-type]
        )


async def ok(call: Any) -> dict[str, Any]:
    answer = await call
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def open_shop(world: World) -> Shop:
    """A shop and its customer: made through the doors once, then put back as it was."""
    untouched = world.clock.at == START and await world.rows("select from users limit 1") == []
    found = kept(world, "shop") if untouched else None
    if found is not None:
        people, facts = found.put_back(world)
        shop = Shop(world, *people)
        shop.plans, shop.places, shop.images = facts
    else:
        shop = Shop(world, await world.staff(), await world.customer())
        await shop.open()
        if untouched:
            facts = shop.plans, shop.places, shop.images
            keep(world, "shop", (shop.staff, shop.person), facts)
    shop.is_kept = untouched
    return shop
