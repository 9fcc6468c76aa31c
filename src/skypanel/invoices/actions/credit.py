"""Credit notes: how a numbered document is corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from skypanel.identity.actions import audit
from skypanel.invoices.actions.income import book_credit
from skypanel.invoices.actions.pay import close_invoice, lock_invoice
from skypanel.invoices.actions.series import take_number, today
from skypanel.invoices.errors import CreditExceedsInvoice, InvoiceNotCreditable
from skypanel.invoices.events import CreditNoteIssued, InvoiceVoided
from skypanel.invoices.models import Invoice, InvoiceLine
from skypanel.invoices.rules import (
    CREDIT_NOTE_STATES,
    CREDITABLE,
    INVOICE_STATES,
    PAYABLE,
    CreditLine,
    InvoiceKind,
    InvoiceState,
    Part,
    SellerSettings,
    split,
    spread,
)
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance

NUMBERED = frozenset({InvoiceKind.TAX, InvoiceKind.RECEIPT})


@dataclass(slots=True)
class _Left:
    """What of an invoice is not credited yet, by line and by tax rate."""

    lines: dict[UUID, InvoiceLine]
    by_line: dict[UUID, Part]
    whole: dict[Decimal, Part]
    by_rate: dict[Decimal, Part]
    categories: dict[Decimal, str]
    untouched: bool


async def credit_invoice(
    db: Db, invoice_id: UUID, lines_or_amount: Sequence[CreditLine] | Money | None, reason: str
) -> Invoice:
    """Issue a credit note: for lines, for an amount with its tax, or (None) for all that is left.

    Ledger: revenue and tax are reversed and the account's receivable is credited with the note's
    total (of a top-up the wallet is debited instead of revenue). Of a paid invoice that total is
    now owed to the customer, and the money leg is the caller's: post receivable against wallet,
    clearing or bank in the same unit of work. Of an open one it only lowers what is due; when
    nothing is left due the invoice is void, or paid if money was received.

    Serialised by the invoice's lock: notes never sum to more than the invoice. Publishes
    CreditNoteIssued. Refuses `invoice_not_creditable`, `credit_exceeds_invoice` and, for a top-up
    that was spent, `balance_too_low`.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.kind not in NUMBERED or invoice.state not in CREDITABLE:
        raise InvoiceNotCreditable
    left = await _left(db, invoice)
    lines = _note_lines(invoice, left, lines_or_amount)
    net = sum(line.net_minor for line in lines)
    tax = sum(line.tax_minor for line in lines)
    total_left = invoice.total_minor - invoice.credited_minor
    if not 0 < net + tax <= total_left or net < 0 or tax < 0:
        raise CreditExceedsInvoice
    note = await _issue_note(db, invoice, lines, net, tax, reason)
    written_off = invoice.state == InvoiceState.UNCOLLECTIBLE
    unexpected_minor = min(note.total_minor, invoice.due_minor) if written_off else 0
    invoice.credited_minor += note.total_minor
    await db.flush()
    await book_credit(db, note, invoice, unexpected_minor=unexpected_minor)
    audit(
        db, "invoice.credit", "invoice", invoice.id, account_id=invoice.account_id, reason=reason,
        credit_note=note.number, total_minor=note.total_minor,
    )  # fmt: skip
    db.publish(CreditNoteIssued(note.id, note.account_id, invoice.id))
    if invoice.state in PAYABLE and invoice.due_minor == 0:
        await _nothing_due(db, invoice, note)
    return note


async def _nothing_due(db: Db, invoice: Invoice, note: Invoice) -> None:
    """What was still due is credited away."""
    if invoice.paid_minor:
        await close_invoice(db, invoice)
        return
    advance(db, invoice, INVOICE_STATES, "void", note=f"credit note {note.number}")
    invoice.void_reason = note.credit_reason
    await db.flush()
    db.publish(InvoiceVoided(invoice.id, invoice.account_id))


async def _left(db: Db, invoice: Invoice) -> _Left:
    lines = list(
        await db.scalars(
            select(InvoiceLine)
            .where(InvoiceLine.invoice_id == invoice.id)
            .order_by(InvoiceLine.position)
        )
    )
    credited = await db.execute(
        select(
            InvoiceLine.credits_line_id,
            InvoiceLine.tax_rate,
            InvoiceLine.net_minor,
            InvoiceLine.tax_minor,
        )
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.credits_id == invoice.id)
    )
    by_line = {line.id: Part(line.net_minor, line.tax_minor) for line in lines}
    whole: dict[Decimal, Part] = {}
    for line in lines:
        whole[line.tax_rate] = whole.get(line.tax_rate, Part()) + by_line[line.id]
    by_rate = dict(whole)
    for line_id, rate, net, tax in credited:
        by_rate[rate] -= Part(net, tax)
        if line_id is not None:
            by_line[line_id] -= Part(net, tax)
    return _Left(
        {line.id: line for line in lines},
        by_line,
        whole,
        by_rate,
        {line.tax_rate: line.tax_category for line in reversed(lines)},
        invoice.credited_minor == 0,
    )


def _note_lines(
    invoice: Invoice, left: _Left, wanted: Sequence[CreditLine] | Money | None
) -> list[InvoiceLine]:
    if isinstance(wanted, Money) or wanted is None:
        total_left = invoice.total_minor - invoice.credited_minor
        amount = Money(total_left, invoice.currency) if wanted is None else wanted
        if amount.currency != invoice.currency or not 0 < amount.minor <= total_left:
            raise CreditExceedsInvoice
        if left.untouched and amount.minor == total_left:
            return [_of_line(line, left.by_line[line.id]) for line in left.lines.values()]
        return [
            _of_rate(invoice, rate, split(share, left.whole[rate], left.by_rate[rate]), left)
            for rate, share in spread(amount.minor, left.by_rate).items()
        ]
    return [_wished(invoice, left, wish) for wish in wanted]


def _wished(invoice: Invoice, left: _Left, wish: CreditLine) -> InvoiceLine:
    """One line's credit, within what is left of the line and of its tax rate."""
    line = left.lines.get(wish.line_id)
    if line is None:
        raise CreditExceedsInvoice("One of these lines is not on this invoice.")
    rest, of_rate = left.by_line[line.id], left.by_rate[line.tax_rate]
    gross = rest.gross if wish.amount is None else wish.amount.minor
    same = wish.amount is None or wish.amount.currency == invoice.currency
    whole = Part(line.net_minor, line.tax_minor)
    bounded = (gross > 0) == (whole.gross > 0) and abs(gross) <= abs(rest.gross)
    if not same or gross == 0 or not bounded or (gross > 0 and gross > of_rate.gross):
        raise CreditExceedsInvoice
    part = split(gross, whole, rest)
    if gross > 0 and not (part.net <= of_rate.net and part.tax <= of_rate.tax):
        part = split(gross, left.whole[line.tax_rate], of_rate)
    left.by_line[line.id] = rest - part
    left.by_rate[line.tax_rate] = of_rate - part
    return _of_line(line, part)


def _of_line(line: InvoiceLine, part: Part) -> InvoiceLine:
    """A note's line for one line of the invoice; the whole of it keeps quantity and price."""
    whole = part == Part(line.net_minor, line.tax_minor)
    return _line(
        description=line.description,
        detail=line.detail,
        quantity=line.quantity if whole else 1,
        unit_price_minor=line.unit_price_minor if whole else part.net,
        net_minor=part.net,
        tax_rate=line.tax_rate,
        tax_minor=part.tax,
        tax_category=line.tax_category,
        period_start=line.period_start,
        period_end=line.period_end,
        credits_line_id=line.id,
    )


def _of_rate(invoice: Invoice, rate: Decimal, part: Part, left: _Left) -> InvoiceLine:
    return _line(
        description=f"Credit on {invoice.number}",
        quantity=1,
        unit_price_minor=part.net,
        net_minor=part.net,
        tax_rate=rate,
        tax_minor=part.tax,
        tax_category=left.categories[rate],
    )


def _line(**columns: Any) -> InvoiceLine:
    return InvoiceLine(**columns)


async def _issue_note(
    db: Db, invoice: Invoice, lines: list[InvoiceLine], net: int, tax: int, reason: str
) -> Invoice:
    """The note with its own gapless number, and the parties as they stood on the invoice."""
    seller = await db.house.settings.get(SellerSettings)
    issued_on = today(db, seller)
    kind = InvoiceKind.CREDIT_NOTE.value
    note = Invoice(
        id=new_id(),
        account_id=invoice.account_id,
        kind=kind,
        becomes=kind,
        state=InvoiceState.DRAFT.value,
        number=await take_number(db, seller.series(kind), issued_on.year),
        currency=invoice.currency,
        net_minor=net,
        tax_minor=tax,
        total_minor=net + tax,
        paid_minor=0,
        credited_minor=0,
        issued_on=issued_on,
        due_on=issued_on,
        buyer=invoice.buyer,
        seller=invoice.seller,
        order_ref=invoice.order_ref,
        tax_note=invoice.tax_note,
        created_at=db.now,
        credit_reason=reason,
        credits_id=invoice.id,
    )
    db.add(note)
    await db.flush()
    for position, line in enumerate(lines, 1):
        line.invoice_id, line.account_id, line.position = note.id, note.account_id, position
    db.add_all(lines)
    await db.flush()
    advance(db, note, CREDIT_NOTE_STATES, "issue", note=reason)
    await db.flush()
    return note
