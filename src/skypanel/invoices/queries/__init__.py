"""Invoices as people read them."""

from __future__ import annotations

from skypanel.invoices.queries.documents import (
    document,
    find,
    get_for,
    page,
    pdf,
    staff_one,
    staff_page,
)

__all__ = ["document", "find", "get_for", "page", "pdf", "staff_one", "staff_page"]
