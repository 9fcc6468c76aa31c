"""People who use the portal through its own doors while the sandbox's past is lived through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Self

import httpx

from skypanel.app.boot import Boot
from skypanel.app.company import PASSWORD, Customer, Wish
from skypanel.app.sandbox import MAILBOX, PAYPAL, port_of
from skypanel.app.web import site
from skypanel.platform.clock import FrozenClock
from skypanel.platform.house import House

TRIES_MAX = 40
API = "/api/v1"


class Refusing(Exception):
    """A door said no to somebody who was meant to come in."""


class Street:
    """Where people come from: the site in this process, the vendors on their ports."""

    def __init__(self, house: House, settings: Boot) -> None:
        self.house = house
        self._app = site(house)
        self._origin = house.public_url
        self.paypal = f"http://127.0.0.1:{port_of(settings, PAYPAL)}"
        self.mailbox = f"http://127.0.0.1:{port_of(settings, MAILBOX)}"
        self.vendors = httpx.AsyncClient(trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.vendors.aclose()

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        """Somebody with a browser."""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app, raise_app_exceptions=False),
            base_url=self._origin,
            headers={"origin": self._origin, "sec-fetch-site": "same-origin"},
        ) as http:
            yield Visitor(self, http)

    async def settle(self) -> None:
        """Let everything happen that is due."""
        await self.house.queue.drain(hurry=True)


class Visitor:
    """One person."""

    def __init__(self, street: Street, http: httpx.AsyncClient) -> None:
        self.street = street
        self._http = http
        self._account_id = ""

    @property
    def cookies(self) -> httpx.Cookies:
        """What this browser carries."""
        return self._http.cookies

    async def ask(self, path: str, **query: str) -> Any:
        """Read something."""
        return self._read(await self._http.get(API + path, params=query))

    async def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Change something."""
        return self._read(await self._http.request(method, API + path, json=body))

    def _read(self, answer: httpx.Response) -> Any:
        if answer.is_error:
            raise Refusing(f"{answer.request.method} {answer.request.url.path}: {answer.text}")
        return answer.json() if answer.content else None

    async def log_in(self, email: str, password: str) -> None:
        me = await self.send("POST", "/sessions", {"email": email, "password": password})
        self._account_id = me["accounts"][0]["id"] if me["accounts"] else ""

    async def sign_up(self, who: Customer) -> None:
        """Register, follow the mailed link, log in, say where one lives."""
        await self.send(
            "POST",
            "/registrations",
            {
                "name": who.name,
                "email": who.email,
                "password": PASSWORD,
                "country": who.profile["country"],
                "currency": "USD" if who.profile["country"] == "US" else "EUR",
            },
        )
        await self.street.settle()
        await self.send("POST", "/registrations/confirm", {"token": await self._token(who.email)})
        await self.log_in(who.email, PASSWORD)
        await self.send("PATCH", f"/accounts/{self._account_id}", dict(who.profile))

    async def _token(self, email: str) -> str:
        """The token in the newest mail's link."""
        url = f"{self.street.mailbox}/_sandbox/messages"
        found = (await self.street.vendors.get(url, params={"to": email})).json()
        items = found["items"] if isinstance(found, dict) else found
        for message in items:
            for link in message["links"]:
                if "token=" in link:
                    return str(link.split("token=")[1].split("&")[0])
        raise Refusing(f"no link was mailed to {email}")

    async def order(self, wish: Wish) -> Any:
        """Order a server on the order page."""
        plans = (await self.ask("/plans"))["items"]
        places = (await self.ask("/locations"))["items"]
        images = (await self.ask("/images"))["items"]
        body = {
            "account_id": self._account_id,
            "plan_id": _named(plans, "slug", wish.plan),
            "location_id": _named(places, "slug", wish.place),
            "image_id": _named(images, "family", wish.image),
            "cycle": wish.cycle,
            "hostname": wish.hostname,
            "password_login": True,
        }
        return await self.send("POST", "/orders", body)

    async def pay(self, invoice_id: str) -> None:
        """Pay at PayPal and come back."""
        wish = {"invoice_id": invoice_id, "gateway": "paypal"}
        payment = await self.send("POST", "/payments", wish)
        await self.street.settle()
        payment = await self.ask(f"/payments/{payment['id']}")
        approve = f"{self.street.paypal}/_sandbox/orders/{payment['gateway_ref']}/approve"
        (await self.street.vendors.post(approve, json={})).raise_for_status()
        await self.street.settle()
        for _ in range(TRIES_MAX):
            payment = await self.ask(f"/payments/{payment['id']}")
            if payment["state"] == "settled":
                return
            self._turn(timedelta(seconds=61))
            await self.street.house.queue.tick(self.street.house.queue.jobs[FOLLOW])
            await self.street.settle()
        raise Refusing(f"the payment is still {payment['state']}")

    async def wait_for(self, order_id: str, state: str) -> None:
        """Until an order stands as its story wants."""
        for _ in range(TRIES_MAX):
            found = (await self.ask(f"/orders/{order_id}"))["state"]
            if found == state:
                return
            self._turn(timedelta(seconds=3))
            await self.street.settle()
        raise Refusing(f"the order is {found}, not {state}")

    def _turn(self, span: timedelta) -> None:
        clock = self.street.house.clock
        assert isinstance(clock, FrozenClock)
        clock.turn(span)


def _named(items: list[dict[str, Any]], key: str, wanted: str) -> str:
    for one in items:
        if one[key] == wanted:
            return str(one["id"])
    raise Refusing(f"no {wanted} among {[one[key] for one in items]}")


FOLLOW = "payments.follow_due_payments"
