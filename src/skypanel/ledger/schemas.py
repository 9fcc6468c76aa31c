"""What the ledger's API gives."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class Amount(BaseModel):
    """Money on the wire: whole minor units of a currency."""

    minor: int
    currency: str


class WalletBalance(BaseModel):
    balance: Amount


class Transaction(BaseModel):
    """One movement as the customer sees it; a credit is positive."""

    id: UUID
    at: datetime
    kind: str
    description: str
    amount: Amount
    balance_after: Amount | None
    invoice_id: UUID | None
    payment_id: UUID | None


class TransactionList(BaseModel):
    items: list[Transaction]
    next: str | None


class BookBalance(BaseModel):
    """One kind of book in the trial balance."""

    book: str
    currency: str
    books: int
    debit: Amount
    credit: Amount
    balance: Amount


class TrialBalance(BaseModel):
    items: list[BookBalance]
    next: str | None
