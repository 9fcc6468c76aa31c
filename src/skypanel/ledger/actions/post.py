"""The only way money moves: `post` balanced entries between books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import String

from skypanel.ledger.errors import BalanceTooLow, TransferUnbalanced
from skypanel.ledger.models import Book, Entry, Transfer
from skypanel.ledger.rules import FLOORS_MINOR, LOCK_ORDER, PERSONAL, BookKind
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money


async def book(db: Db, kind: str, currency: str, account_id: UUID | None = None) -> Book:
    """The book of this kind and currency, opened at its first use.

    `account_id` is for the kinds an account has (wallet, receivable, promotional) and only those.
    """
    known = BookKind(kind)
    if (known in PERSONAL) != (account_id is not None):
        raise ValueError(f"a {kind} book {'needs' if known in PERSONAL else 'has no'} account")
    wanted = select(Book).where(
        Book.kind == kind,
        Book.currency == currency,
        Book.account_id.is_not_distinct_from(account_id),
    )
    found = await db.scalar(wanted)
    if found is None:
        opened = insert(Book).values(
            id=new_id(),
            kind=kind,
            currency=currency,
            account_id=account_id,
            balance_minor=0,
            floor_minor=FLOORS_MINOR.get(known),
            created_at=db.now,
        )
        await db.execute(opened.on_conflict_do_nothing())
        found = (await db.scalars(wanted)).one()
    return found


async def post(
    db: Db,
    *,
    key: str,
    reason: str,
    entries: Sequence[tuple[UUID, Money]],
    account_id: UUID | None = None,
    subject_kind: str | None = None,
    subject_id: UUID | None = None,
) -> Transfer | None:
    """Move money between books: entries `(book id, amount)`, a credit positive, zero in sum.

    Nothing happens and None is answered when a transfer of that key was posted before. Refuses
    `balance_too_low` when a book would fall under its floor.
    """
    amounts = _summed(entries)
    transfer = Transfer(
        id=new_id(),
        key=key,
        reason=reason,
        account_id=account_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor_kind=db.actor.kind,
        actor_id=db.actor.id,
        at=db.now,
    )
    if not await _claimed(db, transfer):
        return None
    for held in await _locked(db, list(amounts)):
        amount = amounts[held.id]
        if held.currency != amount.currency:
            raise TransferUnbalanced(f"{amount} does not belong in a book of {held.currency}")
        balance_minor = held.balance_minor + amount.minor
        floor_minor = held.floor_minor
        if amount.minor < 0 and floor_minor is not None and balance_minor < floor_minor:
            raise BalanceTooLow
        db.add(
            Entry(
                transfer_id=transfer.id,
                book_id=held.id,
                account_id=held.account_id,
                amount_minor=amount.minor,
                currency=amount.currency,
                balance_after_minor=balance_minor,
                at=db.now,
            )
        )
        # The entry moves its book in the database; what we hold in memory follows.
        set_committed_value(held, "balance_minor", balance_minor)
    await db.flush()
    return transfer


def _summed(entries: Sequence[tuple[UUID, Money]]) -> dict[UUID, Money]:
    """One amount per book; what sums to nothing in a book is left out."""
    amounts: dict[UUID, Money] = {}
    totals: dict[str, int] = defaultdict(int)
    for book_id, amount in entries:
        amounts[book_id] = amounts[book_id] + amount if book_id in amounts else amount
        totals[amount.currency] += amount.minor
    if any(totals.values()):
        raise TransferUnbalanced(f"the entries sum to {dict(totals)}")
    moved = {book_id: amount for book_id, amount in amounts.items() if amount}
    if not moved:
        raise TransferUnbalanced("a transfer moves something")
    return moved


async def _claimed(db: Db, transfer: Transfer) -> bool:
    """Write the transfer unless its key is taken; one being written elsewhere is waited for."""
    columns = {each.key: getattr(transfer, each.key) for each in Transfer.__table__.columns}
    written = insert(Transfer).values(columns).on_conflict_do_nothing(index_elements=["key"])
    return await db.scalar(written.returning(Transfer.id)) is not None


async def _locked(db: Db, book_ids: list[UUID]) -> list[Book]:
    """The books, locked in the one order everybody locks them in, as they stand now."""
    rank = func.array_position(literal(LOCK_ORDER, ARRAY(String)), Book.kind)
    found = await db.scalars(
        select(Book)
        .where(Book.id.in_(book_ids))
        .order_by(rank, Book.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    books = list(found)
    if len(books) != len(book_ids):
        raise TransferUnbalanced("an entry names a book that does not exist")
    return books
