"""Every balance rebuilt from the entries behind it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from skypanel.identity.actions import audit
from skypanel.ledger.events import DifferenceFound
from skypanel.ledger.models import Book, Entry, LedgerDifference, LedgerProof
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id

BOOKS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Proved:
    """How many books were rebuilt, how many differ, and where to go on; nothing: all done."""

    books: int
    differences: int
    last: UUID | None


async def prove_books(db: Db, after: UUID) -> Proved:
    """Rebuild the next books' balances from their entries, in one statement and so one instant.

    A book that differs becomes a difference that stands until it agrees again; it is audited and
    DifferenceFound is published, once.
    """
    chosen = select(Book.id).where(Book.id > after).order_by(Book.id).limit(BOOKS_AT_ONCE)
    rebuilt = func.coalesce(func.sum(Entry.amount_minor), 0)
    rows = await db.execute(
        select(Book.id, Book.kind, Book.account_id, Book.currency, Book.balance_minor, rebuilt)
        .outerjoin(Entry, Entry.book_id == Book.id)
        .where(Book.id.in_(chosen))
        .group_by(Book.id)
        .order_by(Book.id)
    )
    found = list(rows)
    standing = await _standing(db, [book_id for book_id, *_ in found])
    differences = 0
    for book_id, kind, account_id, currency, recorded, summed in found:
        total = int(summed)
        if recorded != total:
            differences += 1
            seen = standing.get(book_id)
            _differs(db, seen, book_id, currency, recorded, total, kind=kind, account_id=account_id)
        elif book_id in standing:
            standing[book_id].settled_at = db.now
    whole = len(found) < BOOKS_AT_ONCE
    return Proved(len(found), differences, None if whole else found[-1][0])


async def prove_currencies(db: Db) -> int:
    """All entries of a currency sum to nothing; how many currencies do not."""
    rows = await db.execute(
        select(Entry.currency, func.sum(Entry.amount_minor)).group_by("currency")
    )
    off = {currency: int(total) for currency, total in rows if total}
    stood = await db.scalars(
        select(LedgerDifference).where(
            LedgerDifference.book_id.is_(None), LedgerDifference.settled_at.is_(None)
        )
    )
    standing = {each.currency: each for each in stood}
    for currency, total in off.items():
        _differs(db, standing.pop(currency, None), None, currency, total, 0)
    for settled in standing.values():
        settled.settled_at = db.now
    return len(off)


def record_proof(db: Db, *, books: int, differences: int) -> None:
    """Keep that the whole ledger was proved, and what came of it."""
    db.add(LedgerProof(at=db.now, books=books, differences=differences))


async def _standing(db: Db, book_ids: list[UUID]) -> dict[UUID, LedgerDifference]:
    rows = await db.scalars(
        select(LedgerDifference).where(
            LedgerDifference.book_id.in_(book_ids), LedgerDifference.settled_at.is_(None)
        )
    )
    return {each.book_id: each for each in rows if each.book_id is not None}


def _differs(
    db: Db,
    seen: LedgerDifference | None,
    book_id: UUID | None,
    currency: str,
    recorded: int,
    rebuilt: int,
    *,
    kind: str = "",
    account_id: UUID | None = None,
) -> None:
    if seen is not None:
        seen.recorded_minor, seen.rebuilt_minor = recorded, rebuilt
        return
    difference = LedgerDifference(
        id=new_id(),
        book_id=book_id,
        currency=currency,
        recorded_minor=recorded,
        rebuilt_minor=rebuilt,
        found_at=db.now,
    )
    db.add(difference)
    audit(
        db,
        "ledger.difference",
        "book" if book_id else "currency",
        book_id or currency,
        account_id=account_id,
        book=kind,
        recorded_minor=recorded,
        rebuilt_minor=rebuilt,
        currency=currency,
    )
    db.publish(DifferenceFound(difference.id))
