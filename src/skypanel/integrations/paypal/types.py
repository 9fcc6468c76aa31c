"""What we ask of PayPal and what it answers, in our own frozen types and `Money`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from skypanel.platform.money import Money
from skypanel.platform.outside import Refused

VENDOR = "paypal"
# PayPal takes these without decimals although ISO 4217 gives HUF and TWD two.
WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})


class OrderStatus(StrEnum):
    """Where a checkout order stands; OTHER is a status newer than this code."""

    CREATED = "CREATED"
    SAVED = "SAVED"
    APPROVED = "APPROVED"
    VOIDED = "VOIDED"
    COMPLETED = "COMPLETED"
    PAYER_ACTION_REQUIRED = "PAYER_ACTION_REQUIRED"
    OTHER = "OTHER"

    @classmethod
    def _missing_(cls, _value: object) -> OrderStatus:
        return cls.OTHER


class CaptureStatus(StrEnum):
    """Where a captured payment stands; only COMPLETED is money."""

    COMPLETED = "COMPLETED"
    PENDING = "PENDING"
    DECLINED = "DECLINED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    FAILED = "FAILED"
    OTHER = "OTHER"

    @classmethod
    def _missing_(cls, _value: object) -> CaptureStatus:
        return cls.OTHER


class RefundStatus(StrEnum):
    """Where a refund stands; only COMPLETED has left our balance for good."""

    COMPLETED = "COMPLETED"
    PENDING = "PENDING"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    OTHER = "OTHER"

    @classmethod
    def _missing_(cls, _value: object) -> RefundStatus:
        return cls.OTHER


@dataclass(frozen=True, slots=True)
class Capture:
    """Money taken, or being taken, for an order; the fee is unknown while it is pending."""

    ref: str
    status: CaptureStatus
    reason: str | None
    amount: Money
    fee: Money | None
    invoice_ref: str | None
    custom_id: str | None
    order_ref: str | None
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """A checkout order: the payer is sent to `approve_url` while it waits for approval."""

    ref: str
    status: OrderStatus
    amount: Money | None
    approve_url: str | None
    invoice_ref: str | None
    custom_id: str | None
    payer_ref: str | None
    payer_email: str | None
    captures: tuple[Capture, ...]
    refunds: tuple[Refund, ...] = ()
    vault_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back out of a capture."""

    ref: str
    status: RefundStatus
    reason: str | None
    amount: Money | None
    custom_id: str | None
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class PayPalDispute:
    """A payment that its payer contests."""

    ref: str
    status: str
    stage: str
    reason: str
    amount: Money
    outcome: str | None
    capture_ref: str | None
    custom_id: str | None
    answer_until: datetime | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A payer's standing agreement."""

    ref: str
    status: str
    plan_ref: str
    custom_id: str | None
    approve_url: str | None
    next_bill_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sale:
    """Money of a subscription: PayPal tells it in the shape of its first API version."""

    ref: str
    state: str
    subscription_ref: str | None
    amount: Money
    fee: Money | None
    parent_ref: str | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A line of PayPal's own report of what moved."""

    ref: str
    related_ref: str | None
    event_code: str
    amount: Money
    status: str
    invoice_ref: str | None
    custom_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """A URL of ours that PayPal calls, and for which events."""

    ref: str
    url: str
    event_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A verified webhook: what happened to which order, capture or refund."""

    ref: str
    event_type: str
    resource_type: str
    resource_ref: str
    order_ref: str | None
    capture_ref: str | None
    status: str | None
    amount: Money | None
    invoice_ref: str | None
    custom_id: str | None
    summary: str
    created_at: datetime | None


def wire_amount(amount: Money) -> dict[str, str]:
    """The form PayPal takes: a decimal string with exactly the decimals it wants.

    Refuses (`DECIMALS_NOT_SUPPORTED`) an amount finer than PayPal's unit of that currency.
    """
    if amount.currency not in WITHOUT_DECIMALS:
        return {"currency_code": amount.currency, "value": f"{amount.major:f}"}
    whole = amount.major.to_integral_value()
    if whole != amount.major:
        message = f"{amount.currency} takes no decimals, got {amount}"
        raise Refused(VENDOR, message, code="DECIMALS_NOT_SUPPORTED")
    return {"currency_code": amount.currency, "value": f"{whole:f}"}


def read_amount(found: Mapping[str, Any] | None) -> Money | None:
    """An amount PayPal wrote; None when it wrote none. ValueError when it is not an amount."""
    if not found:
        return None
    value, currency = found.get("value"), found.get("currency_code")
    if not isinstance(value, str) or not isinstance(currency, str):
        raise ValueError(f"not an amount: {found!r}")  # noqa: TRY004 - their answer, not our call
    return Money.parse(value, currency)


def read_instant(text: object) -> datetime | None:
    """An RFC 3339 instant, None when absent or unreadable."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def read_capture(found: Mapping[str, Any], order_ref: str | None = None) -> Capture:
    """A capture as it stands in an order, in an answer or in a webhook."""
    amount = read_amount(found["amount"])
    if amount is None:
        raise ValueError("a capture without an amount")
    related = (found.get("supplementary_data") or {}).get("related_ids") or {}
    breakdown = found.get("seller_receivable_breakdown") or {}
    return Capture(
        ref=str(found["id"]),
        status=CaptureStatus(str(found["status"])),
        reason=(found.get("status_details") or {}).get("reason"),
        amount=amount,
        fee=read_amount(breakdown.get("paypal_fee")),
        invoice_ref=found.get("invoice_id"),
        custom_id=found.get("custom_id"),
        order_ref=related.get("order_id") or order_ref,
        created_at=read_instant(found.get("create_time")),
    )


def read_order(found: Mapping[str, Any]) -> Order:
    """An order as PayPal shows it; we only ever make orders of one purchase unit."""
    ref = str(found["id"])
    links = {link.get("rel"): link.get("href") for link in found.get("links") or ()}
    units = found.get("purchase_units") or [{}]
    captures = [
        read_capture(capture, ref)
        for unit in units
        for capture in (unit.get("payments") or {}).get("captures") or ()
    ]
    payer = found.get("payer") or {}
    refunds = [
        read_refund(refund)
        for unit in units
        for refund in (unit.get("payments") or {}).get("refunds") or ()
    ]
    wallet = (found.get("payment_source") or {}).get("paypal") or {}
    vault = (wallet.get("attributes") or {}).get("vault") or {}
    return Order(
        ref=ref,
        status=OrderStatus(str(found["status"])),
        amount=read_amount(units[0].get("amount")),
        approve_url=links.get("payer-action") or links.get("approve"),
        invoice_ref=units[0].get("invoice_id"),
        custom_id=units[0].get("custom_id"),
        payer_ref=payer.get("payer_id") or wallet.get("account_id"),
        payer_email=payer.get("email_address") or wallet.get("email_address"),
        captures=tuple(captures),
        refunds=tuple(refunds),
        vault_ref=vault.get("id") if vault.get("status") == "VAULTED" else None,
    )


def read_refund(found: Mapping[str, Any]) -> Refund:
    """A refund as PayPal shows it."""
    return Refund(
        ref=str(found["id"]),
        status=RefundStatus(str(found["status"])),
        reason=(found.get("status_details") or {}).get("reason"),
        amount=read_amount(found.get("amount")),
        custom_id=found.get("custom_id"),
        created_at=read_instant(found.get("create_time")),
    )


def read_dispute(found: Mapping[str, Any]) -> PayPalDispute:
    """A dispute as PayPal shows it; ours are always about one transaction."""
    amount = read_amount(found["dispute_amount"])
    if amount is None:
        raise ValueError("a dispute without an amount")
    about = (found.get("disputed_transactions") or [{}])[0]
    return PayPalDispute(
        ref=str(found["dispute_id"]),
        status=str(found["status"]),
        stage=str(found.get("dispute_life_cycle_stage") or "CHARGEBACK"),
        reason=str(found.get("reason") or "OTHER"),
        amount=amount,
        outcome=(found.get("dispute_outcome") or {}).get("outcome_code"),
        capture_ref=about.get("seller_transaction_id"),
        custom_id=about.get("custom"),
        answer_until=read_instant(found.get("seller_response_due_date")),
    )


def read_transaction(found: Mapping[str, Any]) -> Transaction:
    """A line of the report, as PayPal shows it."""
    info = found["transaction_info"]
    amount = read_amount(info["transaction_amount"])
    at = read_instant(info.get("transaction_initiation_date"))
    if amount is None or at is None:
        raise ValueError("a transaction without amount or date")
    return Transaction(
        ref=str(info["transaction_id"]),
        related_ref=info.get("paypal_reference_id"),
        event_code=str(info.get("transaction_event_code") or ""),
        amount=amount,
        status=str(info.get("transaction_status") or ""),
        invoice_ref=info.get("invoice_id"),
        custom_id=info.get("custom_field"),
        at=at,
    )


def read_subscription(found: Mapping[str, Any]) -> Subscription:
    """A subscription as PayPal shows it."""
    links = {link.get("rel"): link.get("href") for link in found.get("links") or ()}
    billing = found.get("billing_info") or {}
    return Subscription(
        ref=str(found["id"]),
        status=str(found["status"]),
        plan_ref=str(found.get("plan_id") or ""),
        custom_id=found.get("custom_id"),
        approve_url=links.get("approve"),
        next_bill_at=read_instant(billing.get("next_billing_time")),
    )


def read_sale(found: Mapping[str, Any]) -> Sale:
    """A v1 sale: `amount.total` and `amount.currency`, the fee in `transaction_fee`."""
    amount = found["amount"]
    fee = found.get("transaction_fee")
    return Sale(
        ref=str(found["id"]),
        state=str(found.get("state") or "").lower(),
        subscription_ref=found.get("billing_agreement_id"),
        amount=Money.parse(str(amount["total"]), str(amount["currency"])),
        fee=Money.parse(str(fee["value"]), str(fee["currency"])) if fee else None,
        parent_ref=found.get("sale_id"),
    )


def read_webhook(found: Mapping[str, Any]) -> Webhook:
    """A registered webhook as PayPal shows it."""
    names = tuple(str(kind["name"]) for kind in found.get("event_types") or ())
    return Webhook(ref=str(found["id"]), url=str(found["url"]), event_types=names)
