"""PayPal's own report of what moved: the last word when notices were lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlencode

from skypanel.integrations.paypal.core import Core
from skypanel.integrations.paypal.types import Transaction, read_transaction

PAGE_SIZE = 100


class Reports(Core):
    """The calls about reports."""

    async def transactions(self, since: datetime, until: datetime) -> AsyncIterator[Transaction]:
        """Everything that moved between two instants, at most 31 days apart, page by page."""
        page, pages = 1, 1
        while page <= pages:
            asked = {
                "start_date": _stamp(since),
                "end_date": _stamp(until),
                "fields": "transaction_info",
                "page_size": PAGE_SIZE,
                "page": page,
            }
            path = f"/v1/reporting/transactions?{urlencode(asked)}"
            found = await self._raw("GET", path, mutates=False)
            for each in found.get("transaction_details") or ():
                yield self._read(read_transaction, each, mutates=False)
            pages = int(found.get("total_pages") or 1)
            page += 1


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
