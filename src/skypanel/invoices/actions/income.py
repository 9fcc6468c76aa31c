"""What an invoice does to the books, and what a credit note takes back.

An invoice: receivable falls by its total (the customer owes it), revenue and tax rise; of a top-up
the wallet rises instead. A credit note books the same the other way round, so the receivable rises
by what the house owes back. The money itself, in or out, is a transfer of its own between the
receivable and where it came from or went to; whoever moves it books it.
"""

from __future__ import annotations

from uuid import UUID

from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceKind
from skypanel.ledger.actions import book, post
from skypanel.platform.db import Db
from skypanel.platform.money import Money


async def book_income(db: Db, invoice: Invoice) -> None:
    """Revenue and tax arise; of a top-up, money in the wallet."""
    owed = await book(db, "receivable", invoice.currency, invoice.account_id)
    amount = Money(invoice.total_minor, invoice.currency)
    await post(
        db,
        key=f"invoice:{invoice.id}",
        reason=f"Invoice {invoice.number}",
        entries=[(owed.id, -amount), *await _gains(db, invoice, invoice.kind)],
        account_id=invoice.account_id,
        subject_kind="invoice",
        subject_id=invoice.id,
    )


async def book_credit(db: Db, note: Invoice, credited: Invoice, *, unexpected_minor: int) -> None:
    """Revenue and tax are taken back; what was written off of it is no loss any more.

    `unexpected_minor` is how much of the note was written off before. Refuses `balance_too_low`
    when a top-up that was spent already is credited.
    """
    gains = [(book_id, -amount) for book_id, amount in await _gains(db, note, credited.kind)]
    owed = await book(db, "receivable", note.currency, note.account_id)
    entries = [(owed.id, Money(note.total_minor - unexpected_minor, note.currency)), *gains]
    if unexpected_minor:
        lost = await book(db, "write_off", note.currency)
        entries.append((lost.id, Money(unexpected_minor, note.currency)))
    await post(
        db,
        key=f"credit-note:{note.id}",
        reason=f"Credit note {note.number} for {credited.number}",
        entries=entries,
        account_id=note.account_id,
        subject_kind="invoice",
        subject_id=note.id,
    )


async def _gains(db: Db, document: Invoice, kind: str) -> list[tuple[UUID, Money]]:
    """Where the document's total goes, as credits."""
    currency = document.currency
    if kind == InvoiceKind.RECEIPT:
        wallet = await book(db, "wallet", currency, document.account_id)
        return [(wallet.id, Money(document.total_minor, currency))]
    revenue = await book(db, "revenue", currency)
    gains = [(revenue.id, Money(document.net_minor, currency))]
    if document.tax_minor:
        tax = await book(db, "tax", currency)
        gains.append((tax.id, Money(document.tax_minor, currency)))
    return gains
