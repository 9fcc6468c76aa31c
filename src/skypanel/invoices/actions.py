"""Issuing, paying and voiding invoices."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from skypanel.customers.queries import billing_party
from skypanel.identity.actions import audit
from skypanel.invoices.errors import InvoiceNotPayable, InvoiceOverpaid, InvoicePartlyPaid
from skypanel.invoices.events import (
    InvoiceIssued,
    InvoicePaid,
    InvoiceRendered,
    InvoiceVoided,
)
from skypanel.invoices.models import Invoice, InvoiceDocument, InvoiceLine, NumberSeries
from skypanel.invoices.rules import (
    BECOMES,
    INVOICE_STATES,
    PAYABLE,
    InvoiceDraft,
    InvoiceKind,
    InvoiceState,
    SellerSettings,
    number_text,
)
from skypanel.ledger.actions import book, post
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance

NEXT_PROFORMA = text("select nextval('proforma_numbers')")


async def issue_invoice(db: Db, draft: InvoiceDraft) -> Invoice:
    """Ask an account to pay: a proforma with buyer and seller as they are now.

    An invoice over nothing is paid as it is issued. Publishes InvoiceIssued.
    """
    seller = await db.house.settings.get(SellerSettings)
    buyer = await billing_party(db, draft.account_id)
    issued_on = _today(db, seller)
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
        await _close(db, invoice)
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


async def lock_invoice(db: Db, invoice_id: UUID) -> Invoice:
    """The invoice as it stands now, locked until the end of this unit of work."""
    invoice = await db.get(Invoice, invoice_id, with_for_update=True, populate_existing=True)
    if invoice is None:
        raise NotFound
    return invoice


async def apply_payment(db: Db, invoice_id: UUID, amount: Money, *, payment_id: UUID) -> Invoice:
    """Count money, already in the account's receivable book, towards an invoice.

    When nothing is left to pay the document takes its gapless number, revenue and tax are booked,
    and InvoicePaid is published. Refuses `invoice_not_payable` and `invoice_overpaid`.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state not in PAYABLE:
        raise InvoiceNotPayable
    due = Money(invoice.total_minor - invoice.paid_minor, invoice.currency)
    if amount.minor <= 0 or due < amount:
        raise InvoiceOverpaid
    invoice.paid_minor += amount.minor
    if amount == due:
        await _close(db, invoice, payment_id)
    await db.flush()
    return invoice


async def _close(db: Db, invoice: Invoice, payment_id: UUID | None = None) -> None:
    seller = await db.house.settings.get(SellerSettings)
    issued_on = _today(db, seller)
    number = await _take_number(db, seller.series(invoice.becomes), issued_on.year)
    note = None if payment_id is None else f"payment {payment_id}"
    advance(db, invoice, INVOICE_STATES, "pay", note=note)
    invoice.paid_at = db.now
    invoice.issued_on = issued_on
    invoice.kind = invoice.becomes
    invoice.number = number
    await db.flush()
    if invoice.total_minor:
        await _book_income(db, invoice)
    db.publish(InvoicePaid(invoice.id, invoice.account_id))


async def _book_income(db: Db, invoice: Invoice) -> None:
    """Revenue and tax arise; of a top-up, money in the wallet."""

    def amount(minor: int) -> Money:
        return Money(minor, invoice.currency)

    owed = await book(db, "receivable", invoice.currency, invoice.account_id)
    entries = [(owed.id, amount(-invoice.total_minor))]
    if invoice.kind == InvoiceKind.RECEIPT:
        wallet = await book(db, "wallet", invoice.currency, invoice.account_id)
        entries.append((wallet.id, amount(invoice.total_minor)))
    else:
        revenue = await book(db, "revenue", invoice.currency)
        entries.append((revenue.id, amount(invoice.net_minor)))
        if invoice.tax_minor:
            tax = await book(db, "tax", invoice.currency)
            entries.append((tax.id, amount(invoice.tax_minor)))
    await post(
        db,
        key=f"invoice:{invoice.id}",
        reason=f"Invoice {invoice.number}",
        entries=entries,
        account_id=invoice.account_id,
        subject_kind="invoice",
        subject_id=invoice.id,
    )


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


async def keep_document(db: Db, invoice_id: UUID, *, kind: str, content: bytes) -> None:
    """File the PDF of an invoice, once for each kind it has been. Publishes InvoiceRendered."""
    invoice = await db.get_one(Invoice, invoice_id)
    if invoice.kind != kind:
        return  # it was paid while it was being written; the paid one is written for itself
    filed = insert(InvoiceDocument).values(
        id=new_id(),
        invoice_id=invoice.id,
        account_id=invoice.account_id,
        kind=kind,
        number=invoice.number,
        content=content,
        rendered_at=db.now,
    )
    fresh = await db.scalar(
        filed.on_conflict_do_nothing(index_elements=["invoice_id", "kind"]).returning(
            InvoiceDocument.id
        )
    )
    if fresh is not None:
        db.publish(InvoiceRendered(invoice.id, invoice.account_id))


async def _take_number(db: Db, series: str, year: int) -> str:
    """The next number; the series stays locked until this unit of work ends, so none is lost."""
    taken = insert(NumberSeries).values(series=series, year=year, last_number=1)
    number = await db.scalar(
        taken.on_conflict_do_update(
            index_elements=["series", "year"],
            set_={"last_number": NumberSeries.last_number + 1},
        ).returning(NumberSeries.last_number)
    )
    assert number is not None
    return number_text(series, year, number)


def _today(db: Db, seller: SellerSettings) -> date:
    return db.now.astimezone(ZoneInfo(seller.time_zone)).date()
