"""The PayPal client: checkout orders, captures, refunds and webhooks in our own types.

Every method answers with our types or raises Refused, Unavailable or Unknown. A changing call
takes a `request_id` that the caller derives from its own row and repeats when it asks again, so
PayPal does the thing once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from skypanel.integrations.paypal import webhooks
from skypanel.integrations.paypal.answers import json_object, lost, refusal
from skypanel.integrations.paypal.sdk import Call, Sdk
from skypanel.integrations.paypal.token import Tokens
from skypanel.integrations.paypal.types import (
    VENDOR,
    Capture,
    Event,
    Order,
    Refund,
    Webhook,
    read_capture,
    read_order,
    read_refund,
    read_webhook,
    wire_amount,
)
from skypanel.platform.clock import Clock
from skypanel.platform.money import Money
from skypanel.platform.outside import OutsideError, Refused

REAL_CLOCK = Clock()
MAX_LENGTH = 127
REPRESENTATION = "return=representation"
EVENT_TYPES = (
    "CHECKOUT.ORDER.APPROVED",
    "PAYMENT.CAPTURE.COMPLETED",
    "PAYMENT.CAPTURE.PENDING",
    "PAYMENT.CAPTURE.DENIED",
    "PAYMENT.CAPTURE.REFUNDED",
    "PAYMENT.CAPTURE.REVERSED",
)

Read = TypeVar("Read")


class PayPal:
    """One merchant's PayPal, at `base_url` (live, PayPal's sandbox or a simulator)."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        http: httpx.AsyncClient,
        webhook_id: str = "",
        cert_hosts: Sequence[str] = webhooks.CERT_HOSTS,
        ca_pem: str | None = None,
        timeout_seconds: float = 20.0,
        now: Callable[[], datetime] = REAL_CLOCK.now,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = http
        self._webhook_id = webhook_id
        self._timeout_seconds = timeout_seconds
        self._now = now
        self._tokens = Tokens(
            http, self._base_url, client_id, client_secret, timeout_seconds=timeout_seconds
        )
        self._sdk = Sdk(self._base_url, timeout_seconds=timeout_seconds)
        self._certificates = webhooks.Certificates(http, hosts=cert_hosts, ca_pem=ca_pem)

    async def check(self) -> None:
        """Prove that PayPal is there and takes the credentials, without changing anything."""
        self._tokens.drop(await self._tokens.get())
        await self._tokens.get()

    async def create_order(
        self,
        request_id: str,
        *,
        amount: Money,
        invoice_ref: str,
        custom_id: str,
        description: str,
        return_url: str,
        cancel_url: str,
    ) -> Order:
        """Open an order for a payer to approve at its `approve_url`.

        Refused `DUPLICATE_INVOICE_ID` when the invoice reference was paid before, so it carries
        the attempt's number.
        """
        unit = {
            "amount": wire_amount(amount),
            "invoice_id": _short("invoice_id", invoice_ref),
            "custom_id": _short("custom_id", custom_id),
            "description": _short("description", description),
        }
        experience = {
            "return_url": return_url,
            "cancel_url": cancel_url,
            "user_action": "PAY_NOW",
            "shipping_preference": "NO_SHIPPING",
        }
        body = {
            "intent": "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"experience_context": experience}},
        }
        asked = {"body": body, "paypal_request_id": request_id, "prefer": REPRESENTATION}
        return await self._ask(lambda sdk: sdk.orders.create_order(asked), read_order, mutates=True)

    async def get_order(self, order_ref: str) -> Order:
        """How an order stands now, with what was captured of it."""
        asked = {"id": order_ref}
        return await self._ask(lambda sdk: sdk.orders.get_order(asked), read_order, mutates=False)

    async def capture_order(self, order_ref: str, request_id: str) -> Order:
        """Take the money of an approved order; only a COMPLETED capture is money.

        Refused with PayPal's issue: `ORDER_ALREADY_CAPTURED` (fetch the order),
        `ORDER_NOT_APPROVED`, `PAYER_ACTION_REQUIRED` or `INSTRUMENT_DECLINED` (send the payer to
        approve the same order again).
        """
        asked = {"id": order_ref, "paypal_request_id": request_id, "prefer": REPRESENTATION}
        return await self._ask(
            lambda sdk: sdk.orders.capture_order(asked), read_order, mutates=True
        )

    async def get_capture(self, capture_ref: str) -> Capture:
        """How a captured payment stands now."""
        asked = {"capture_id": capture_ref}
        return await self._ask(
            lambda sdk: sdk.payments.get_captured_payment(asked), read_capture, mutates=False
        )

    async def refund_capture(
        self, capture_ref: str, request_id: str, amount: Money | None = None
    ) -> Refund:
        """Give back `amount` of a capture, all that is left of it when None."""
        asked = {
            "capture_id": capture_ref,
            "paypal_request_id": request_id,
            "prefer": REPRESENTATION,
            "body": {} if amount is None else {"amount": wire_amount(amount)},
        }
        return await self._ask(
            lambda sdk: sdk.payments.refund_captured_payment(asked), read_refund, mutates=True
        )

    async def verify_webhook(self, headers: Mapping[str, str], raw: bytes) -> Event:
        """The event in a webhook that PayPal surely signed; raises `webhooks.Rejected`."""
        return await webhooks.verify(
            headers,
            raw,
            webhook_id=self._webhook_id,
            certificates=self._certificates,
            now=self._now(),
        )

    async def verify_by_postback(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Ask PayPal whether it sent this webhook.

        The event is spliced in as the very text that came: written anew it would differ in
        floats, spaces or escapes, and fail.
        """
        named = {name.lower(): value for name, value in headers.items()}
        parts = {field: named.get(header, "") for field, header in webhooks.POSTBACK.items()}
        json_object_text = raw.decode("utf-8", "replace")
        if not self._webhook_id or not all(parts.values()) or not json_object(json_object_text):
            return False
        head = json.dumps(parts | {"webhook_id": self._webhook_id})[:-1].encode()
        body = head + b', "webhook_event": ' + raw + b"}"
        path = "/v1/notifications/verify-webhook-signature"
        found = await self._raw("POST", path, body=body, mutates=False)
        return found.get("verification_status") == "SUCCESS"

    async def list_webhooks(self) -> tuple[Webhook, ...]:
        """The URLs that PayPal calls for this app."""
        found = await self._raw("GET", "/v1/notifications/webhooks", mutates=False)
        return tuple(
            self._read(read_webhook, each, mutates=False) for each in found.get("webhooks") or ()
        )

    async def create_webhook(self, url: str, event_types: Sequence[str] = EVENT_TYPES) -> Webhook:
        """Have PayPal call `url`; Refused `WEBHOOK_URL_ALREADY_EXISTS` when it already does."""
        asked = {"url": url, "event_types": [{"name": name} for name in event_types]}
        found = await self._raw(
            "POST", "/v1/notifications/webhooks", body=json.dumps(asked).encode(), mutates=True
        )
        return self._read(read_webhook, found, mutates=True)

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
        self, method: str, path: str, *, body: bytes | None = None, mutates: bool
    ) -> dict[str, Any]:
        async def once(token: str) -> str:
            return await self._send(method, path, token, body, mutates=mutates)

        found = json_object(await self._with_token(once))
        if not found:
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
        self, method: str, path: str, token: str, body: bytes | None, *, mutates: bool
    ) -> str:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
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


def _short(field: str, text: str) -> str:
    if not 0 < len(text) <= MAX_LENGTH:
        message = f"{field} has {len(text)} characters, PayPal takes 1 to {MAX_LENGTH}"
        raise Refused(VENDOR, message, code="INVALID_STRING_LENGTH")
    return text
