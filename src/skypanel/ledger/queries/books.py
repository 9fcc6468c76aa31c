"""What the books say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, String, Uuid, bindparam, func, literal, select

from skypanel.findings.rules import Check
from skypanel.identity.models import Account
from skypanel.ledger.models import Book, Entry, LedgerProof, Transfer
from skypanel.ledger.rules import BookKind
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
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


def _one_book(
    book_id: UUID,
    kind: str,
    currency: str,
    minor: int,
    account_id: UUID | None,
    account_name: str | None,
) -> dict[str, Any]:
    return {
        "id": book_id,
        "book": kind,
        "account_id": account_id,
        "account_name": account_name,
        "balance": money(minor, currency),
    }


_BOOKS = select(
    Book.id, Book.kind, Book.currency, Book.balance_minor, Book.account_id, Account.name
).outerjoin(Account, Account.id == Book.account_id)
_BOOK_LIST: Query[dict[str, Any]] = Query(
    _BOOKS.where(
        Book.id < bindparam("before", type_=Uuid()),
        Book.kind == bindparam("kind", type_=String()),
        Book.currency == bindparam("currency", type_=CHAR(3)),
    )
    .order_by(Book.id.desc())
    .limit(bindparam("limit")),
    _one_book,
)
_ONE_BOOK: Query[dict[str, Any]] = Query(
    _BOOKS.where(Book.id == bindparam("book", type_=Uuid())), _one_book
)


def _subject(kind: str | None, subject_id: UUID | None) -> dict[str, Any] | None:
    return None if kind is None or subject_id is None else {"kind": kind, "id": subject_id}


_ENTRIES: Query[dict[str, Any]] = Query(
    select(
        Entry.id,
        Entry.at,
        Entry.amount_minor,
        Entry.balance_after_minor,
        Entry.currency,
        Transfer.id,
        Transfer.reason,
        Transfer.subject_kind,
        Transfer.subject_id,
    )
    .join(Transfer, Transfer.id == Entry.transfer_id)
    .where(
        Entry.book_id == bindparam("book", type_=Uuid()),
        Entry.id < bindparam("before", type_=Uuid()),
    )
    .order_by(Entry.id.desc())
    .limit(bindparam("limit")),
    lambda entry_id, at, amount, after, currency, transfer_id, reason, kind, subject_id: {
        "id": entry_id,
        "at": at,
        "amount": money(amount, currency),
        "balance_after": money(after, currency),
        "transfer_id": transfer_id,
        "reason": reason,
        "subject": _subject(kind, subject_id),
    },
)
_OF_TRANSFER = Transfer.id == bindparam("transfer", type_=Uuid())
_TRANSFER: Query[dict[str, Any]] = Query(
    select(
        Transfer.id,
        Transfer.at,
        Transfer.key,
        Transfer.reason,
        Transfer.account_id,
        Account.name,
        Transfer.subject_kind,
        Transfer.subject_id,
        Transfer.actor_kind,
        Transfer.actor_id,
    )
    .outerjoin(Account, Account.id == Transfer.account_id)
    .where(_OF_TRANSFER),
    lambda transfer_id, at, key, reason, account_id, name, kind, subject_id, actor, actor_id: {
        "id": transfer_id,
        "at": at,
        "key": key,
        "reason": reason,
        "account_id": account_id,
        "account_name": name,
        "subject": _subject(kind, subject_id),
        "actor_kind": actor,
        "actor_id": actor_id,
    },
)
_LEGS: Query[dict[str, Any]] = Query(
    select(
        Entry.id,
        Entry.amount_minor,
        Entry.balance_after_minor,
        Entry.currency,
        Book.id,
        Book.kind,
        Book.account_id,
        Account.name,
    )
    .join(Book, Book.id == Entry.book_id)
    .outerjoin(Account, Account.id == Book.account_id)
    .join(Transfer, Transfer.id == Entry.transfer_id)
    .where(_OF_TRANSFER)
    .order_by(Entry.amount_minor),
    lambda entry_id, amount, after, currency, book_id, kind, account_id, name: {
        "id": entry_id,
        "amount": money(amount, currency),
        "balance_after": money(after, currency),
        "book_id": book_id,
        "book": kind,
        "account_id": account_id,
        "account_name": name,
    },
)
_LAST_PROOF = Query(
    select(LedgerProof.at, LedgerProof.books, LedgerProof.differences)
    .order_by(LedgerProof.id.desc())
    .limit(1)
)


async def balance(read: Read, account_id: UUID, currency: str) -> Money:
    """What lies in an account's wallet of one currency."""
    minor = await _BALANCE.one(read, account=account_id, currency=currency)
    return Money(minor or 0, currency)


async def trial_balance(read: Read) -> list[dict[str, Any]]:
    """Every kind of book with its debit and credit balances; per currency they are equal."""
    return await _TRIAL_BALANCE.all(read)


async def last_proof(read: Read) -> dict[str, Any] | None:
    """When every balance was last rebuilt, and how many differed."""
    return await _LAST_PROOF.one(read)


async def books_page(read: Read, page: Page, *, kind: str, currency: str) -> dict[str, Any]:
    """The books behind one line of the trial balance, newest first."""
    return await _BOOK_LIST.page(read, page, kind=kind, currency=currency)


async def one_book(read: Read, book_id: UUID) -> dict[str, Any]:
    """One book and whose it is."""
    found = await _ONE_BOOK.one(read, book=book_id)
    if found is None:
        raise NotFound
    return found


async def entries_page(read: Read, page: Page, book_id: UUID) -> dict[str, Any]:
    """What moved one book, newest first."""
    return await _ENTRIES.page(read, page, book=book_id)


async def transfer(read: Read, transfer_id: UUID) -> dict[str, Any]:
    """One movement of money with all its entries and what caused it."""
    found = await _TRANSFER.one(read, transfer=transfer_id)
    if found is None:
        raise NotFound
    return {**found, "entries": await _LEGS.all(read, transfer=transfer_id)}


CHECKS = (
    Check(
        "ledger_sums_to_zero",
        "The ledger sums to zero in every currency",
        """
select 'currency', b.currency, null::uuid,
    'all balances in ' || b.currency || ' come to ' || sum(b.balance_minor)
        || ' minor units, not zero'
from books b
group by b.currency
having sum(b.balance_minor) <> 0
order by b.currency
""",
    ),
    Check(
        "balances_are_proved",
        "Every balance is the sum of its entries",
        """
select case when d.book_id is null then 'currency' else 'book' end,
    coalesce(d.book_id::text, d.currency), b.account_id,
    coalesce(b.kind, 'all entries') || ' in ' || d.currency || ': recorded ' || d.recorded_minor
        || ', by its entries ' || d.rebuilt_minor || ' (minor units)'
from ledger_differences d
left join books b on b.id = d.book_id
where d.settled_at is null
order by d.id
""",
    ),
)
