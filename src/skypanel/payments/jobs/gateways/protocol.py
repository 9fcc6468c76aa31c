"""What a gateway of the outside must be able to do; each of its adapters is a file beside this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from skypanel.payments.actions import ChargeIntent, OrderIntent, RefundIntent
from skypanel.payments.rules import Given, Reading


@dataclass(frozen=True, slots=True)
class Opened:
    """An order that waits for its payer at `approve_url`."""

    ref: str
    approve_url: str | None


class OutsideGateway(Protocol):
    """A vendor that takes money for us.

    Everything raises Refused, Unavailable or Unknown. Request ids come from our rows, so that
    whatever is asked twice is done once.
    """

    async def open(self, intent: OrderIntent, *, return_url: str, cancel_url: str) -> Opened:
        """Open an order for the payer to approve."""
        ...

    async def look(self, ref: str) -> Reading:
        """How an order stands now, with what was taken and given back of it."""
        ...

    async def capture(self, ref: str, request_id: str) -> Reading:
        """Take the money of an approved order."""
        ...

    async def charge(self, intent: ChargeIntent) -> Reading:
        """Charge a saved method of a payer who is not there."""
        ...

    async def refund(self, intent: RefundIntent) -> Given:
        """Give money back to where it came from."""
        ...

    async def forget(self, method_ref: str) -> None:
        """Drop a saved method; no error when it is gone already."""
        ...
