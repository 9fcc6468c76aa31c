"""Giving money back into the wallet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from skypanel.invoices.actions.credit import credit_invoice
from skypanel.invoices.actions.pay import lock_invoice
from skypanel.invoices.errors import InvoiceNotPaid
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import CreditLine, InvoiceKind, InvoiceState
from skypanel.ledger.actions import book, post
from skypanel.platform.db import Db
from skypanel.platform.money import Money


async def refund_to_wallet(
    db: Db, invoice_id: UUID, amount: Sequence[CreditLine] | Money | None, reason: str
) -> Invoice:
    """Give back what was paid for an invoice or its lines, or (None) all that is left of it.

    A credit note takes back revenue and tax, then its total moves from the receivable to the
    wallet. Answers the credit note. Refuses `invoice_not_paid`, `credit_exceeds_invoice`; a
    top-up's money is in the wallet already.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.state != InvoiceState.PAID or invoice.kind != InvoiceKind.TAX:
        raise InvoiceNotPaid
    note = await credit_invoice(db, invoice_id, amount, reason)
    given = Money(note.total_minor, note.currency)
    owed = await book(db, "receivable", note.currency, note.account_id)
    wallet = await book(db, "wallet", note.currency, note.account_id)
    await post(
        db,
        key=f"refund-wallet:{note.id}",
        reason=f"Refund of {invoice.number} to the wallet",
        entries=[(owed.id, -given), (wallet.id, given)],
        account_id=note.account_id,
        subject_kind="invoice",
        subject_id=note.id,
    )
    return note
