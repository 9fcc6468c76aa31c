"""What PayPal does with an order: opens it, has it approved, takes the money, gives it back."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.state import (
    Capture,
    Order,
    Refund,
    State,
    Token,
    new_ref,
)
from skypanel.integrations.paypal.simulator.wire import refunded
from skypanel.integrations.paypal.types import WITHOUT_DECIMALS

VALUE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")
LIMITS = {"custom_id": 127, "invoice_id": 127, "description": 127}
DECLINED, PENDING, LOST, BROKEN, REFUND_WAITS = "13", "14", "15", "16", "17"


def open_order(state: State, asked: dict[str, Any], now: datetime) -> Order:
    """Record an order, refusing what PayPal refuses."""
    if asked.get("intent") != "CAPTURE":
        raise Problem(422, "UNSUPPORTED_INTENT", field="/intent")
    units = asked.get("purchase_units")
    if not isinstance(units, list) or len(units) != 1 or not isinstance(units[0], dict):
        raise Problem(400, "INVALID_PARAMETER_VALUE", field="/purchase_units")
    unit = units[0]
    for field, limit in LIMITS.items():
        text = unit.get(field)
        if text is not None and not (isinstance(text, str) and 0 < len(text) <= limit):
            raise Problem(400, "INVALID_STRING_LENGTH", field=field)
    value, currency = _amount(unit.get("amount"))
    invoice_id = unit.get("invoice_id")
    _unpaid(state, invoice_id)
    source = (asked.get("payment_source") or {}).get("paypal")
    context = (source or {}).get("experience_context") or asked.get("application_context") or {}
    order = Order(
        id=new_ref(),
        status="CREATED" if source is None else "PAYER_ACTION_REQUIRED",
        value=value,
        currency=currency,
        invoice_id=invoice_id,
        custom_id=unit.get("custom_id"),
        description=unit.get("description"),
        return_url=context.get("return_url"),
        cancel_url=context.get("cancel_url"),
        has_source=source is not None,
        created_at=now,
        updated_at=now,
        saves=_saves(source),
        charged_token=(source or {}).get("vault_id"),
    )
    if order.charged_token is not None:
        _chargeable(state, order)
    state.book.orders[order.id] = order
    return order


def _saves(source: dict[str, Any] | None) -> bool:
    vault = ((source or {}).get("attributes") or {}).get("vault") or {}
    return vault.get("store_in_vault") == "ON_SUCCESS" and vault.get("usage_type") == "MERCHANT"


def _chargeable(state: State, order: Order) -> None:
    """A charge of an absent payer goes through in one step, or leaves nothing."""
    token = state.book.payment_tokens.get(order.charged_token or "")
    if token is None:
        raise Problem(422, "TOKEN_EXPIRED")
    if token.declines:
        raise Problem(422, token.declines)
    if order.ending == DECLINED:
        raise Problem(422, "INSTRUMENT_DECLINED")
    order.status = "APPROVED"


def keep_token(state: State, order: Order, now: datetime) -> Token | None:
    """The payer's account is kept once the order that asked for it is paid; None otherwise."""
    if not order.saves or order.token_id or order.status != "COMPLETED":
        return None
    token = Token(id=new_ref(), customer_id=new_ref(10), order_id=order.id, created_at=now)
    state.book.payment_tokens[token.id] = token
    order.token_id = token.id
    return token


def approve(order: Order, instrument: str, now: datetime) -> bool:
    """The payer agrees; True when that changed anything."""
    if order.status not in {"CREATED", "PAYER_ACTION_REQUIRED"}:
        return False
    order.status = "APPROVED"
    order.instrument = instrument
    order.updated_at = now
    return True


def capture(state: State, order: Order, now: datetime) -> Capture:
    """Take the money of an approved order; the amount's ending chooses how that goes."""
    if order.capture_id:
        raise Problem(422, "ORDER_ALREADY_CAPTURED")
    if order.status == "PAYER_ACTION_REQUIRED":
        raise Problem(422, "PAYER_ACTION_REQUIRED")
    if order.status != "APPROVED":
        raise Problem(422, "ORDER_NOT_APPROVED")
    _unpaid(state, order.invoice_id)
    if order.ending == DECLINED and order.instrument == "first":
        order.status = "PAYER_ACTION_REQUIRED" if order.has_source else "CREATED"
        order.declines += 1
        order.updated_at = now
        raise Problem(422, "INSTRUMENT_DECLINED")
    pending = order.ending == PENDING
    taken = Capture(
        id=new_ref(),
        order_id=order.id,
        status="PENDING" if pending else "COMPLETED",
        reason="PENDING_REVIEW" if pending else None,
        value=order.value,
        currency=order.currency,
        invoice_id=order.invoice_id,
        custom_id=order.custom_id,
        created_at=now,
        updated_at=now,
    )
    state.book.captures[taken.id] = taken
    order.capture_id = taken.id
    order.status = "COMPLETED"
    order.updated_at = now
    return taken


def settle(taken: Capture, status: str, now: datetime) -> bool:
    """PayPal's review of a pending capture ends COMPLETED or DECLINED; True when it was due."""
    if taken.status != "PENDING":
        return False
    taken.status = status
    taken.reason = None
    taken.updated_at = now
    return True


def refund(
    taken: Capture,
    asked: dict[str, Any] | None,
    now: datetime,
    *,
    custom_id: str | None = None,
    note: str | None = None,
    reversal: bool = False,
) -> Refund:
    """Give back part or the rest of a capture; some endings make it wait."""
    if taken.status == "PENDING":
        raise Problem(422, "PENDING_CAPTURE")
    if taken.status == "REFUNDED":
        raise Problem(422, "CAPTURE_FULLY_REFUNDED")
    if taken.status not in {"COMPLETED", "PARTIALLY_REFUNDED"}:
        raise Problem(422, "REFUND_NOT_ALLOWED")
    left = Decimal(taken.value) - Decimal(refunded(taken))
    value = f"{left:f}"
    if asked is not None:
        value, currency = _amount(asked)
        if currency != taken.currency:
            raise Problem(422, "CURRENCY_MISMATCH")
        if Decimal(value) > left:
            raise Problem(422, "REFUND_AMOUNT_EXCEEDED")
    waits = value.replace(".", "")[-2:] == REFUND_WAITS
    made = Refund(
        id=new_ref(),
        status="PENDING" if waits else "COMPLETED",
        value=value,
        created_at=now,
        custom_id=custom_id,
        note=note,
        reversal=reversal,
    )
    taken.refunds.append(made)
    whole = Decimal(refunded(taken)) == Decimal(taken.value)
    taken.status = "REFUNDED" if whole else "PARTIALLY_REFUNDED"
    taken.updated_at = now
    return made


def spend(order: Order, fault: str) -> bool:
    """Whether a fault that strikes once strikes now."""
    if order.ending != fault or fault in order.faults_spent:
        return False
    order.faults_spent.append(fault)
    return True


def _amount(found: Any) -> tuple[str, str]:
    value = found.get("value") if isinstance(found, dict) else None
    currency = found.get("currency_code") if isinstance(found, dict) else None
    if not isinstance(value, str) or not VALUE.fullmatch(value):
        raise Problem(400, "INVALID_PARAMETER_SYNTAX", field="/amount")
    if not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise Problem(422, "INVALID_CURRENCY_CODE", field="/amount")
    if Decimal(value) <= 0:
        raise Problem(422, "CANNOT_BE_ZERO_OR_NEGATIVE", field="/amount")
    decimals = len(value.partition(".")[2])
    if decimals > (0 if currency in WITHOUT_DECIMALS else 2):
        raise Problem(422, "DECIMAL_PRECISION", field="/amount")
    return value, currency


def _unpaid(state: State, invoice_id: str | None) -> None:
    taken = {each.invoice_id for each in state.book.captures.values() if each.status != "DECLINED"}
    if invoice_id is not None and invoice_id in taken:
        raise Problem(422, "DUPLICATE_INVOICE_ID")
