"""The world a test lives in: the whole program in process, real PostgreSQL, simulated vendors."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.cookiejar import Cookie
from typing import Any, Self
from uuid import UUID

import httpx
import uvicorn
from pydantic import SecretStr
from tools.ports import free_port

from skypanel.app.boot import Boot
from skypanel.app.composition import build_house
from skypanel.app.web import site
from skypanel.identity.actions import create_staff
from skypanel.identity.rules import hash_password
from skypanel.integrations.paypal.simulator.app import create_app as paypal_app
from skypanel.integrations.paypal.simulator.state import State as PayPalState
from skypanel.integrations.settings import (
    PayPalSettings,
    SmtpSettings,
    ViesSettings,
    VirtFusionSettings,
)
from skypanel.integrations.vies.simulator.app import ViesState
from skypanel.integrations.vies.simulator.app import create_app as vies_app
from skypanel.integrations.virtfusion.simulator.app import create_app as panel_app
from skypanel.integrations.virtfusion.simulator.state import PanelState, Timing
from skypanel.platform.clock import FrozenClock
from skypanel.platform.house import House

ORIGIN = "http://localhost:8000"
KEYS = "test:" + "A" * 43
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PANEL = "http://panel.test"
VIES = "http://vies.test"
PASSWORD = "correct horse battery"
TOKEN = "panel-token"


class PayPalDesk:
    """The simulated PayPal, served on a loopback port for one test worker."""

    def __init__(self) -> None:
        self.clock = FrozenClock(START)
        self.state = PayPalState(client_id="client", client_secret="secret")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.app = paypal_app(self.state, clock=self.clock)
        config = uvicorn.Config(
            self.app, host="127.0.0.1", port=self.port, log_level="error", lifespan="on"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline:
                raise RuntimeError("the simulated PayPal did not start")
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@dataclass
class Person:
    """Somebody logged in, with a browser of their own."""

    http: httpx.AsyncClient
    email: str
    user_id: UUID
    account_id: UUID | None


class World:
    """One company in a test."""

    def __init__(
        self,
        house: House,
        clock: FrozenClock,
        panel: PanelState,
        desk: PayPalDesk,
        vies: ViesState,
    ) -> None:
        self.house = house
        self.clock = clock
        self.virtfusion = panel
        self.paypal = desk.state
        self.desk = desk
        self.vies = vies
        self.app = site(house)
        self._browsers: list[httpx.AsyncClient] = []
        self.http = self.browser()

    def browser(self) -> httpx.AsyncClient:
        """A fresh visitor's browser."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url=ORIGIN,
            headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"},
        )
        self._browsers.append(client)
        return client

    @property
    def dsn(self) -> str:
        """Where its database is."""
        return self.house.dsn

    def returning(self, person: Person, cookies: Iterable[Cookie]) -> Person:
        """Somebody who logged in before, in a browser that still knows."""
        browser = self.browser()
        for each in cookies:
            browser.cookies.jar.set_cookie(copy(each))
        return replace(person, http=browser)

    async def close(self) -> None:
        for browser in self._browsers:
            await browser.aclose()

    async def drain(self, *, hurry: bool = False) -> None:
        """Run every job that is due; with `hurry` also those that wait for their next try.

        Mails wait on while there is no mail server to send them.
        """
        smtp = await self.house.settings.get(SmtpSettings)
        await self.house.queue.drain(hurry=hurry, patient=() if smtp.ready else ("mail",))

    async def pass_time(self, **span: float) -> None:
        """Turn the company's clock forward."""
        self.clock.turn(timedelta(**span))
        self.desk.clock.at = self.clock.at

    async def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Look into the database."""
        async with self.house.pool.connection() as connection:
            cursor = await connection.execute(sql.encode(), parameters or None)
            return await cursor.fetchall() if cursor.description else []

    async def customer(self, email: str = "ada@example.com", name: str = "Ada Byron") -> Person:
        """A customer who signed up, confirmed the address and logged in, through the real doors."""
        browser = self.browser()
        made = await browser.post(
            "/api/v1/registrations",
            json={"name": name, "email": email, "password": PASSWORD, "country": "DE"},
        )
        assert made.status_code == 202, made.text
        await self.confirm(browser, email)
        return await self.log_in(browser, email)

    async def confirm(self, browser: httpx.AsyncClient, email: str) -> None:
        """Follow the link of the verification mail."""
        from skypanel.identity.rules import confirmation_token

        [(confirmation_id, purpose, version)] = await self.rows(
            "select c.id, c.purpose, c.version from confirmations c join users u on u.id = c.user_id"
            " where u.email = %s and c.purpose = 'verify' order by c.id desc limit 1",
            email,
        )
        token = confirmation_token(self.house.sealer, confirmation_id, purpose, version)
        answer = await browser.post("/api/v1/registrations/confirm", json={"token": token})
        assert answer.status_code == 200, answer.text

    async def log_in(self, browser: httpx.AsyncClient, email: str) -> Person:
        answer = await browser.post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        me = answer.json()
        accounts = me["accounts"]
        return Person(browser, email, UUID(me["id"]), UUID(accounts[0]["id"]) if accounts else None)

    async def staff(self, email: str = "owner@host.example", role: str = "owner") -> Person:
        """A staff member, logged in."""
        secret = await hash_password(PASSWORD)
        async with self.house.transaction() as db:
            await create_staff(db, name="Olga Owner", email=email, password_hash=secret, role=role)
        return await self.log_in(self.browser(), email)


@asynccontextmanager
async def open_world(dsn: str, desk: PayPalDesk, *, gated: bool = False) -> AsyncIterator[World]:
    """Open a world on an empty, migrated database.

    The clients' pace is real time and would hold up a world whose clock is turned: off by default.
    """
    clock = FrozenClock(START)
    desk.state.clear()
    desk.clock.at = START
    panel = PanelState(token=TOKEN, timing=Timing(build_seconds=0, power_seconds=0))
    vies = ViesState()
    boot = Boot(
        DATABASE_URL=SecretStr(dsn),
        PUBLIC_URL=ORIGIN,
        SKYPANEL_SECRET_KEYS=SecretStr(KEYS),
    )
    house = build_house(
        boot,
        "skypanel test",
        clock=clock,
        mounts={
            PANEL: httpx.ASGITransport(panel_app(panel, clock=clock.now)),
            VIES: httpx.ASGITransport(vies_app(vies, clock=clock.now)),
        },
        gated=gated,
    )
    await house.open()
    async with house.transaction() as db:
        await house.settings.put(db, VirtFusionSettings(base_url=PANEL, token=SecretStr(TOKEN)))
        await house.settings.put(db, ViesSettings(base_url=VIES, own_number="DE136695976"))
        await house.settings.put(
            db,
            PayPalSettings(
                base_url=desk.url,
                client_id="client",
                client_secret=SecretStr("secret"),
                webhook_id="WH-TEST",
                environment="sandbox",
                cert_hosts=(desk.url,),
                ca_pem=desk.state.ca_pem,
            ),
        )
    house.cache.clear()
    world = World(house, clock, panel, desk, vies)
    try:
        yield world
    finally:
        await world.close()
        await house.close()
