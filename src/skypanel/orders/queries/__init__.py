"""What is asked about orders."""

from __future__ import annotations

from skypanel.orders.queries.offers import (
    OfferAsk,
    hourly_quote,
    hours_of,
    is_first_order,
    may_try,
    offer_for,
)
from skypanel.orders.queries.orders import (
    DUE,
    build_wish,
    get_for,
    page,
    payment_under_way,
    staff_one,
    staff_page,
    transfer_awaited,
    was_served,
)
from skypanel.orders.queries.touched import moved_accounts, moved_services, preview

__all__ = [
    "DUE",
    "OfferAsk",
    "build_wish",
    "get_for",
    "hourly_quote",
    "hours_of",
    "is_first_order",
    "may_try",
    "moved_accounts",
    "moved_services",
    "offer_for",
    "page",
    "payment_under_way",
    "preview",
    "staff_one",
    "staff_page",
    "transfer_awaited",
    "was_served",
]
