"""Issuing, paying and voiding invoices, and filing their documents."""

from __future__ import annotations

from skypanel.invoices.actions.documents import keep_document
from skypanel.invoices.actions.issue import issue_invoice
from skypanel.invoices.actions.pay import apply_payment, lock_invoice
from skypanel.invoices.actions.void import void_invoice

__all__ = ["apply_payment", "issue_invoice", "keep_document", "lock_invoice", "void_invoice"]
