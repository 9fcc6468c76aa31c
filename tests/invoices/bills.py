"""Invoices as tests make them: issued by the real verbs, paid by money from nowhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from skypanel.invoices.actions import apply_payment, issue_invoice
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceDraft, LineDraft
from skypanel.ledger.actions import book, post
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from tests.world import Person, World


def line(minor: int = 1000, rate: str = "0.19", currency: str = "EUR", **more: object) -> LineDraft:
    return LineDraft(
        description="VPS S", unit_price=Money(minor, currency), tax_rate=Decimal(rate), **more
    )


async def issue(world: World, person: Person, *lines: LineDraft, kind: str = "proforma") -> Invoice:
    assert person.account_id is not None
    async with world.house.transaction() as db:
        return await issue_invoice(
            db,
            InvoiceDraft(
                account_id=person.account_id,
                kind=kind,
                currency=lines[0].unit_price.currency,
                lines=list(lines),
                due_on=date(2026, 3, 9),
            ),
        )


async def pay(world: World, invoice: Invoice, minor: int | None = None) -> Invoice:
    money = Money(invoice.total_minor if minor is None else minor, invoice.currency)
    async with world.house.transaction() as db:
        owed = await book(db, "receivable", invoice.currency, invoice.account_id)
        clearing = await book(db, "paypal_clearing", invoice.currency)
        await post(
            db,
            key=f"test:{new_id()}",
            reason="Paid",
            entries=[(owed.id, money), (clearing.id, -money)],
        )
        return await apply_payment(db, invoice.id, money, payment_id=new_id())


async def books(world: World) -> dict[str, int]:
    """What every kind of book comes to; those that come to nothing are left out."""
    rows = await world.rows(
        "select kind, sum(balance_minor)::bigint from books group by kind"
        " having sum(balance_minor) <> 0"
    )
    return dict(rows)
