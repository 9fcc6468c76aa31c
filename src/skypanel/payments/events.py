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


@dataclass(frozen=True, slots=True)
class TransferAwaited(Event):
    """A customer wants to pay by bank transfer and is to be told how."""

    payment_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class CreditGranted(Event):
    """An account has promotional credit to spend."""

    credit_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class CreditExpired(Event):
    """What was left of a promotional credit is gone."""

    credit_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class RefundAsked(Event):
    """Money is to go back through the gateway."""

    refund_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class RefundFailed(Event):
    """The gateway did not give the money back: staff must look."""

    refund_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentRefunded(Event):
    """Money went back to the payer or to the wallet, and the ledger says so."""

    refund_id: UUID
    payment_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentReversed(Event):
    """Money was taken back from us against our will."""

    refund_id: UUID
    payment_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class DisputeOpened(Event):
    """A payer contests a payment; `hold` says whether its services are to be held."""

    dispute_id: UUID
    payment_id: UUID
    invoice_id: UUID
    account_id: UUID
    hold: bool


@dataclass(frozen=True, slots=True)
class DisputeEscalated(Event):
    """A question became a claim: the gateway holds the money now."""

    dispute_id: UUID
    payment_id: UUID
    invoice_id: UUID
    account_id: UUID
    hold: bool


@dataclass(frozen=True, slots=True)
class DisputeResolved(Event):
    """A dispute ended; `won` says whether the money stays with us."""

    dispute_id: UUID
    payment_id: UUID
    invoice_id: UUID
    account_id: UUID
    won: bool


@dataclass(frozen=True, slots=True)
class DisputeChanged(Event):
    """A dispute stands differently, or staff wrote a note."""

    dispute_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ChargeAsked(Event):
    """A saved method is to be charged."""

    payment_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ChargeDeclined(Event):
    """A saved method could not be charged; `final` when trying again would not help."""

    payment_id: UUID
    invoice_id: UUID
    account_id: UUID
    final: bool


@dataclass(frozen=True, slots=True)
class MethodSaved(Event):
    """A way to pay was kept with the payer's consent."""

    method_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class MethodRemoved(Event):
    """A saved way to pay is no longer to be used: the gateway is to forget it."""

    method_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class MethodLost(Event):
    """The gateway no longer lets us use a saved method."""

    method_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class AutoTopUpStopped(Event):
    """Automatic top-ups failed too often and were switched off."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class SubscriptionAsked(Event):
    """A subscription is to be opened or changed at PayPal."""

    subscription_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class SubscriptionChanged(Event):
    """A subscription stands differently."""

    subscription_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class SubscriptionPaid(Event):
    """A subscription's money came; it lies in the wallet, where renewals look first."""

    subscription_id: UUID
    service_id: UUID
    account_id: UUID
    payment_id: UUID
