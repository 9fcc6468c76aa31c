"""Many transfers at once: the same rows as one by one, in few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CHAR, String, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from skypanel.ledger.errors import TransferUnbalanced
from skypanel.ledger.models import Book, Entry, Transfer
from skypanel.ledger.rules import FLOORS_MINOR, BookKind
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.read import Query
from skypanel.platform.write import Insert

TRANSFERS, ENTRIES = Insert(Transfer), Insert(Entry)
OPEN = """
insert into books (id, kind, currency, account_id, balance_minor, floor_minor, created_at)
select id, %(kind)s::varchar, %(currency)s::char(3), account, 0, %(floor)s::bigint, %(now)s
from unnest(%(ids)s::uuid[], %(accounts)s::uuid[]) as opened (id, account)
where not exists (
    select 1 from books
    where kind = %(kind)s::varchar and currency = %(currency)s::char(3)
        and account_id = opened.account
)
on conflict do nothing
"""
HELD: Query[tuple[UUID, UUID, int]] = Query(
    select(Book.account_id, Book.id, Book.balance_minor)
    .where(
        Book.kind == bindparam("kind", type_=String()),
        Book.currency == bindparam("currency", type_=CHAR(3)),
        Book.account_id == bindparam("accounts", type_=ARRAY(Uuid)).any_(),
    )
    .order_by(Book.id)
    .with_for_update(),
    lambda account_id, book_id, balance_minor: (account_id, book_id, balance_minor),
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A transfer to be posted: entries are (book, the account it belongs to, minor units)."""

    key: str
    reason: str
    currency: str
    entries: Sequence[tuple[UUID, UUID | None, int]]
    account_id: UUID | None
    subject_kind: str
    subject_id: UUID


async def lock_books(
    db: Db, kind: BookKind, currency: str, accounts: Collection[UUID]
) -> dict[UUID, tuple[UUID, int]]:
    """Book and balance of each account's book of this kind, locked, opened where missing.

    Whoever locks books of several kinds does so in the order of `LOCK_ORDER`.
    """
    wanted = sorted(accounts)
    await db.run(
        OPEN,
        kind=kind.value,
        currency=currency,
        accounts=wanted,
        ids=[new_id() for _ in wanted],
        floor=FLOORS_MINOR.get(kind),
        now=db.now,
    )
    rows = await HELD.all(db, kind=kind.value, currency=currency, accounts=wanted)
    return {account_id: (book_id, balance_minor) for account_id, book_id, balance_minor in rows}


async def post_many(db: Db, postings: Sequence[Posting]) -> None:
    """Post transfers whose books are locked and can bear them, each as `post` does.

    A key that was posted before fails the whole batch: the caller locks what the keys stand for.
    """
    for each in postings:
        if sum(minor for _, _, minor in each.entries) or not each.entries:
            raise TransferUnbalanced(f"the entries of {each.key} do not sum to nothing")
    ids = [new_id() for _ in postings]
    paired = list(zip(ids, postings, strict=True))
    await TRANSFERS.many(
        db,
        (
            {
                "id": transfer_id,
                "key": each.key,
                "reason": each.reason,
                "account_id": each.account_id,
                "subject_kind": each.subject_kind,
                "subject_id": each.subject_id,
                "actor_kind": db.actor.kind,
                "actor_id": db.actor.id,
                "at": db.now,
            }
            for transfer_id, each in paired
        ),
    )
    await ENTRIES.many(
        db,
        (
            {
                "id": new_id(),
                "transfer_id": transfer_id,
                "book_id": book_id,
                "account_id": account_id,
                "amount_minor": minor,
                "currency": each.currency,
                "balance_after_minor": 0,  # set by the trigger that moves the book
                "at": db.now,
            }
            for transfer_id, each in paired
            for book_id, account_id, minor in each.entries
        ),
    )
