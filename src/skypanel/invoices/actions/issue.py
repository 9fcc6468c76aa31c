"""Issuing invoices."""

from __future__ import annotations

from sqlalchemy import text

from skypanel.customers.queries import billing_party
from skypanel.invoices.actions.pay import close_invoice
from skypanel.invoices.actions.series import today
from skypanel.invoices.events import InvoiceIssued
from skypanel.invoices.models import Invoice, InvoiceLine
from skypanel.invoices.rules import (
    BECOMES,
    INVOICE_STATES,
    InvoiceDraft,
    InvoiceKind,
    InvoiceState,
    SellerSettings,
    number_text,
)
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance

NEXT_PROFORMA = text("select nextval('proforma_numbers')")


async def issue_invoice(db: Db, draft: InvoiceDraft) -> Invoice:
    """Ask an account to pay: a proforma with buyer and seller as they are now.

    An invoice over nothing is paid as it is issued. Publishes InvoiceIssued.
    """
    seller = await db.house.settings.get(SellerSettings)
    buyer = await billing_party(db, draft.account_id)
    issued_on = today(db, seller)
    drawn = await db.scalar(NEXT_PROFORMA)
    assert isinstance(drawn, int)
    number = number_text(seller.proforma_series, issued_on.year, drawn)
    invoice = Invoice(
        id=new_id(),
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
        issued_on=issued_on,
        due_on=draft.due_on,
        buyer=buyer,
        seller=seller.snapshot(),
        order_ref=draft.order_ref,
        tax_note=draft.tax_note,
        created_at=db.now,
    )
    db.add(invoice)
    await db.flush()
    db.add_all(_lines(invoice, draft))
    await db.flush()
    advance(db, invoice, INVOICE_STATES, "issue")
    await db.flush()
    db.publish(InvoiceIssued(invoice.id, invoice.account_id))
    if invoice.total_minor == 0:
        await close_invoice(db, invoice)
    return invoice


def _lines(invoice: Invoice, draft: InvoiceDraft) -> list[InvoiceLine]:
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
            period_start=line.period_start,
            period_end=line.period_end,
        )
        for position, line in enumerate(draft.lines, 1)
    ]
