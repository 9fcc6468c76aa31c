"""Stopping to ask for money."""

from __future__ import annotations

from uuid import UUID

from skypanel.identity.actions import audit
from skypanel.invoices.actions.pay import lock_invoice
from skypanel.invoices.errors import InvoicePartlyPaid
from skypanel.invoices.events import InvoiceVoided
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import INVOICE_STATES, InvoiceState
from skypanel.platform.db import Db
from skypanel.platform.states import advance


async def void_invoice(db: Db, invoice_id: UUID, reason: str) -> Invoice:
    """Stop asking for an unpaid proforma. Publishes InvoiceVoided.

    Refuses `invoice_partly_paid`, and `verb_not_allowed` once it has its final number.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state == InvoiceState.OPEN and invoice.paid_minor:
        raise InvoicePartlyPaid
    advance(db, invoice, INVOICE_STATES, "void", note=reason)
    invoice.void_reason = reason
    audit(db, "invoice.void", "invoice", invoice.id, account_id=invoice.account_id, reason=reason)
    db.publish(InvoiceVoided(invoice.id, invoice.account_id))
    return invoice
