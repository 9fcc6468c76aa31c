"""Paying invoices from what was taken from wallets before, hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from skypanel.invoices.actions import Payable, apply_payment, close_invoices
from skypanel.invoices.models import Invoice
from skypanel.ledger.actions import Posting, book, lock_books, post, post_many
from skypanel.ledger.rules import BookKind
from skypanel.payments.actions.settled import Settled, closing, record_settled
from skypanel.platform.db import Db
from skypanel.platform.money import Money
from skypanel.platform.read import Query

ISSUED: Query[Payable] = Query(
    select(
        Invoice.id,
        Invoice.account_id,
        Invoice.becomes,
        Invoice.net_minor,
        Invoice.tax_minor,
        Invoice.total_minor,
        Invoice.currency,
        Invoice.proforma_number,
    )
    .where(Invoice.id == bindparam("invoices", type_=ARRAY(Uuid)).any_())
    .order_by(Invoice.id)
    .with_for_update(of=Invoice),
    Payable,
)


@dataclass(frozen=True, slots=True)
class Prepaid:
    """How much of an invoice was taken from its wallet before, and of that from credit."""

    invoice_id: UUID
    amount_minor: int
    promotional_minor: int


async def pay_from_prepaid(db: Db, prepaid: Sequence[Prepaid]) -> None:
    """Pay open invoices, each whole, from prepaid usage, and close them.

    Publishes one InvoicesPaid.
    """
    parts = {each.invoice_id: each for each in prepaid}
    found = await ISSUED.all(db, invoices=list(parts))
    found.sort(key=lambda each: each.currency)
    for currency, group in groupby(found, key=lambda each: each.currency):
        paid = list(group)
        for each in paid:
            if parts[each.id].amount_minor != each.total_minor:
                raise ValueError(f"invoice {each.id} is not what was charged for it")
        accounts = {each.account_id for each in paid}
        receivables = await lock_books(db, BookKind.RECEIVABLE, currency, accounts)
        held = await lock_books(db, BookKind.PREPAID_USAGE, currency, accounts)
        revenue = (await book(db, "revenue", currency)).id
        tax = (await book(db, "tax", currency)).id
        numbers = await close_invoices(db, paid)
        payments = await record_settled(db, [_settled(each, parts[each.id]) for each in paid])
        postings: list[Posting] = []
        for each in paid:
            who, total = each.account_id, each.total_minor
            owed = receivables[who][0]
            settled = [(held[who][0], who, -total), (owed, who, total)]
            postings += [
                Posting(f"prepaid:{payments[each.id]}", f"Hours of {numbers[each.id]} were prepaid",
                        currency, settled, who, "payment", payments[each.id]),
                closing(each, numbers[each.id], owed, revenue, tax),
            ]  # fmt: skip
        await post_many(db, postings)


async def pay_part_from_prepaid(db: Db, invoice: Invoice, part: Prepaid) -> None:
    """Count what was prepaid towards an invoice that stays open over the rest."""
    amount = Money(part.amount_minor, invoice.currency)
    held = await book(db, "prepaid_usage", invoice.currency, invoice.account_id)
    owed = await book(db, "receivable", invoice.currency, invoice.account_id)
    payments = await record_settled(db, [_settled(invoice, part)])
    payment_id = payments[invoice.id]
    await post(
        db,
        key=f"prepaid:{payment_id}",
        reason=f"Hours of {invoice.number} were prepaid",
        entries=[(held.id, -amount), (owed.id, amount)],
        account_id=invoice.account_id,
        subject_kind="payment",
        subject_id=payment_id,
    )
    await apply_payment(db, invoice.id, amount, payment_id=payment_id)


def _settled(invoice: Payable | Invoice, part: Prepaid) -> Settled:
    return Settled(
        invoice.account_id,
        invoice.id,
        invoice.currency,
        part.amount_minor,
        part.promotional_minor,
    )
