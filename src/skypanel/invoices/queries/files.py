"""Invoices and statements as files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Literal
from uuid import UUID

from starlette.responses import StreamingResponse

from skypanel.invoices.queries.exports import HEAD
from skypanel.invoices.queries.statement import movements, opening, period_of
from skypanel.platform.db import Read
from skypanel.platform.http.export import csv_answer, json_answer
from skypanel.platform.money import Money

FileFormat = Literal["csv", "json"]
STATEMENT_HEAD = ("date", "kind", "description", "charge", "credit", "balance", "currency")


def invoices_file(rows: AsyncIterator[dict[str, Any]], kind: FileFormat) -> StreamingResponse:
    """Invoices as a table, or as objects."""
    if kind == "json":
        return json_answer("invoices", rows)

    async def cells() -> AsyncIterator[list[Any]]:
        async for row in rows:
            yield [row[name] for name in HEAD]

    return csv_answer("invoices", HEAD, cells())


async def statement_file(
    read: Read, account_id: UUID, first: date, last: date
) -> StreamingResponse:
    """A statement as a table: the opening, every movement with its balance, the closing."""
    period = await period_of(read, account_id, first, last)
    begun = await opening(read, period)

    def major(amount: dict[str, Any] | None) -> Any:
        return None if amount is None else Money(amount["minor"], amount["currency"]).major

    async def cells() -> AsyncIterator[list[Any]]:
        balance = Money(begun, period.currency).major
        yield [period.first, "opening", "Balance before", None, None, balance, period.currency]
        async for each in movements(read, period, begun):
            balance = major(each["balance"])
            yield [
                each["on"],
                each["kind"],
                each["description"],
                major(each["charge"]),
                major(each["credit"]),
                balance,
                period.currency,
            ]
        yield [period.last, "closing", "Balance at the end", None, None, balance, period.currency]

    return csv_answer(f"statement-{first}-{last}", STATEMENT_HEAD, cells())
