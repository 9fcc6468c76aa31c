"""The access token: fetched once for everybody, kept until it nears its end, dropped on a 401."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

import httpx

from skypanel.integrations.paypal.answers import json_object, retry_after
from skypanel.integrations.paypal.types import VENDOR
from skypanel.platform.outside import Refused, Unavailable

MARGIN_SECONDS = 60.0


class Tokens:
    """Bearer tokens for one pair of credentials.

    Refused means the credentials are wrong; Unavailable that PayPal could not be asked. Fetching
    a token changes nothing, so an answer that is lost is merely Unavailable.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        timeout_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._url = f"{base_url}/v1/oauth2/token"
        self._credentials = (client_id, client_secret)
        self._timeout_seconds = timeout_seconds
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._token = ""
        self._good_until = 0.0

    async def get(self) -> str:
        """The token in use, fetched by the first who asks while the others wait."""
        async with self._lock:
            if not self._token or self._monotonic() >= self._good_until:
                self._token, lives_seconds = await self._fetch()
                self._good_until = self._monotonic() + lives_seconds - MARGIN_SECONDS
            return self._token

    def drop(self, token: str) -> None:
        """Forget a token that PayPal no longer takes, unless it was replaced meanwhile."""
        if token == self._token:
            self._token = ""

    async def _fetch(self) -> tuple[str, float]:
        try:
            answer = await self._http.post(
                self._url,
                data={"grant_type": "client_credentials"},
                auth=self._credentials,
                headers={"Accept": "application/json"},
                timeout=self._timeout_seconds,
            )
        except httpx.HTTPError as error:
            message = f"no token: {type(error).__name__} {error}"
            raise Unavailable(VENDOR, message, code="token") from error
        found = json_object(answer.text)
        status = answer.status_code
        if status == HTTPStatus.OK and isinstance(found.get("access_token"), str):
            try:
                return found["access_token"], float(found.get("expires_in", 0))
            except (TypeError, ValueError):
                return found["access_token"], 0.0
        code = str(found.get("error") or "")
        message = str(found.get("error_description") or f"token endpoint answered {status}")
        if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED} and code:
            raise Refused(VENDOR, message, code=code, status=status)
        raise Unavailable(
            VENDOR,
            message,
            code=code or "token",
            status=status,
            retry_after_seconds=retry_after(answer.headers),
        )
