"""Payments as people read them; methods, credit, refunds and disputes in files of their own."""

from skypanel.payments.queries.payments import (
    fills_the_wallet,
    find,
    get_for,
    of_invoice,
    of_invoice_for,
    staff_page,
    unsettled,
)

__all__ = [
    "fills_the_wallet",
    "find",
    "get_for",
    "of_invoice",
    "of_invoice_for",
    "staff_page",
    "unsettled",
]
