"""Drafting, issuing, paying, crediting, voiding and writing off invoices, and their documents."""

from __future__ import annotations

from skypanel.invoices.actions.batch import Payable, close_invoices, issue_invoices
from skypanel.invoices.actions.credit import credit_invoice
from skypanel.invoices.actions.documents import keep_document, keep_logo
from skypanel.invoices.actions.draft import discard_draft, draft_invoice, edit_draft
from skypanel.invoices.actions.issue import issue_draft, issue_invoice
from skypanel.invoices.actions.pay import apply_payment, lock_invoice
from skypanel.invoices.actions.refund import refund_to_wallet
from skypanel.invoices.actions.statement import (
    ask_for_statement,
    forget_statements,
    keep_statement,
)
from skypanel.invoices.actions.top_up import cancel_top_up, top_up
from skypanel.invoices.actions.void import void_invoice
from skypanel.invoices.actions.write_off import write_off

__all__ = [
    "Payable",
    "apply_payment",
    "ask_for_statement",
    "cancel_top_up",
    "close_invoices",
    "credit_invoice",
    "discard_draft",
    "draft_invoice",
    "edit_draft",
    "forget_statements",
    "issue_draft",
    "issue_invoice",
    "issue_invoices",
    "keep_document",
    "keep_logo",
    "keep_statement",
    "lock_invoice",
    "refund_to_wallet",
    "top_up",
    "void_invoice",
    "write_off",
]
