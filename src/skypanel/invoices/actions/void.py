"""Stopping to ask for money."""

from __future__ import annotations

from uuid import UUID

from skypanel.identity.actions import audit
from skypanel.invoices.actions.credit import credit_invoice
from skypanel.invoices.actions.pay import lock_invoice
from skypanel.invoices.errors import InvoicePartlyPaid
from skypanel.invoices.events import InvoiceVoided
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import INVOICE_STATES, PAYABLE, InvoiceKind
from skypanel.platform.db import Db
from skypanel.platform.states import advance


async def void_invoice(db: Db, invoice_id: UUID, reason: str) -> Invoice:
    """Stop asking for an unpaid invoice; one with its final number is credited whole for that.

    Publishes InvoiceVoided, and CreditNoteIssued for a numbered one. Refuses
    `invoice_partly_paid` and `verb_not_allowed`.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state in PAYABLE and invoice.paid_minor:
        raise InvoicePartlyPaid
    if invoice.state in PAYABLE and invoice.kind != InvoiceKind.PROFORMA:
        await credit_invoice(db, invoice_id, None, reason)
        _recorded(db, invoice, reason)
        return invoice
    advance(db, invoice, INVOICE_STATES, "void", note=reason)
    invoice.void_reason = reason
    _recorded(db, invoice, reason)
    db.publish(InvoiceVoided(invoice.id, invoice.account_id))
    return invoice


def _recorded(db: Db, invoice: Invoice, reason: str) -> None:
    audit(db, "invoice.void", "invoice", invoice.id, account_id=invoice.account_id, reason=reason)
