"""Statements of account: what the ledger says of one customer in a period.

The balance is the customer's position: money in the wallet and promotional credit, less what is
owed. A payment raises it, an invoice lowers it, and what only moves between the customer's own
books (paying from the wallet) does not change it and is not listed. So opening, movements and
closing are sums of ledger entries and nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CHAR, DateTime, Integer, Uuid, and_, bindparam, func, literal, or_, select

from skypanel.customers.queries import billing_party
from skypanel.invoices.errors import StatementTooLong
from skypanel.invoices.models import StatementDocument
from skypanel.ledger.models import Book, Entry, Transfer
from skypanel.ledger.rules import PERSONAL
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.read import FIRST_ID, Query, money

BATCH = 500
ROWS_MAX = 2000
_INSTANT = DateTime(timezone=True)
_MINE = and_(
    Entry.account_id == bindparam("account", type_=Uuid()),
    Entry.currency == bindparam("currency", type_=CHAR(3)),
    Book.kind.in_([literal(kind) for kind in sorted(PERSONAL)]),
)
_OPENING: Query[int] = Query(
    select(func.coalesce(func.sum(Entry.amount_minor), 0))
    .join(Book, Book.id == Entry.book_id)
    .where(_MINE, Entry.at < bindparam("start", type_=_INSTANT)),
    int,
)
_AFTER_AT, _AFTER_ID = bindparam("after_at", type_=_INSTANT), bindparam("after_id", type_=Uuid())
_EFFECT = func.sum(Entry.amount_minor)
_MOVEMENTS = Query(
    select(
        Transfer.id,
        Transfer.at,
        Transfer.key,
        Transfer.reason,
        Transfer.subject_kind,
        Transfer.subject_id,
        _EFFECT.label("effect"),
    )
    .join(Entry, Entry.transfer_id == Transfer.id)
    .join(Book, Book.id == Entry.book_id)
    .where(
        _MINE,
        Entry.at >= bindparam("start", type_=_INSTANT),
        Entry.at < bindparam("end", type_=_INSTANT),
        or_(Entry.at > _AFTER_AT, and_(Entry.at == _AFTER_AT, Transfer.id > _AFTER_ID)),
    )
    .group_by(Transfer.id)
    .having(_EFFECT != 0)
    .order_by(Transfer.at, Transfer.id)
    .limit(bindparam("limit", type_=Integer()))
)
_KINDS = {"invoice": "document", "credit-note": "document", "write-off": "write_off"}


@dataclass(frozen=True, slots=True)
class Period:
    """An account's local days, both included, and the instants between which they lie."""

    account_id: UUID
    currency: str
    party: dict[str, Any]
    first: date
    last: date
    start: datetime
    end: datetime


async def period_of(read: Read, account_id: UUID, first: date, last: date) -> Period:
    """The days of a statement in the account's zone."""
    if last < first:
        raise FieldRefusal("last", "The period ends before it begins.", "period_backwards")
    party = await billing_party(read, account_id)
    zone = ZoneInfo(party["time_zone"])
    try:
        start = datetime.combine(first, time.min, zone)
        end = datetime.combine(last + timedelta(days=1), time.min, zone)
    except OverflowError:
        raise FieldRefusal("last", "There is no such period.", "period_unknown") from None
    return Period(account_id, party["currency"], party, first, last, start, end)


async def opening(read: Read, period: Period) -> int:
    """The customer's position when the period begins, in minor units."""
    minor = await _OPENING.one(
        read, account=period.account_id, currency=period.currency, start=period.start
    )
    return minor or 0


async def movements(read: Read, period: Period, begun_minor: int) -> AsyncIterator[dict[str, Any]]:
    """What changed the position, oldest first, each with the balance after it."""
    balance, zone = begun_minor, ZoneInfo(period.party["time_zone"])
    after_at, after_id = period.start, FIRST_ID
    while True:
        rows = await _MOVEMENTS.all(
            read,
            account=period.account_id,
            currency=period.currency,
            start=period.start,
            end=period.end,
            after_at=after_at,
            after_id=after_id,
            limit=BATCH,
        )
        for row in rows:
            effect = int(row["effect"])
            balance += effect
            yield {
                "id": row["id"],
                "on": row["at"].astimezone(zone).date(),
                "kind": _KINDS.get(row["key"].partition(":")[0], "payment"),
                "description": row["reason"],
                "invoice_id": row["subject_id"] if row["subject_kind"] == "invoice" else None,
                "charge": money(-effect, period.currency) if effect < 0 else None,
                "credit": money(effect, period.currency) if effect > 0 else None,
                "balance": money(balance, period.currency),
            }
        if len(rows) < BATCH:
            return
        after_at, after_id = rows[-1]["at"], rows[-1]["id"]


async def statement(read: Read, account_id: UUID, first: date, last: date) -> dict[str, Any]:
    """A whole statement. Refuses `statement_too_long` for more than two thousand movements."""
    period = await period_of(read, account_id, first, last)
    begun = await opening(read, period)
    items: list[dict[str, Any]] = []
    async for each in movements(read, period, begun):
        if len(items) == ROWS_MAX:
            raise StatementTooLong
        items.append(each)
    closing = items[-1]["balance"] if items else money(begun, period.currency)

    def total(side: str) -> dict[str, Any] | None:
        minor = sum(each[side]["minor"] for each in items if each[side])
        return money(minor, period.currency)

    return {
        "account_id": account_id,
        "party": period.party,
        "first": first,
        "last": last,
        "opening": money(begun, period.currency),
        "movements": items,
        "charges": total("charge"),
        "credits": total("credit"),
        "closing": closing,
    }


_DOCUMENT = Query(
    select(
        StatementDocument.id,
        StatementDocument.account_id,
        StatementDocument.first_on,
        StatementDocument.last_on,
        StatementDocument.content,
    ).where(StatementDocument.id == bindparam("statement", type_=Uuid()))
)


async def statement_document(read: Read, statement_id: UUID) -> dict[str, Any]:
    """A statement that is or will be a PDF."""
    found = await _DOCUMENT.one(read, statement=statement_id)
    if found is None:
        raise NotFound
    return found


async def statement_document_for(read: Read, viewer: Viewer, statement_id: UUID) -> dict[str, Any]:
    """One of the viewer's accounts' statements; staff who see invoices see all."""
    found = await statement_document(read, statement_id)
    if "invoices.view" not in viewer.staff:
        viewer.require("billing.view", found["account_id"])
    return found
