"""An account's side of the ledger, entry by entry, or with the hours of a day in one row."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, and_, bindparam, case, cast, func, literal, select, text
from sqlalchemy.orm import aliased

from skypanel.ledger.models import Book, Entry, Transfer
from skypanel.ledger.rules import SHOWN_TO_CUSTOMER, BookKind
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.read import Page, Query, money

HOURS = "usage:%"
DAY = text("interval '1 day'")


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
    folded: list[int] | None = None,
) -> dict[str, Any]:
    wallet = book == BookKind.WALLET
    count, whole = folded or (1, minor)
    return {
        "id": entry_id,
        "at": at,
        "kind": "wallet" if wallet else key.partition(":")[0],
        "description": reason,
        "amount": money(whole, currency),
        "balance_after": money(balance_minor, currency) if wallet else None,
        "invoice_id": subject_id if subject_kind == "invoice" else None,
        "payment_id": subject_id if subject_kind == "payment" else None,
        "folded": {"count": count, "service_id": subject_id, "on": at.date()}
        if count > 1
        else None,
    }


_of_account = (
    Entry.account_id == bindparam("account", type_=Uuid()),
    Entry.id < bindparam("before", type_=Uuid()),
    Book.kind.in_([literal(kind) for kind in SHOWN_TO_CUSTOMER]),
)
_rows = (
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
    .order_by(Entry.id.desc())
    .limit(bindparam("limit"))
)
_other, _cause = aliased(Entry), aliased(Transfer)
_day = func.date_trunc("day", Entry.at, "UTC")
# The hours of the same service and UTC day, in the same book.
_same = and_(
    _other.account_id == Entry.account_id,
    _other.book_id == Entry.book_id,
    _other.at < _day + DAY,
    _cause.subject_id == Transfer.subject_id,
    _cause.key.like(HOURS),
)
# Asked row by row, so that the list stops with its page: the newest of a day stands for all.
_newer = (
    select(_other.id)
    .join(_cause, _cause.id == _other.transfer_id)
    .where(_same, _other.at >= Entry.at, _other.id > Entry.id)
    .limit(1)
    .correlate(Entry, Transfer)
    .scalar_subquery()
)
_folded = (
    select(func.jsonb_build_array(func.count(), func.sum(_other.amount_minor)))
    .select_from(_other)
    .join(_cause, _cause.id == _other.transfer_id)
    .where(_same, _other.at >= _day)
    .correlate(Entry, Transfer)
    .scalar_subquery()
)
EACH: Query[dict[str, Any]] = Query(_rows.where(*_of_account), _transaction)
BY_DAY: Query[dict[str, Any]] = Query(
    _rows.add_columns(case((Transfer.key.like(HOURS), _folded))).where(
        *_of_account, case((Transfer.key.like(HOURS), _newer)).is_(None)
    ),
    _transaction,
)
OF_DAY: Query[dict[str, Any]] = Query(
    _rows.where(
        *_of_account,
        Transfer.subject_id == bindparam("service", type_=Uuid()),
        Transfer.key.like(HOURS),
        Entry.at >= func.timezone("UTC", cast(bindparam("on", type_=Date()), Date)),
        Entry.at < func.timezone("UTC", cast(bindparam("on", type_=Date()), Date) + DAY),
    ),
    _transaction,
)


async def transactions(
    read: Read, viewer: Viewer, page: Page, account_id: UUID, *, folded: bool = False
) -> dict[str, Any]:
    """An account's side of the ledger, newest first; `folded`: a row for a day of hours."""
    viewer.require("billing.view", account_id)
    return await (BY_DAY if folded else EACH).page(read, page, account=account_id)


async def hours_of_day(
    read: Read, viewer: Viewer, page: Page, account_id: UUID, service_id: UUID, on: date
) -> dict[str, Any]:
    """What the hours of a service moved on a day (UTC), entry by entry."""
    viewer.require("billing.view", account_id)
    return await OF_DAY.page(read, page, account=account_id, service=service_id, on=on)
