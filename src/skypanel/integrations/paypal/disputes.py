"""Disputes, read as PayPal tells them."""

from __future__ import annotations

from skypanel.integrations.paypal.core import Core
from skypanel.integrations.paypal.types import PayPalDispute, read_dispute


class Disputes(Core):
    """The calls about contested payments."""

    async def get_dispute(self, ref: str) -> PayPalDispute:
        """How a dispute stands now."""
        found = await self._raw("GET", f"/v1/customer/disputes/{ref}", mutates=False)
        return self._read(read_dispute, found, mutates=False)
