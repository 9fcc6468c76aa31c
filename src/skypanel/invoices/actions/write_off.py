"""Giving up on money that was asked for."""

from __future__ import annotations

from uuid import UUID

from skypanel.identity.actions import audit
from skypanel.invoices.actions.pay import lock_invoice
from skypanel.invoices.events import InvoiceWrittenOff
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import INVOICE_STATES, InvoiceKind
from skypanel.ledger.actions import book, post
from skypanel.platform.db import Db
from skypanel.platform.money import Money
from skypanel.platform.states import advance


async def write_off(db: Db, invoice_id: UUID, reason: str) -> Invoice:
    """Nobody expects an open invoice to be paid any more; it may still be.

    What is due of a numbered one becomes a loss in the books; of a proforma no income was booked,
    so there is nothing to lose. Publishes InvoiceWrittenOff. Refuses `verb_not_allowed`.
    """
    invoice = await lock_invoice(db, invoice_id)
    due = Money(invoice.due_minor, invoice.currency)
    advance(db, invoice, INVOICE_STATES, "write_off", note=reason)
    await db.flush()
    if invoice.kind != InvoiceKind.PROFORMA and due:
        owed = await book(db, "receivable", invoice.currency, invoice.account_id)
        lost = await book(db, "write_off", invoice.currency)
        await post(
            db,
            key=f"write-off:{invoice.id}",
            reason=f"Invoice {invoice.number} written off",
            entries=[(owed.id, due), (lost.id, -due)],
            account_id=invoice.account_id,
            subject_kind="invoice",
            subject_id=invoice.id,
        )
    audit(
        db,
        "invoice.write_off",
        "invoice",
        invoice.id,
        account_id=invoice.account_id,
        reason=reason,
        due_minor=due.minor,
    )
    db.publish(InvoiceWrittenOff(invoice.id, invoice.account_id))
    return invoice
