"""What invoices are made of, how their tax is reckoned, their states, and their look."""

from __future__ import annotations

from skypanel.invoices.rules.bills import (
    BECOMES,
    CREDIT_NOTE_STATES,
    CREDITABLE,
    INVOICE_STATES,
    PAYABLE,
    CreditLine,
    InvoiceDraft,
    InvoiceKind,
    InvoiceState,
    LineDraft,
    Part,
    SellerSettings,
    TopUpSettings,
    divide_half_up,
    explanation,
    number_text,
    split,
    spread,
)
from skypanel.invoices.rules.logo import LogoSettings, LogoWrong, read_logo

__all__ = [
    "BECOMES",
    "CREDITABLE",
    "CREDIT_NOTE_STATES",
    "INVOICE_STATES",
    "PAYABLE",
    "CreditLine",
    "InvoiceDraft",
    "InvoiceKind",
    "InvoiceState",
    "LineDraft",
    "LogoSettings",
    "LogoWrong",
    "Part",
    "SellerSettings",
    "TopUpSettings",
    "divide_half_up",
    "explanation",
    "number_text",
    "read_logo",
    "split",
    "spread",
]
