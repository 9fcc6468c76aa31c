"""Every invoice of an account, or of all, in batches: for files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, bindparam, literal, select
from sqlalchemy.orm import aliased

from skypanel.identity.models import Account
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceState
from skypanel.platform.db import Read
from skypanel.platform.money import Money
from skypanel.platform.read import LAST_ID, Query

BATCH = 500
HEAD = (
    "number", "kind", "state", "account", "issued_on", "due_on", "paid_at", "currency", "net",
    "tax", "total", "paid", "credited", "corrects", "buyer", "buyer_country", "buyer_tax_number",
)  # fmt: skip
_CORRECTED = aliased(Invoice)
_MONEY = ("net", "tax", "total", "paid", "credited")
_SELECT = (
    select(
        Invoice.id,
        Invoice.number,
        Invoice.kind,
        Invoice.state,
        Account.name.label("account"),
        Invoice.issued_on,
        Invoice.due_on,
        Invoice.paid_at,
        Invoice.currency,
        Invoice.net_minor.label("net"),
        Invoice.tax_minor.label("tax"),
        Invoice.total_minor.label("total"),
        Invoice.paid_minor.label("paid"),
        Invoice.credited_minor.label("credited"),
        _CORRECTED.number.label("corrects"),
        Invoice.buyer,
    )
    .join(Account, Account.id == Invoice.account_id)
    .outerjoin(_CORRECTED, _CORRECTED.id == Invoice.credits_id)
    .where(
        Invoice.id < bindparam("before", type_=Uuid()),
        Invoice.issued_on.between(
            bindparam("first", type_=Date()), bindparam("last", type_=Date())
        ),
    )
    .order_by(Invoice.id.desc())
    .limit(bindparam("limit", type_=Integer()))
)
_ALL: Query[dict[str, Any]] = Query(_SELECT)
_OF_ACCOUNT: Query[dict[str, Any]] = Query(
    _SELECT.where(
        Invoice.account_id == bindparam("account_id", type_=Uuid()),
        Invoice.state != literal(InvoiceState.DRAFT.value),
    )
)


async def exported(
    read: Read, *, account_id: UUID | None, first: date | None, last: date | None
) -> AsyncIterator[dict[str, Any]]:
    """The invoices issued in a period, newest first; of an account without its drafts.

    Amounts are exact numbers in major units.
    """
    asked: dict[str, Any] = {"first": first or date.min, "last": last or date.max}
    query = _ALL
    if account_id is not None:
        query, asked["account_id"] = _OF_ACCOUNT, account_id
    before = LAST_ID
    while True:
        rows = await query.all(read, before=before, limit=BATCH, **asked)
        for row in rows:
            buyer = row.pop("buyer")
            row["buyer"] = buyer.get("company") or buyer.get("name")
            row["buyer_country"] = buyer.get("country")
            row["buyer_tax_number"] = buyer.get("tax_number")
            for name in _MONEY:
                row[name] = Money(row[name], row["currency"]).major
            yield row
        if len(rows) < BATCH:
            return
        before = rows[-1]["id"]
