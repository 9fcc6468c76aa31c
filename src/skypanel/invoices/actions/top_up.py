"""Money that a customer puts into the wallet."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from skypanel.catalog.rules import TaxCategory
from skypanel.customers.queries import billing_party
from skypanel.identity.actions import audit
from skypanel.invoices.actions.issue import issue_invoice
from skypanel.invoices.actions.pay import lock_invoice
from skypanel.invoices.actions.void import void_invoice
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import (
    InvoiceDraft,
    InvoiceKind,
    LineDraft,
    TopUpSettings,
)
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, VerbNotAllowed
from skypanel.platform.money import Money

DUE_AFTER = timedelta(days=7)


async def top_up(db: Db, account_id: UUID, amount: Money) -> Invoice:
    """Ask for money for the wallet: a proforma without tax that becomes a receipt when paid.

    Refuses an amount outside the bounds of the settings. Publishes InvoiceIssued.
    """
    settings = await db.house.settings.get(TopUpSettings)
    least, most = settings.bounds(amount.currency)
    if not least <= amount <= most:
        raise FieldRefusal(
            "amount", f"Choose an amount from {least} to {most}.", "amount_out_of_bounds"
        )
    party = await billing_party(db, account_id)
    local = db.now.astimezone(ZoneInfo(party["time_zone"]))
    invoice = await issue_invoice(
        db,
        InvoiceDraft(
            account_id=account_id,
            currency=amount.currency,
            kind=InvoiceKind.RECEIPT.value,
            due_on=(local + DUE_AFTER).date(),
            lines=[
                LineDraft(
                    description="Wallet top-up",
                    detail="No tax: it arises when the money is spent",
                    unit_price=amount,
                    tax_category=TaxCategory.NOT_SUBJECT,
                )
            ],
        ),
    )
    audit(
        db, "invoice.top_up", "invoice", invoice.id, account_id=account_id,
        amount_minor=amount.minor, currency=amount.currency,
    )  # fmt: skip
    return invoice


async def cancel_top_up(db: Db, invoice_id: UUID) -> Invoice:
    """The customer thought better of an unpaid top-up. Refuses `verb_not_allowed`.

    Money that still arrives for it goes into the wallet all the same.
    """
    invoice = await lock_invoice(db, invoice_id)
    if invoice.becomes != InvoiceKind.RECEIPT:
        raise VerbNotAllowed("Only a top-up can be given up here.")
    return await void_invoice(db, invoice_id, "The customer gave up the top-up.")
