"""Money counted towards invoices, and what happens when nothing is left to pay."""

from __future__ import annotations

from uuid import UUID

from skypanel.invoices.actions.income import book_income
from skypanel.invoices.actions.series import take_number, today
from skypanel.invoices.errors import InvoiceNotPayable, InvoiceOverpaid
from skypanel.invoices.events import InvoicePaid
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import (
    INVOICE_STATES,
    PAYABLE,
    InvoiceKind,
    InvoiceState,
    SellerSettings,
)
from skypanel.ledger.actions import book, post
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.money import Money
from skypanel.platform.states import advance


async def lock_invoice(db: Db, invoice_id: UUID) -> Invoice:
    """The invoice as it stands now, locked until the end of this unit of work."""
    invoice = await db.get(Invoice, invoice_id, with_for_update=True, populate_existing=True)
    if invoice is None:
        raise NotFound
    return invoice


async def apply_payment(db: Db, invoice_id: UUID, amount: Money, *, payment_id: UUID) -> Invoice:
    """Count money, already in the account's receivable book, towards an invoice.

    When nothing is left to pay the document takes its gapless number, revenue and tax are booked,
    and InvoicePaid is published. Money for an invoice that was written off takes the loss back.
    Refuses `invoice_not_payable` and `invoice_overpaid`.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state not in PAYABLE:
        raise InvoiceNotPayable
    due = Money(invoice.due_minor, invoice.currency)
    if amount.minor <= 0 or due < amount:
        raise InvoiceOverpaid
    if invoice.state == InvoiceState.UNCOLLECTIBLE and invoice.kind != InvoiceKind.PROFORMA:
        await _recover(db, invoice, amount, payment_id)
    invoice.paid_minor += amount.minor
    if amount == due:
        await close_invoice(db, invoice, payment_id)
    await db.flush()
    return invoice


async def close_invoice(db: Db, invoice: Invoice, payment_id: UUID | None = None) -> None:
    """Nothing is left to pay: a proforma takes its number and its income is booked.

    Publishes InvoicePaid.
    """
    note = None if payment_id is None else f"payment {payment_id}"
    proforma = invoice.kind == InvoiceKind.PROFORMA
    if proforma:
        seller = await db.house.settings.get(SellerSettings)
        issued_on = today(db, seller)
        number = await take_number(db, seller.series(invoice.becomes), issued_on.year)
    advance(db, invoice, INVOICE_STATES, "pay", note=note)
    invoice.paid_at = db.now
    if proforma:
        invoice.issued_on = issued_on
        invoice.kind = invoice.becomes
        invoice.number = number
    await db.flush()
    if proforma and invoice.total_minor:
        await book_income(db, invoice)
    db.publish(InvoicePaid(invoice.id, invoice.account_id))


async def _recover(db: Db, invoice: Invoice, amount: Money, payment_id: UUID) -> None:
    """Money that nobody expected any more: the loss shrinks by it."""
    owed = await book(db, "receivable", invoice.currency, invoice.account_id)
    lost = await book(db, "write_off", invoice.currency)
    await post(
        db,
        key=f"recovered:{payment_id}",
        reason=f"Invoice {invoice.number}, written off, is paid after all",
        entries=[(owed.id, -amount), (lost.id, amount)],
        account_id=invoice.account_id,
        subject_kind="invoice",
        subject_id=invoice.id,
    )
