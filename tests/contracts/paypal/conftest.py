"""A simulated PayPal on a loopback port; all its traffic is held to PayPal's own OpenAPI."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from skypanel.integrations.paypal.client import PayPal
from skypanel.integrations.paypal.simulator import State, create_app
from skypanel.platform.clock import FrozenClock
from skypanel.platform.money import Money

from .contract import Contract, load_contract

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Stage:
    """What the one server of these tests serves at the moment."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass
class Shop:
    """The receiving end of webhooks: answers `status` and keeps what came."""

    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.got.append((headers, body))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@dataclass
class Sandbox:
    """One simulated PayPal, a shop that listens to it and a client of ours."""

    url: str
    state: State
    app: Starlette
    http: httpx.AsyncClient
    shop: Shop
    clock: FrozenClock
    contract: Contract | None

    def client(self, **other: Any) -> PayPal:
        known: dict[str, Any] = {
            "base_url": self.url,
            "client_id": self.state.client_id,
            "client_secret": self.state.client_secret,
            "http": self.http,
            "cert_hosts": [self.url],
            "ca_pem": self.state.ca_pem,
            "timeout_seconds": 5.0,
            "now": self.clock.now,
        }
        return PayPal(**known | other)

    async def control(self, path: str, **asked: Any) -> httpx.Response:
        answer = await self.http.post(f"{self.url}/_sandbox{path}", json=asked)
        assert answer.status_code == 200, answer.text
        return answer

    async def drain(self) -> None:
        await self.app.state.courier.drain()


@pytest.fixture(scope="session")
async def stage() -> AsyncIterator[tuple[str, Stage]]:
    """One server on a free port for all these tests."""
    stage = Stage()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(stage, lifespan="off", log_level="critical", access_log=False)
    server = Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", stage
    server.should_exit = True
    await task
    listening.close()


@pytest.fixture(scope="session")
def contract() -> Contract | None:
    return load_contract()


@pytest.fixture
async def sandbox(stage: tuple[str, Stage], contract: Contract | None) -> AsyncIterator[Sandbox]:
    """A fresh PayPal; on leaving, everything it said must have kept the contract."""
    url, served = stage
    clock, shop, state = FrozenClock(NOW), Shop(), State()
    shop_http = httpx.AsyncClient(transport=httpx.ASGITransport(shop))
    app = create_app(state, clock=clock, http=shop_http, retry_after_seconds=(0.0, 0.0))
    served.app = app if contract is None else contract.watching(app)
    async with httpx.AsyncClient(trust_env=False) as http, shop_http:
        yield Sandbox(url, state, app, http, shop, clock, contract)
        await app.state.courier.stop()
    served.app = None
    if contract is not None:
        assert contract.take_breaches() == []


@pytest.fixture
async def paypal(sandbox: Sandbox) -> AsyncIterator[PayPal]:
    client = sandbox.client()
    yield client
    client.close()


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


async def open_order(paypal: PayPal, amount: Money, ref: str = "1") -> Any:
    return await paypal.create_order(
        f"order:{ref}",
        amount=amount,
        invoice_ref=f"INV-{ref}-1",
        custom_id=f"payment-{ref}",
        description="VPS S, one month, Zürich",
        return_url="https://shop.test/return?pay=1",
        cancel_url="https://shop.test/cancel",
    )
