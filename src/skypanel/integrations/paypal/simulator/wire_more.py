"""PayPal's JSON beyond orders: saved accounts, disputes, its report of what moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from skypanel.integrations.paypal.simulator.state import Capture, Dispute, State, Token
from skypanel.integrations.paypal.simulator.wire import (
    PAYER_EMAIL,
    PAYER_NAME,
    PAYER_REF,
    fee_of,
    money,
    stamp,
)


def token_json(token: Token, base: str) -> dict[str, Any]:
    """A payer's account that is kept."""
    url = f"{base}/v3/vault/payment-tokens/{token.id}"
    return {
        "id": token.id,
        "customer": {"id": token.customer_id},
        "payment_source": {
            "paypal": {
                "email_address": PAYER_EMAIL,
                "account_id": PAYER_REF,
                "name": PAYER_NAME,
            }
        },
        "metadata": {"order_id": token.order_id},
        "links": [
            {"href": url, "rel": "self", "method": "GET"},
            {"href": url, "rel": "delete", "method": "DELETE"},
        ],
    }


def dispute_json(dispute: Dispute, capture: Capture, base: str) -> dict[str, Any]:
    """A dispute, whole."""
    found: dict[str, Any] = {
        "dispute_id": dispute.id,
        "create_time": stamp(dispute.created_at),
        "update_time": stamp(dispute.updated_at),
        "disputed_transactions": [
            {
                "seller_transaction_id": capture.id,
                "create_time": stamp(capture.created_at),
                "transaction_status": "COMPLETED",
                "gross_amount": money(capture.value, capture.currency),
                **({"custom": capture.custom_id} if capture.custom_id else {}),
                **({"invoice_number": capture.invoice_id} if capture.invoice_id else {}),
            }
        ],
        "reason": dispute.reason,
        "status": dispute.status,
        "dispute_amount": money(dispute.value, dispute.currency),
        "dispute_life_cycle_stage": dispute.stage,
        "dispute_channel": "INTERNAL",
        "links": [
            {"href": f"{base}/v1/customer/disputes/{dispute.id}", "rel": "self", "method": "GET"}
        ],
    }
    if dispute.answer_until:
        found["seller_response_due_date"] = stamp(dispute.answer_until)
    if dispute.outcome:
        found["dispute_outcome"] = {"outcome_code": dispute.outcome}
    return found


def report(state: State, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """What moved between two instants, in the order it moved within each kind."""
    for capture in state.book.captures.values():
        if capture.status not in {"DECLINED", "PENDING"} and since <= capture.created_at <= until:
            yield _line(capture, capture.id, None, "T0006", capture.value, capture.created_at)
        for refund in capture.refunds:
            if refund.status == "COMPLETED" and since <= refund.created_at <= until:
                code = "T1106" if refund.reversal else "T1107"
                yield _line(
                    capture, refund.id, capture.id, code, f"-{refund.value}", refund.created_at
                )


def _line(
    capture: Capture, ref: str, related: str | None, code: str, value: str, at: datetime
) -> dict[str, Any]:
    info: dict[str, Any] = {
        "transaction_id": ref,
        "transaction_event_code": code,
        "transaction_initiation_date": stamp(at),
        "transaction_updated_date": stamp(at),
        "transaction_amount": money(value, capture.currency),
        "transaction_status": "S",
    }
    if Decimal(value) > 0:
        info["fee_amount"] = money(f"-{fee_of(value)}", capture.currency)
    if related:
        info |= {"paypal_reference_id": related, "paypal_reference_id_type": "TXN"}
    if capture.invoice_id:
        info["invoice_id"] = capture.invoice_id
    if capture.custom_id:
        info["custom_field"] = capture.custom_id
    return {"transaction_info": info}
