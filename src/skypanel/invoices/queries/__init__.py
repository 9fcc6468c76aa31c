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
from skypanel.invoices.queries.exports import HEAD, exported
from skypanel.invoices.queries.look import company_look
from skypanel.invoices.queries.statement import (
    movements,
    opening,
    period_of,
    statement,
    statement_document,
    statement_document_for,
)

__all__ = [
    "HEAD",
    "company_look",
    "document",
    "exported",
    "find",
    "get_for",
    "movements",
    "opening",
    "page",
    "pdf",
    "period_of",
    "staff_one",
    "staff_page",
    "statement",
    "statement_document",
    "statement_document_for",
]
