"""What the ledger's API gives."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel


class Amount(BaseModel):
    """Money on the wire: whole minor units of a currency."""

    minor: int
    currency: str


class WalletBalance(BaseModel):
    balance: Amount


class FoldedHours(BaseModel):
    """So many movements of a service's hours on a day (UTC) stand in one row."""

    count: int
    service_id: UUID
    on: date


class Transaction(BaseModel):
    """One movement as the customer sees it; a credit is positive.

    With `folded` it is several, and `amount` is their sum.
    """

    id: UUID
    at: datetime
    kind: str
    description: str
    amount: Amount
    balance_after: Amount | None
    invoice_id: UUID | None
    payment_id: UUID | None
    folded: FoldedHours | None


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


class Proof(BaseModel):
    """One time that every balance was rebuilt from its entries."""

    at: datetime
    books: int
    differences: int


class TrialBalance(BaseModel):
    items: list[BookBalance]
    next: str | None
    proof: Proof | None


class Cause(BaseModel):
    """What a movement of money is about."""

    kind: str
    id: UUID


class OneBook(BaseModel):
    """A single book: an account's own, or the house's."""

    id: UUID
    book: str
    account_id: UUID | None
    account_name: str | None
    balance: Amount


class OneBookList(BaseModel):
    items: list[OneBook]
    next: str | None


class BookEntry(BaseModel):
    """One movement in one book; a credit is positive."""

    id: UUID
    at: datetime
    amount: Amount
    balance_after: Amount
    transfer_id: UUID
    reason: str
    subject: Cause | None


class BookEntryList(BaseModel):
    items: list[BookEntry]
    next: str | None


class TransferEntry(BaseModel):
    """One book's part of a transfer."""

    id: UUID
    amount: Amount
    balance_after: Amount
    book_id: UUID
    book: str
    account_id: UUID | None
    account_name: str | None


class TransferWhole(BaseModel):
    """A balanced movement of money, who caused it and what for."""

    id: UUID
    at: datetime
    key: str
    reason: str
    account_id: UUID | None
    account_name: str | None
    subject: Cause | None
    actor_kind: str
    actor_id: UUID | None
    entries: list[TransferEntry]
