"""Placing, confirming, completing, cancelling and closing orders, and those of adopted servers."""

from __future__ import annotations

from skypanel.orders.actions.adopt import Adoption, place_adopted
from skypanel.orders.actions.life import (
    KEYS_MAX,
    cancel_order,
    complete_order,
    confirm_order,
    expire_order,
    extend_order,
    fail_order,
    lock_order,
    place_order,
    reopen_order,
    retry_order,
)
from skypanel.orders.actions.refund import begin_closing, close_refunded

__all__ = [
    "KEYS_MAX",
    "Adoption",
    "begin_closing",
    "cancel_order",
    "close_refunded",
    "complete_order",
    "confirm_order",
    "expire_order",
    "extend_order",
    "fail_order",
    "lock_order",
    "place_adopted",
    "place_order",
    "reopen_order",
    "retry_order",
]
