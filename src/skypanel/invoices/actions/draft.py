"""Invoices that are still being written: no number, no snapshot, nobody is asked to pay."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete

from skypanel.identity.actions import audit
from skypanel.invoices.actions.pay import lock_invoice
from skypanel.invoices.actions.series import today
from skypanel.invoices.errors import NotADraft
from skypanel.invoices.models import Invoice, InvoiceLine
from skypanel.invoices.rules import (
    BECOMES,
    INVOICE_STATES,
    InvoiceDraft,
    InvoiceKind,
    InvoiceState,
    SellerSettings,
)
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance


async def draft_invoice(db: Db, draft: InvoiceDraft) -> Invoice:
    """Begin an invoice that staff may still change; the customer does not see it."""
    seller = await db.house.settings.get(SellerSettings)
    invoice = blank(db, draft, today(db, seller))
    db.add(invoice)
    await db.flush()
    db.add_all(lines_of(invoice, draft))
    await db.flush()
    return invoice


async def edit_draft(db: Db, invoice_id: UUID, draft: InvoiceDraft) -> Invoice:
    """Put other lines and another due date on a draft. Refuses `not_a_draft`."""
    invoice = await lock_draft(db, invoice_id)
    invoice.net_minor = draft.net.minor
    invoice.tax_minor = draft.tax.minor
    invoice.total_minor = draft.total.minor
    invoice.due_on = draft.due_on
    invoice.tax_note = draft.tax_note
    await db.execute(delete(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id))
    db.add_all(lines_of(invoice, draft))
    await db.flush()
    return invoice


async def discard_draft(db: Db, invoice_id: UUID) -> Invoice:
    """Give up a draft. Refuses `not_a_draft`."""
    invoice = await lock_draft(db, invoice_id)
    advance(db, invoice, INVOICE_STATES, "void", note="The draft was given up.")
    audit(db, "invoice.discard", "invoice", invoice.id, account_id=invoice.account_id)
    await db.flush()
    return invoice


async def lock_draft(db: Db, invoice_id: UUID) -> Invoice:
    """A draft, locked until the end of this unit of work."""
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state != InvoiceState.DRAFT:
        raise NotADraft
    return invoice


def blank(db: Db, draft: InvoiceDraft, issued_on: date) -> Invoice:
    """The row of an invoice before it is issued: its number says that it has none."""
    invoice_id = new_id()
    number = f"DRAFT-{invoice_id.hex[-12:].upper()}"
    return Invoice(
        id=invoice_id,
        account_id=draft.account_id,
        kind=InvoiceKind.PROFORMA.value,
        becomes=BECOMES[draft.kind],
        state=InvoiceState.DRAFT.value,
        number=number,
        proforma_number=number,
        currency=draft.currency,
        net_minor=draft.net.minor,
        tax_minor=draft.tax.minor,
        total_minor=draft.total.minor,
        paid_minor=0,
        credited_minor=0,
        issued_on=issued_on,
        due_on=draft.due_on,
        buyer={},
        seller={},
        order_ref=draft.order_ref,
        tax_note=draft.tax_note,
        created_at=db.now,
    )


def lines_of(invoice: Invoice, draft: InvoiceDraft) -> list[InvoiceLine]:
    """The rows of a draft's lines."""
    return [
        InvoiceLine(
            invoice_id=invoice.id,
            account_id=invoice.account_id,
            position=position,
            description=line.description,
            detail=line.detail,
            quantity=line.quantity,
            unit_price_minor=line.unit_price.minor,
            net_minor=line.net.minor,
            tax_rate=line.tax_rate,
            tax_minor=line.tax.minor,
            tax_category=line.category,
            period_start=line.period_start,
            period_end=line.period_end,
            explanation=line.explanation,
        )
        for position, line in enumerate(draft.lines, 1)
    ]
