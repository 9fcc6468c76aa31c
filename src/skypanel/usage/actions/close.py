"""A month is over, or its service: one invoice for its hours, settled from what was prepaid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from skypanel.invoices.actions import issue_invoice, issue_invoices
from skypanel.invoices.rules import InvoiceKind
from skypanel.payments.actions import Prepaid, pay_from_prepaid, pay_part_from_prepaid
from skypanel.platform.db import Db
from skypanel.usage import queries
from skypanel.usage.actions.parts import in_parts
from skypanel.usage.rules import Meter, MonthState, draft_of

DONE = """
update usage_months set state = closed.state, invoice_id = closed.invoice
from unnest(%(ids)s::uuid[], %(states)s::text[], %(invoices)s::uuid[])
    as closed (id, state, invoice)
where usage_months.id = closed.id and usage_months.state = 'closing'
"""


async def close_months(db: Db, limit: int, until: datetime) -> int:
    """Invoice one batch of months that were over by then; how many.

    A month that is not paid whole waits while its service lives. When it has ended, the invoice
    takes its number at once and stays open over what is missing.
    """
    closing = await queries.CLOSING.all(db, limit=limit, now=until)
    return await in_parts(db, closing, _close) if closing else 0


async def _close(db: Db, closing: Sequence[Meter]) -> None:
    paid = [each for each in closing if each.due and not each.arrears]
    invoices = await _settle(db, paid) if paid else {}
    for each in closing:
        if each.arrears:
            invoices[each.id] = await _ask(db, each)
    await db.run(
        DONE,
        ids=[each.id for each in closing],
        states=[(MonthState.INVOICED if each.due else MonthState.FREE).value for each in closing],
        invoices=[invoices.get(each.id) for each in closing],
    )


async def _settle(db: Db, paid: Sequence[Meter]) -> dict[UUID, UUID]:
    today = db.now.date()
    ids = await issue_invoices(db, [draft_of(each, today) for each in paid])
    await pay_from_prepaid(
        db,
        [
            Prepaid(invoice_id, each.charged.minor, each.promotional.minor)
            for invoice_id, each in zip(ids, paid, strict=True)
        ],
    )
    return {each.id: invoice_id for each, invoice_id in zip(paid, ids, strict=True)}


async def _ask(db: Db, meter: Meter) -> UUID:
    draft = draft_of(meter, db.now.date(), kind=InvoiceKind.TAX)
    invoice = await issue_invoice(db, draft)
    if meter.charged:
        await pay_part_from_prepaid(
            db, invoice, Prepaid(invoice.id, meter.charged.minor, meter.promotional.minor)
        )
    return invoice.id
