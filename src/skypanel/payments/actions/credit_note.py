"""The one call by which a refund corrects its invoice."""

from __future__ import annotations

from uuid import UUID

from skypanel.invoices.actions import credit_invoice
from skypanel.invoices.errors import InvoiceNotCreditable
from skypanel.invoices.models import Invoice
from skypanel.platform.db import Db
from skypanel.platform.money import Money


async def write_credit_note(db: Db, invoice: Invoice, amount: Money, reason: str) -> UUID | None:
    """Take `amount` of a numbered invoice back, or what is left of it to take back.

    The receivable book then owes it to the customer. What was credited before is owed already, and
    no second note is written for it.
    """
    left_minor = invoice.total_minor - invoice.credited_minor
    part = Money(min(amount.minor, left_minor), amount.currency)
    if not part:
        return None
    try:
        note = await credit_invoice(db, invoice.id, part, reason)
    except InvoiceNotCreditable:
        return None
    return note.id
