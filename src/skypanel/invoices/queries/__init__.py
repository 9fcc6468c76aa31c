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
from skypanel.invoices.queries.look import company_look

__all__ = ["company_look", "document", "find", "get_for", "page", "pdf", "staff_one", "staff_page"]
