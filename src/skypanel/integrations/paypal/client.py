"""The PayPal client: checkout orders, captures, refunds and webhooks in our own types.

Every method answers with our types or raises Refused, Unavailable or Unknown. A changing call
takes a `request_id` that the caller derives from its own row and repeats when it asks again, so
PayPal does the thing once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from skypanel.integrations.paypal import ipn, webhooks
from skypanel.integrations.paypal.answers import json_object
from skypanel.integrations.paypal.core import REPRESENTATION, Core, short
from skypanel.integrations.paypal.disputes import Disputes
from skypanel.integrations.paypal.reports import Reports
from skypanel.integrations.paypal.subscriptions import Subscriptions
from skypanel.integrations.paypal.types import (
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
from skypanel.integrations.paypal.vault import Vault, saving
from skypanel.platform.money import Money

EVENT_TYPES = (
    "CHECKOUT.ORDER.APPROVED",
    "PAYMENT.CAPTURE.COMPLETED",
    "PAYMENT.CAPTURE.PENDING",
    "PAYMENT.CAPTURE.DENIED",
    "PAYMENT.CAPTURE.REFUNDED",
    "PAYMENT.CAPTURE.REVERSED",
    "VAULT.PAYMENT-TOKEN.CREATED",
    "VAULT.PAYMENT-TOKEN.DELETED",
    "CUSTOMER.DISPUTE.CREATED",
    "CUSTOMER.DISPUTE.UPDATED",
    "CUSTOMER.DISPUTE.RESOLVED",
    "PAYMENT.SALE.COMPLETED",
    "PAYMENT.SALE.REFUNDED",
    "PAYMENT.SALE.REVERSED",
    "BILLING.SUBSCRIPTION.ACTIVATED",
    "BILLING.SUBSCRIPTION.UPDATED",
    "BILLING.SUBSCRIPTION.CANCELLED",
    "BILLING.SUBSCRIPTION.SUSPENDED",
    "BILLING.SUBSCRIPTION.EXPIRED",
    "BILLING.SUBSCRIPTION.PAYMENT.FAILED",
)


class PayPal(Vault, Disputes, Reports, Subscriptions, Core):
    """One merchant's PayPal, at `base_url` (live, PayPal's sandbox or a simulator)."""

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
        save: bool = False,
    ) -> Order:
        """Open an order for a payer to approve at its `approve_url`.

        With `save` PayPal also asks the payer to let us charge them later.

        Refused `DUPLICATE_INVOICE_ID` when the invoice reference was paid before, so it carries
        the attempt's number.
        """
        unit = {
            "amount": wire_amount(amount),
            "invoice_id": short("invoice_id", invoice_ref),
            "custom_id": short("custom_id", custom_id),
            "description": short("description", description),
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
            "payment_source": {"paypal": {"experience_context": experience} | saving(wanted=save)},
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
        self,
        capture_ref: str,
        request_id: str,
        amount: Money | None = None,
        *,
        custom_id: str | None = None,
        note: str | None = None,
    ) -> Refund:
        """Give back `amount` of a capture, all that is left of it when None."""
        body: dict[str, Any] = {} if amount is None else {"amount": wire_amount(amount)}
        if custom_id:
            body["custom_id"] = short("custom_id", custom_id)
        if note:
            body["note_to_payer"] = note[:255]
        asked = {
            "capture_id": capture_ref,
            "paypal_request_id": request_id,
            "prefer": REPRESENTATION,
            "body": body,
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

    async def verify_webhook_by_asking(self, headers: Mapping[str, str], raw: bytes) -> Event:
        """The event in a webhook that PayPal says it sent; raises `webhooks.Rejected`."""
        if not await self.verify_by_postback(headers, raw):
            raise webhooks.Rejected("PayPal says that it did not send this")
        return webhooks.read_event(raw)

    async def ipn_is_genuine(self, raw: bytes) -> bool:
        """Ask PayPal whether it sent this IPN, byte for byte."""
        return await ipn.is_genuine(self._http, self._ipn_url, raw)

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
