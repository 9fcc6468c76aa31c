"""Issuing and closing many invoices at once: the same rows as one by one, in few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from skypanel.customers.queries import billing_parties
from skypanel.invoices.actions.series import today
from skypanel.invoices.events import InvoicesIssued, InvoicesPaid
from skypanel.invoices.models import Invoice, InvoiceLine, NumberSeries
from skypanel.invoices.rules import (
    BECOMES,
    InvoiceDraft,
    InvoiceKind,
    InvoiceState,
    SellerSettings,
    number_text,
)
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.states import note_changes
from skypanel.platform.write import Insert

INVOICES, LINES = Insert(Invoice, also=("tax_note",)), Insert(InvoiceLine)
DRAWN = "select nextval('proforma_numbers') from generate_series(1, %(count)s)"
OPEN = "update invoices set state = 'open' where id = any(%(ids)s)"
CLOSE = """
update invoices set state = 'paid', kind = becomes, number = closing.number,
    paid_minor = total_minor, paid_at = %(now)s, issued_on = %(day)s
from unnest(%(ids)s::uuid[], %(numbers)s::text[]) as closing (id, number)
where invoices.id = closing.id and invoices.state = 'open'
"""


@dataclass(frozen=True, slots=True)
class Payable:
    """An open invoice about to be closed by money that covers it."""

    id: UUID
    account_id: UUID
    becomes: str
    net_minor: int
    tax_minor: int
    total_minor: int
    currency: str
    proforma_number: str


async def issue_invoices(db: Db, drafts: Sequence[InvoiceDraft]) -> list[UUID]:
    """Ask many accounts to pay, each as `issue_invoice` does; their ids in the drafts' order.

    Publishes one InvoicesIssued for all. Every draft asks for something.
    """
    seller = await db.house.settings.get(SellerSettings)
    parties = await billing_parties(db, {draft.account_id for draft in drafts})
    day, paper = today(db, seller), seller.snapshot()
    cursor = await (await db.driver()).execute(DRAWN.encode(), {"count": len(drafts)})
    numbers = [number_text(seller.proforma_series, day.year, n) for (n,) in await cursor.fetchall()]
    ids = [new_id() for _ in drafts]
    await INVOICES.many(
        db,
        (
            _row(db, draft, invoice_id, number, day, parties[draft.account_id], paper)
            for draft, invoice_id, number in zip(drafts, ids, numbers, strict=True)
        ),
    )
    await LINES.many(
        db,
        (
            line
            for draft, invoice_id in zip(drafts, ids, strict=True)
            for line in _lines(draft, invoice_id)
        ),
    )
    await db.run(OPEN, ids=ids)
    await note_changes(db, "invoices", ids, "issue", "draft", "open")
    db.publish(InvoicesIssued(tuple(ids)))
    return ids


def _row(
    db: Db,
    draft: InvoiceDraft,
    invoice_id: UUID,
    number: str,
    day: date,
    buyer: Mapping[str, Any],
    seller: Mapping[str, Any],
) -> dict[str, Any]:
    net, tax = draft.net.minor, draft.tax.minor
    if net + tax <= 0:
        raise ValueError("an invoice of a batch asks for something")
    return {
        "id": invoice_id,
        "account_id": draft.account_id,
        "kind": InvoiceKind.PROFORMA.value,
        "becomes": BECOMES[draft.kind],
        "state": InvoiceState.DRAFT.value,
        "number": number,
        "proforma_number": number,
        "currency": draft.currency,
        "net_minor": net,
        "tax_minor": tax,
        "total_minor": net + tax,
        "paid_minor": 0,
        "issued_on": day,
        "due_on": draft.due_on,
        "buyer": buyer,
        "seller": seller,
        "order_ref": draft.order_ref,
        "tax_note": draft.tax_note,
        "created_at": db.now,
    }


def _lines(draft: InvoiceDraft, invoice_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "invoice_id": invoice_id,
            "account_id": draft.account_id,
            "position": position,
            "description": line.description,
            "detail": line.detail,
            "quantity": line.quantity,
            "unit_price_minor": line.unit_price.minor,
            "net_minor": line.net.minor,
            "tax_rate": line.tax_rate,
            "tax_minor": line.tax.minor,
            "tax_category": line.category,
            "period_start": line.period_start,
            "period_end": line.period_end,
            "explanation": line.explanation,
        }
        for position, line in enumerate(draft.lines, 1)
    ]


async def close_invoices(db: Db, closing: Sequence[Payable]) -> dict[UUID, str]:
    """Give invoices that are locked, open and covered their final numbers; the number of each.

    Each series hands out one range. Books are the caller's. Publishes one InvoicesPaid for all.
    """
    seller = await db.house.settings.get(SellerSettings)
    day = today(db, seller)
    by_series: dict[str, list[UUID]] = {}
    for each in closing:
        by_series.setdefault(seller.series(each.becomes), []).append(each.id)
    numbers: dict[UUID, str] = {}
    for series, ids in sorted(by_series.items()):
        first = await _take_range(db, series, day.year, len(ids))
        numbers |= {
            invoice_id: number_text(series, day.year, first + offset)
            for offset, invoice_id in enumerate(ids)
        }
    touched = await db.run(
        CLOSE, ids=list(numbers), numbers=list(numbers.values()), now=db.now, day=day
    )
    if touched != len(numbers):
        raise ValueError("an invoice was not open any more, though it was locked")
    await note_changes(db, "invoices", list(numbers), "pay", "open", "paid")
    db.publish(InvoicesPaid(tuple(numbers)))
    return numbers


async def _take_range(db: Db, series: str, year: int, count: int) -> int:
    """The first of so many numbers in a row; the series stays locked until the end."""
    taken = insert(NumberSeries).values(series=series, year=year, last_number=count)
    last: int | None = await db.scalar(
        taken.on_conflict_do_update(
            index_elements=["series", "year"],
            set_={"last_number": NumberSeries.last_number + count},
        ).returning(NumberSeries.last_number)
    )
    assert last is not None
    return last - count + 1
