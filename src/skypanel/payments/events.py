"""What the payments tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class PaymentStarted(Event):
    """A customer wants to pay by PayPal: an order is to be opened there."""

    payment_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentInquired(Event):
    """Somebody wants to know now how the payment stands at PayPal."""

    payment_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentChanged(Event):
    """The payment stands differently, or was looked at and stands as before."""

    payment_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentSettled(Event):
    """The money is in the ledger."""

    payment_id: UUID
    invoice_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class WebhookStored(Event):
    """PayPal told us something; it is on file and to be read."""

    webhook_id: UUID
