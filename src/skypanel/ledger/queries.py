"""What the books say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, Uuid, bindparam, func, literal, select

from skypanel.ledger.models import Book, Entry, Transfer
from skypanel.ledger.rules import SHOWN_TO_CUSTOMER, BookKind
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.money import Money
from skypanel.platform.read import Page, Query, money

_BALANCE: Query[int] = Query(
    select(Book.balance_minor).where(
        Book.kind == literal(BookKind.WALLET.value),
        Book.currency == bindparam("currency", type_=CHAR(3)),
        Book.account_id == bindparam("account", type_=Uuid()),
    ),
    lambda minor: minor,
)


def _transaction(
    entry_id: UUID,
    at: Any,
    key: str,
    reason: str,
    minor: int,
    currency: str,
    book: str,
    balance_minor: int,
    subject_kind: str | None,
    subject_id: UUID | None,
) -> dict[str, Any]:
    wallet = book == BookKind.WALLET
    return {
        "id": entry_id,
        "at": at,
        "kind": "wallet" if wallet else key.partition(":")[0],
        "description": reason,
        "amount": money(minor, currency),
        "balance_after": money(balance_minor, currency) if wallet else None,
        "invoice_id": subject_id if subject_kind == "invoice" else None,
        "payment_id": subject_id if subject_kind == "payment" else None,
    }


_TRANSACTIONS: Query[dict[str, Any]] = Query(
    select(
        Entry.id,
        Entry.at,
        Transfer.key,
        Transfer.reason,
        Entry.amount_minor,
        Entry.currency,
        Book.kind,
        Entry.balance_after_minor,
        Transfer.subject_kind,
        Transfer.subject_id,
    )
    .join(Transfer, Transfer.id == Entry.transfer_id)
    .join(Book, Book.id == Entry.book_id)
    .where(
        Entry.account_id == bindparam("account", type_=Uuid()),
        Entry.id < bindparam("before", type_=Uuid()),
        Book.kind.in_([literal(kind) for kind in SHOWN_TO_CUSTOMER]),
    )
    .order_by(Entry.id.desc())
    .limit(bindparam("limit")),
    _transaction,
)


def _book(
    kind: str, currency: str, books: int, debit_minor: int, credit_minor: int
) -> dict[str, Any]:
    return {
        "book": kind,
        "currency": currency,
        "books": books,
        "debit": money(debit_minor, currency),
        "credit": money(credit_minor, currency),
        "balance": money(credit_minor - debit_minor, currency),
    }


_TRIAL_BALANCE: Query[dict[str, Any]] = Query(
    select(
        Book.kind,
        Book.currency,
        func.count(),
        -func.coalesce(func.sum(func.least(Book.balance_minor, 0)), 0),
        func.coalesce(func.sum(func.greatest(Book.balance_minor, 0)), 0),
    )
    .group_by(Book.kind, Book.currency)
    .order_by(Book.currency, Book.kind),
    lambda kind, currency, books, debit, credit: _book(
        kind, currency, books, int(debit), int(credit)
    ),
)


async def balance(read: Read, account_id: UUID, currency: str) -> Money:
    """What lies in an account's wallet of one currency."""
    minor = await _BALANCE.one(read, account=account_id, currency=currency)
    return Money(minor or 0, currency)


async def transactions(read: Read, viewer: Viewer, page: Page, account_id: UUID) -> dict[str, Any]:
    """An account's side of the ledger, newest first."""
    viewer.require("billing.view", account_id)
    return await _TRANSACTIONS.page(read, page, account=account_id)


async def trial_balance(read: Read) -> list[dict[str, Any]]:
    """Every kind of book with its debit and credit balances; per currency they are equal."""
    return await _TRIAL_BALANCE.all(read)
