"""The gateways of the outside. One more is a file here, a line below and its integration."""

from skypanel.integrations.registry import Vendors
from skypanel.payments.jobs.gateways.paypal import PayPalGateway
from skypanel.payments.jobs.gateways.protocol import Opened, OutsideGateway
from skypanel.platform.house import House

# Answers that speak about our credentials, never about a payment.
NOT_US = frozenset({401, 403})


async def outside(house: House, gateway: str) -> OutsideGateway:
    """The adapter of a gateway; Unavailable when it is not set up."""
    if gateway == "paypal":
        return PayPalGateway(await Vendors.of(house).paypal())
    raise LookupError(f"{gateway} has no adapter")


__all__ = ["NOT_US", "Opened", "OutsideGateway", "outside"]
