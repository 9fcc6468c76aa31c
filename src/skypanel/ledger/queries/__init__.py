"""Reads of the ledger: balances, books and what moved them; an account's own side."""

from __future__ import annotations

from skypanel.ledger.queries.books import (
    CHECKS,
    balance,
    books_page,
    entries_page,
    last_proof,
    one_book,
    transfer,
    trial_balance,
)
from skypanel.ledger.queries.transactions import hours_of_day, transactions

__all__ = [
    "CHECKS",
    "balance",
    "books_page",
    "entries_page",
    "hours_of_day",
    "last_proof",
    "one_book",
    "transactions",
    "transfer",
    "trial_balance",
]
