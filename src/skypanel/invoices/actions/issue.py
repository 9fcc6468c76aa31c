"""Issuing invoices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from skypanel.customers.queries import billing_party
from skypanel.identity.actions import audit
from skypanel.invoices.actions.draft import draft_invoice, lock_draft
from skypanel.invoices.actions.income import book_income
from skypanel.invoices.actions.pay import close_invoice
from skypanel.invoices.actions.series import take_number, today
from skypanel.invoices.events import InvoiceIssued
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import (
    INVOICE_STATES,
    InvoiceDraft,
    InvoiceKind,
    SellerSettings,
    number_text,
)
from skypanel.platform.db import Db
from skypanel.platform.states import advance

NEXT_PROFORMA = text("select nextval('proforma_numbers')")


async def issue_invoice(db: Db, draft: InvoiceDraft) -> Invoice:
    """Ask an account to pay, with buyer and seller as they are now.

    It is a proforma, or takes its final number at once when the draft's kind is "tax" (postpaid:
    income is booked at issue). One over nothing is paid as it is issued. Publishes InvoiceIssued.
    """
    invoice = await draft_invoice(db, draft)
    await _issue(db, invoice, numbered=draft.kind == InvoiceKind.TAX)
    return invoice


async def issue_draft(db: Db, invoice_id: UUID, *, numbered: bool = False) -> Invoice:
    """Issue a draft as it stands; `numbered` gives it its final number now, not when it is paid.

    Publishes InvoiceIssued. Refuses `not_a_draft`.
    """
    invoice = await lock_draft(db, invoice_id)
    await _issue(db, invoice, numbered=numbered)
    audit(
        db, "invoice.issue", "invoice", invoice.id, account_id=invoice.account_id,
        number=invoice.number, total_minor=invoice.total_minor,
    )  # fmt: skip
    return invoice


async def _issue(db: Db, invoice: Invoice, *, numbered: bool) -> None:
    seller = await db.house.settings.get(SellerSettings)
    invoice.buyer = await billing_party(db, invoice.account_id)
    invoice.seller = seller.snapshot()
    invoice.issued_on = today(db, seller)
    year = invoice.issued_on.year
    if numbered:
        invoice.kind = invoice.becomes
        invoice.proforma_number = None
        invoice.number = await take_number(db, seller.series(invoice.becomes), year)
    else:
        drawn = await db.scalar(NEXT_PROFORMA)
        assert isinstance(drawn, int)
        invoice.number = number_text(seller.proforma_series, year, drawn)
        invoice.proforma_number = invoice.number
    await db.flush()
    advance(db, invoice, INVOICE_STATES, "issue")
    await db.flush()
    if numbered and invoice.total_minor:
        await book_income(db, invoice)
    db.publish(InvoiceIssued(invoice.id, invoice.account_id))
    if invoice.total_minor == 0:
        await close_invoice(db, invoice)
