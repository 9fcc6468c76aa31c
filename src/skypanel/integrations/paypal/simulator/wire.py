"""PayPal's JSON: how orders, captures, refunds and errors look on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from skypanel.integrations.paypal.simulator.state import Capture, Order, Refund, State

PAYER_REF = "QYR5Z8XDVJNXQ"
PAYER_EMAIL = "alex.payer@example.com"
PAYER_NAME = {"given_name": "Alex", "surname": "Payer"}
MERCHANT_REF = "7E7MGXCWTTKK2"
MERCHANT_EMAIL = "shop@example.com"
FEE_RATE = Decimal("0.0249")
FEE_FIXED = Decimal("0.35")


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(value: str, currency: str) -> dict[str, str]:
    return {"currency_code": currency, "value": value}


def fee_of(value: str) -> str:
    """What PayPal keeps of an amount, in the same decimals."""
    whole = Decimal(value)
    fee = min(whole, whole * FEE_RATE + FEE_FIXED)
    return f"{fee.quantize(Decimal(1).scaleb(exponent_of(value)), ROUND_HALF_UP):f}"


def exponent_of(value: str) -> int:
    """How many decimals a wire amount is written with, as a negative power of ten."""
    return -len(value.partition(".")[2])


def less(value: str, *others: str) -> str:
    return f"{Decimal(value) - sum(map(Decimal, others), Decimal(0)):f}"


def refunded(capture: Capture) -> str:
    total = sum((Decimal(each.value) for each in capture.refunds), Decimal(0))
    return f"{total.quantize(Decimal(1).scaleb(exponent_of(capture.value))):f}"


def capture_json(capture: Capture, base: str) -> dict[str, Any]:
    """A capture as it stands inside an order."""
    url = f"{base}/v2/payments/captures/{capture.id}"
    found: dict[str, Any] = {
        "id": capture.id,
        "status": capture.status,
        "amount": money(capture.value, capture.currency),
        "final_capture": True,
        "seller_protection": {"status": "NOT_ELIGIBLE"},
        "create_time": stamp(capture.created_at),
        "update_time": stamp(capture.updated_at),
        "links": [
            {"href": url, "rel": "self", "method": "GET"},
            {"href": f"{url}/refund", "rel": "refund", "method": "POST"},
            {
                "href": f"{base}/v2/checkout/orders/{capture.order_id}",
                "rel": "up",
                "method": "GET",
            },
        ],
    }
    found |= {
        name: value
        for name, value in (("invoice_id", capture.invoice_id), ("custom_id", capture.custom_id))
        if value
    }
    if capture.reason:
        found["status_details"] = {"reason": capture.reason}
    if capture.status in {"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"}:
        fee = fee_of(capture.value)
        found["seller_receivable_breakdown"] = {
            "gross_amount": money(capture.value, capture.currency),
            "paypal_fee": money(fee, capture.currency),
            "net_amount": money(less(capture.value, fee), capture.currency),
        }
    return found


def capture_alone(capture: Capture, base: str) -> dict[str, Any]:
    """A capture asked for by itself or told by a webhook: it names its order."""
    related = {"related_ids": {"order_id": capture.order_id}}
    payee = {"email_address": MERCHANT_EMAIL, "merchant_id": MERCHANT_REF}
    return capture_json(capture, base) | {"supplementary_data": related, "payee": payee}


def refund_json(refund: Refund, capture: Capture, base: str) -> dict[str, Any]:
    currency = capture.currency
    found: dict[str, Any] = {
        "id": refund.id,
        "status": refund.status,
        "amount": money(refund.value, currency),
        "seller_payable_breakdown": {
            "gross_amount": money(refund.value, currency),
            "paypal_fee": money(less(refund.value, refund.value), currency),
            "net_amount": money(refund.value, currency),
            "total_refunded_amount": money(refunded(capture), currency),
        },
        "create_time": stamp(refund.created_at),
        "update_time": stamp(refund.created_at),
        "links": [
            {
                "href": f"{base}/v2/payments/refunds/{refund.id}",
                "rel": "self",
                "method": "GET",
            },
            {
                "href": f"{base}/v2/payments/captures/{capture.id}",
                "rel": "up",
                "method": "GET",
            },
        ],
    }
    if capture.invoice_id:
        found["invoice_id"] = capture.invoice_id
    # As at PayPal, a refund that was given no id of its own bears the capture's.
    if refund.custom_id or capture.custom_id:
        found["custom_id"] = refund.custom_id or capture.custom_id
    if refund.note:
        found["note_to_payer"] = refund.note
    if refund.status == "PENDING":
        found["status_details"] = {"reason": "ECHECK"}
    return found


def order_json(order: Order, state: State, base: str, pages: str) -> dict[str, Any]:
    """An order, whole."""
    unit: dict[str, Any] = {
        "reference_id": "default",
        "amount": money(order.value, order.currency),
        "payee": {"email_address": MERCHANT_EMAIL, "merchant_id": MERCHANT_REF},
    }
    unit |= {
        name: value
        for name, value in (
            ("description", order.description),
            ("custom_id", order.custom_id),
            ("invoice_id", order.invoice_id),
        )
        if value
    }
    if order.capture_id:
        capture = state.book.captures[order.capture_id]
        unit["payments"] = {"captures": [capture_json(capture, base)]}
        if capture.refunds:
            unit["payments"]["refunds"] = [
                refund_json(refund, capture, base)
                for refund in capture.refunds
                if not refund.reversal
            ]
    found: dict[str, Any] = {
        "id": order.id,
        "intent": "CAPTURE",
        "status": order.status,
        "purchase_units": [unit],
        "create_time": stamp(order.created_at),
        "update_time": stamp(order.updated_at),
        "links": order_links(order, base, pages),
    }
    if order.status in {"APPROVED", "COMPLETED"}:
        found["payer"] = {
            "name": PAYER_NAME,
            "email_address": PAYER_EMAIL,
            "payer_id": PAYER_REF,
        }
        found["payment_source"] = {
            "paypal": {
                "email_address": PAYER_EMAIL,
                "account_id": PAYER_REF,
                "account_status": "VERIFIED",
                "name": PAYER_NAME,
            }
        }
        if order.token_id:
            found["payment_source"]["paypal"]["attributes"] = {
                "vault": {
                    "id": order.token_id,
                    "status": "VAULTED",
                    "customer": {
                        "id": state.book.payment_tokens[order.token_id].customer_id
                        if order.token_id in state.book.payment_tokens
                        else "GONE"
                    },
                    "links": [
                        {
                            "href": f"{base}/v3/vault/payment-tokens/{order.token_id}",
                            "rel": "self",
                            "method": "GET",
                        }
                    ],
                }
            }
    elif order.has_source:
        found["payment_source"] = {"paypal": {}}
    return found


def order_links(order: Order, base: str, pages: str) -> list[dict[str, str]]:
    """Where an order can be read, and what can be done with it now."""
    url = f"{base}/v2/checkout/orders/{order.id}"
    links = [{"href": url, "rel": "self", "method": "GET"}]
    if order.status in {"CREATED", "PAYER_ACTION_REQUIRED"}:
        rel = "payer-action" if order.has_source else "approve"
        page = f"{pages}/checkoutnow?token={order.id}"
        links.append({"href": page, "rel": rel, "method": "GET"})
    if order.status == "APPROVED":
        links.append({"href": f"{url}/capture", "rel": "capture", "method": "POST"})
    return links
