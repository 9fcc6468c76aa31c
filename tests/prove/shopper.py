"""A customer who orders and pays, and does not give up when the site is gone for a moment."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self
from uuid import UUID, uuid4

import httpx

from tests.orders.shop import KEY
from tests.prove.stage import Stage

PAUSE_SECONDS = 0.25
PATIENCE_SECONDS = 240.0  # without a death: while processes die nobody is kept waiting by us
UNDER_WAY = "idempotency_key_in_use"


@dataclass(frozen=True)
class Bought:
    """What a customer holds in the hand at the end."""

    order_id: UUID
    invoice_id: UUID
    payment_id: UUID
    server_id: UUID


class Shopper:
    """One browser on the public port."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._last = "nothing was asked"
        self._since = time.monotonic()
        self._hostname = ""
        self._http = httpx.AsyncClient(
            base_url=f"{stage.url}/api/v1",
            cookies=stage.cookies,
            headers={"origin": stage.url, "sec-fetch-site": "same-origin"},
            trust_env=False,
            timeout=20,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def buy(self, account_id: UUID, hostname: str, *, comes_back: bool) -> Bought:
        """Order, pay at PayPal, come back to the site or not, and wait for the server."""
        self._since = time.monotonic()
        self._hostname = hostname
        return await self._buy(account_id, hostname, comes_back=comes_back)

    async def _buy(self, account_id: UUID, hostname: str, *, comes_back: bool) -> Bought:
        order = await self._send(
            "/orders",
            {
                **self._stage.offers,
                "account_id": str(account_id),
                "cycle": "monthly",
                "hostname": hostname,
                "password_login": True,
                "new_ssh_key": {"name": "laptop", "public_key": KEY},
            },
        )
        wish = {"invoice_id": order["invoice_id"], "gateway": "paypal"}
        payment = await self._send("/payments", wish)
        payment = await self._until(f"/payments/{payment['id']}", {"awaiting_approval"})
        await self._approve(payment["gateway_ref"])
        if comes_back:
            await self._send(f"/payments/{payment['id']}/verify", None)
        order = await self._until(f"/orders/{order['id']}", {"active"})
        return Bought(
            UUID(order["id"]),
            UUID(order["invoice_id"]),
            UUID(payment["id"]),
            UUID(order["server_id"]),
        )

    async def _approve(self, ref: str) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
            url = f"{self._stage.paypal}/_sandbox/orders/{ref}/approve"
            (await http.post(url, json={})).raise_for_status()

    async def _send(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """Send once under one key, however often the connection breaks."""
        key = str(uuid4())
        while True:
            found = await self._try("POST", path, json=body, headers={"Idempotency-Key": key})
            if found is not None:
                return found

    async def _until(self, path: str, states: set[str]) -> dict[str, Any]:
        while True:
            found = await self._try("GET", path)
            if found is not None and found["state"] in states:
                return found

    async def _try(self, method: str, path: str, **asked: Any) -> dict[str, Any] | None:
        """What the site says; nothing while it can't be asked."""
        await asyncio.sleep(PAUSE_SECONDS)
        waited = time.monotonic() - max(self._since, self._stage.died_at)
        assert waited < PATIENCE_SECONDS, f"{self._hostname} was never served; last: {self._last}"
        try:
            answer = await self._http.request(method, path, **asked)
        except httpx.TransportError as error:
            self._last = f"{method} {path}: {error!r}"
            return None
        self._last = f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        if answer.is_server_error or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return None
        if answer.status_code == HTTPStatus.CONFLICT and answer.json()["code"] == UNDER_WAY:
            return None  # the try that was cut off still holds the key
        assert answer.is_success, self._last
        found: dict[str, Any] = answer.json()
        return found
