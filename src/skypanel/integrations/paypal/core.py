"""What every call to PayPal shares: one token, one SDK, three outcomes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from skypanel.integrations.paypal import webhooks
from skypanel.integrations.paypal.answers import json_object, lost, refusal
from skypanel.integrations.paypal.sdk import Call, Sdk
from skypanel.integrations.paypal.token import Tokens
from skypanel.integrations.paypal.types import VENDOR
from skypanel.platform.clock import Clock
from skypanel.platform.outside import OutsideError, Refused

REAL_CLOCK = Clock()
MAX_LENGTH = 127
REPRESENTATION = "return=representation"

Read = TypeVar("Read")


class Core:
    """The way to one merchant's PayPal."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        http: httpx.AsyncClient,
        webhook_id: str = "",
        ipn_url: str = "",
        cert_hosts: Sequence[str] = webhooks.CERT_HOSTS,
        ca_pem: str | None = None,
        timeout_seconds: float = 20.0,
        now: Callable[[], datetime] = REAL_CLOCK.now,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = http
        self._webhook_id = webhook_id
        self._ipn_url = ipn_url
        self._timeout_seconds = timeout_seconds
        self._now = now
        self._tokens = Tokens(
            http, self._base_url, client_id, client_secret, timeout_seconds=timeout_seconds
        )
        self._sdk = Sdk(self._base_url, timeout_seconds=timeout_seconds)
        self._certificates = webhooks.Certificates(http, hosts=cert_hosts, ca_pem=ca_pem)

    def close(self) -> None:
        """Give back the SDK's connections; the httpx client belongs to the caller."""
        self._sdk.close()

    async def _ask(
        self, call: Call, read: Callable[[Mapping[str, Any]], Read], *, mutates: bool
    ) -> Read:
        async def once(token: str) -> str:
            return await asyncio.to_thread(self._sdk.run, token, call, mutates=mutates)

        text = await self._with_token(once)
        return self._read(read, json_object(text), mutates=mutates)

    async def _raw(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        request_id: str | None = None,
        mutates: bool,
    ) -> dict[str, Any]:
        more = {"PayPal-Request-Id": request_id} if request_id else {}

        async def once(token: str) -> str:
            return await self._send(method, path, token, body, more, mutates=mutates)

        text = await self._with_token(once)
        found = json_object(text)
        if not found and text.strip():
            raise lost("an unreadable answer", mutates=mutates, code="answer_unreadable")
        return found

    async def _with_token(self, once: Callable[[str], Any]) -> str:
        """Do it, and once more with a fresh token when this one is no longer taken."""
        token = await self._tokens.get()
        try:
            return str(await once(token))
        except OutsideError as error:
            if error.status != HTTPStatus.UNAUTHORIZED:
                raise
            self._tokens.drop(token)
        return str(await once(await self._tokens.get()))

    async def _send(
        self,
        method: str,
        path: str,
        token: str,
        body: bytes | None,
        more: Mapping[str, str],
        *,
        mutates: bool,
    ) -> str:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Prefer": REPRESENTATION,
            **more,
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = await self._http.request(
                method,
                self._base_url + path,
                content=body,
                headers=headers,
                timeout=self._timeout_seconds,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            message = f"{type(error).__name__}: {error}"
            raise lost(message, mutates=False, code="unreachable") from error
        except httpx.HTTPError as error:
            message = f"{type(error).__name__}: {error}"
            raise lost(message, mutates=mutates, code="answer_lost") from error
        if not answer.is_success:
            raise refusal(answer.status_code, answer.text, answer.headers, mutates=mutates)
        return answer.text

    @staticmethod
    def _read(
        read: Callable[[Mapping[str, Any]], Read], found: Mapping[str, Any], *, mutates: bool
    ) -> Read:
        try:
            return read(found)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            message = f"an unreadable answer: {type(error).__name__} {error}"
            raise lost(message, mutates=mutates, code="answer_unreadable") from error


def short(field: str, text: str) -> str:
    if not 0 < len(text) <= MAX_LENGTH:
        message = f"{field} has {len(text)} characters, PayPal takes 1 to {MAX_LENGTH}"
        raise Refused(VENDOR, message, code="INVALID_STRING_LENGTH")
    return text
