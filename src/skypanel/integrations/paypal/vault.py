"""Saved payment methods: kept with the payer's consent, charged while the payer is away."""

from __future__ import annotations

import json
from typing import Any

from skypanel.integrations.paypal.core import Core, short
from skypanel.integrations.paypal.types import Order, read_order, wire_amount
from skypanel.platform.money import Money


def saving(*, wanted: bool) -> dict[str, Any]:
    """What asks PayPal to save the payer's account once this order is paid."""
    if not wanted:
        return {}
    vault = {
        "store_in_vault": "ON_SUCCESS",
        "usage_type": "MERCHANT",
        "usage_pattern": "RECURRING_PREPAID",
        "description": "Invoices and top-ups as they fall due",
    }
    return {"attributes": {"vault": vault}}


class Vault(Core):
    """The calls about saved methods."""

    async def charge_saved(
        self,
        request_id: str,
        *,
        vault_ref: str,
        amount: Money,
        invoice_ref: str,
        custom_id: str,
        description: str,
    ) -> Order:
        """Charge a saved method in one step; the payer is not there.

        Repeated with the same request id it answers as the first time and charges nothing more.
        """
        unit = {
            "amount": wire_amount(amount),
            "invoice_id": short("invoice_id", invoice_ref),
            "custom_id": short("custom_id", custom_id),
            "description": short("description", description),
        }
        credential = {
            "payment_initiator": "MERCHANT",
            "usage": "SUBSEQUENT",
            "usage_pattern": "RECURRING_PREPAID",
        }
        asked = {
            "intent": "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"vault_id": vault_ref, "stored_credential": credential}},
        }
        found = await self._raw(
            "POST",
            "/v2/checkout/orders",
            body=json.dumps(asked).encode(),
            request_id=request_id,
            mutates=True,
        )
        return self._read(read_order, found, mutates=True)

    async def delete_payment_token(self, vault_ref: str) -> None:
        """Have PayPal forget a saved method."""
        await self._raw("DELETE", f"/v3/vault/payment-tokens/{vault_ref}", mutates=True)
