"""Subscriptions v1: a product, a plan, and a payer who agreed to be charged by PayPal."""

from __future__ import annotations

import json
from typing import Any

from skypanel.integrations.paypal.core import Core, short
from skypanel.integrations.paypal.types import (
    Subscription,
    read_subscription,
    wire_amount,
)
from skypanel.platform.money import Money


class Subscriptions(Core):
    """The calls about subscriptions."""

    async def create_product(self, request_id: str, name: str) -> str:
        """What the plans of one offer belong to; its reference."""
        asked = {"name": name[:127], "type": "SERVICE", "category": "SOFTWARE"}
        found = await self._change("/v1/catalogs/products", asked, request_id)
        return str(self._read(lambda each: each["id"], found, mutates=True))

    async def create_plan(
        self, request_id: str, *, product_ref: str, name: str, price: Money, months: int
    ) -> str:
        """A price every so many months, without end; its reference."""
        cycle = {
            "frequency": {"interval_unit": "MONTH", "interval_count": months},
            "tenure_type": "REGULAR",
            "sequence": 1,
            "total_cycles": 0,
            "pricing_scheme": {"fixed_price": wire_amount(price)},
        }
        asked = {
            "product_id": product_ref,
            "name": name[:127],
            "status": "ACTIVE",
            "billing_cycles": [cycle],
            "payment_preferences": {
                "auto_bill_outstanding": True,
                "payment_failure_threshold": 2,
            },
        }
        found = await self._change("/v1/billing/plans", asked, request_id)
        return str(self._read(lambda each: each["id"], found, mutates=True))

    async def create_subscription(
        self, request_id: str, *, plan_ref: str, custom_id: str, return_url: str, cancel_url: str
    ) -> Subscription:
        """Ask a payer to agree, at its `approve_url`."""
        asked = {
            "plan_id": plan_ref,
            "custom_id": short("custom_id", custom_id),
            "application_context": {
                "return_url": return_url,
                "cancel_url": cancel_url,
                "user_action": "SUBSCRIBE_NOW",
                "shipping_preference": "NO_SHIPPING",
            },
        }
        found = await self._change("/v1/billing/subscriptions", asked, request_id)
        return self._read(read_subscription, found, mutates=True)

    async def get_subscription(self, ref: str) -> Subscription:
        """How a subscription stands now."""
        found = await self._raw("GET", f"/v1/billing/subscriptions/{ref}", mutates=False)
        return self._read(read_subscription, found, mutates=False)

    async def revise_subscription(self, ref: str, plan_ref: str) -> str | None:
        """Move it to another plan; where the payer must agree to a higher price, if anywhere."""
        path = f"/v1/billing/subscriptions/{ref}/revise"
        found = await self._change(path, {"plan_id": plan_ref}, None)
        links = {each.get("rel"): each.get("href") for each in found.get("links") or ()}
        return links.get("approve")

    async def suspend_subscription(self, ref: str, reason: str) -> None:
        """Charge nothing until it is activated again."""
        await self._say(ref, "suspend", reason)

    async def activate_subscription(self, ref: str, reason: str) -> None:
        """Charge again after a suspension."""
        await self._say(ref, "activate", reason)

    async def cancel_subscription(self, ref: str, reason: str) -> None:
        """End it for good."""
        await self._say(ref, "cancel", reason)

    async def _say(self, ref: str, verb: str, reason: str) -> None:
        asked = {"reason": reason[:128]}
        await self._change(f"/v1/billing/subscriptions/{ref}/{verb}", asked, None)

    async def _change(
        self, path: str, asked: dict[str, Any], request_id: str | None
    ) -> dict[str, Any]:
        body = json.dumps(asked).encode()
        return await self._raw("POST", path, body=body, request_id=request_id, mutates=True)
