"""Invoices: tax, numbers without gaps, immutability, documents."""

from __future__ import annotations

import asyncio
import contextlib
import io
from datetime import date
from uuid import UUID

import psycopg
import pytest
from pypdf import PdfReader

from skypanel.invoices.actions import apply_payment, void_invoice
from skypanel.invoices.errors import InvoiceNotPayable, InvoiceOverpaid, InvoicePartlyPaid
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import SellerSettings
from skypanel.ledger.actions import book, post
from skypanel.platform.errors import VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from tests.invoices.bills import issue, line, pay
from tests.world import Person, World


@pytest.mark.parametrize(
    ("minor", "quantity", "rate", "tax"),
    [
        (1000, 1, "0.19", 190),
        (50, 1, "0.19", 10),  # 9.5 rounds up
        (250, 3, "0.07", 53),  # 52.5: once for the line, not per piece
        (-50, 1, "0.19", -10),  # half away from zero
        (333, 1, "0", 0),
    ],
)
def test_tax_is_rounded_once_per_line(minor: int, quantity: int, rate: str, tax: int) -> None:
    assert line(minor, rate, quantity=quantity).tax == Money(tax, "EUR")


async def test_a_proforma_becomes_a_tax_invoice_when_paid(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(1000), line(50))
    assert (invoice.state, invoice.kind, invoice.number) == (
        "open",
        "proforma",
        invoice.proforma_number,
    )
    assert (invoice.net_minor, invoice.tax_minor, invoice.total_minor) == (1050, 200, 1250)
    await world.pass_time(days=2)
    paid = await pay(world, invoice)
    assert (paid.state, paid.kind, paid.number) == ("paid", "tax", "INV-2026-000001")
    assert paid.issued_on == date(2026, 3, 4)
    books = dict(await world.rows("select kind, balance_minor from books where balance_minor <> 0"))
    assert books == {"paypal_clearing": -1250, "revenue": 1050, "tax": 200}


async def test_numbers_have_no_gaps_under_a_race_and_refusals(world: World) -> None:
    person = await world.customer()
    invoices = [await issue(world, person, line()) for _ in range(12)]

    async def settle(invoice: Invoice, *, breaks: bool) -> None:
        with contextlib.suppress(InterruptedError):
            async with world.house.transaction() as db:
                owed = await book(db, "receivable", "EUR", invoice.account_id)
                clearing = await book(db, "paypal_clearing", "EUR")
                money = Money(invoice.total_minor, "EUR")
                await post(
                    db,
                    key=f"test:{new_id()}",
                    reason="Paid",
                    entries=[(owed.id, money), (clearing.id, -money)],
                )
                await apply_payment(db, invoice.id, money, payment_id=new_id())
                if breaks:
                    raise InterruptedError

    await asyncio.gather(
        *(settle(each, breaks=turn % 3 == 0) for turn, each in enumerate(invoices))
    )
    rows = await world.rows("select number from invoices where state = 'paid' order by number")
    assert [number for (number,) in rows] == [f"INV-2026-{n:06d}" for n in range(1, 9)]


async def test_series_begin_anew_each_year(world: World) -> None:
    person = await world.customer()
    await pay(world, await issue(world, person, line()))
    await world.pass_time(days=365)
    later = await pay(world, await issue(world, person, line()))
    assert later.number == "INV-2027-000001"


async def test_a_top_up_becomes_a_receipt_and_money_in_the_wallet(world: World) -> None:
    person = await world.customer()
    paid = await pay(world, await issue(world, person, line(5000, "0"), kind="receipt"))
    assert (paid.kind, paid.number) == ("receipt", "REC-2026-000001")
    books = dict(await world.rows("select kind, balance_minor from books where balance_minor <> 0"))
    assert books == {"paypal_clearing": -5000, "wallet": 5000}


async def test_an_invoice_over_nothing_is_paid_at_once(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(0))
    assert (invoice.state, invoice.number) == ("paid", "INV-2026-000001")
    assert await world.rows("select 1 from transfers") == []


async def test_partial_and_excessive_payments(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(1000, "0"))
    part = await pay(world, invoice, 400)
    assert (part.state, part.paid_minor) == ("open", 400)
    with pytest.raises(InvoiceOverpaid):
        await pay(world, invoice, 601)
    async with world.house.transaction() as db:
        with pytest.raises(InvoicePartlyPaid):
            await void_invoice(db, invoice.id, "Changed our mind.")
    assert (await pay(world, invoice, 600)).state == "paid"
    with pytest.raises(InvoiceNotPayable):
        await pay(world, invoice, 1)
    async with world.house.transaction() as db:
        with pytest.raises(VerbNotAllowed):
            await void_invoice(db, invoice.id, "Too late.")


@pytest.mark.parametrize(
    "statement",
    [
        "update invoices set net_minor = 1, total_minor = 1 + tax_minor",
        "update invoices set buyer = '{}'",
        "update invoices set seller = '{}'",
        "update invoices set currency = 'USD'",
        "update invoices set due_on = '2030-01-01'",
        "update invoices set number = 'INV-1'",
        "update invoices set issued_on = '2020-01-01'",
        "update invoices set state = 'draft', paid_at = null",
        "update invoices set paid_minor = 0, state = 'open', paid_at = null",
        "delete from invoices",
        "update invoices set paid_at = now()",
        "truncate invoices cascade",
        "update invoice_lines set description = 'another'",
        "delete from invoice_lines",
        (
            "insert into invoice_lines select gen_random_uuid(), invoice_id, account_id, 2, description,"
            " detail, quantity, unit_price_minor, net_minor, tax_rate, tax_minor, tax_category,"
            " period_start, period_end, explanation, credits_line_id from invoice_lines"
        ),
    ],
)
async def test_an_issued_invoice_is_immutable(world: World, statement: str) -> None:
    person = await world.customer()
    await pay(world, await issue(world, person, line()))
    with pytest.raises(psycopg.errors.RestrictViolation):
        await world.rows(statement)


async def test_snapshots_do_not_follow_their_subjects(world: World) -> None:
    async with world.house.transaction() as db:
        await world.house.settings.put(db, SellerSettings(company="Sky Host GmbH"))
    world.house.cache.clear()
    person = await world.customer()
    invoice = await issue(world, person, line())
    async with world.house.transaction() as db:
        await world.house.settings.put(db, SellerSettings(company="Another Ltd"))
    world.house.cache.clear()
    shown = (await person.http.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert shown["seller"]["company"] == "Sky Host GmbH"
    assert shown["buyer"]["country"] == "DE"
    assert "pay" in shown["can"]


async def test_documents_follow_the_invoice(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(1000, detail="*not* #markup"))
    path = f"/api/v1/invoices/{invoice.id}/pdf"
    early = await person.http.get(path)
    assert (early.status_code, early.json()["code"]) == (409, "invoice_pdf_not_ready")
    assert early.headers["retry-after"]
    await world.drain()
    proforma = await words(person, invoice.id)
    assert "Proforma invoice" in proforma
    assert "*not* #markup" in proforma
    await pay(world, invoice)
    assert (await person.http.get(path)).status_code == 409
    await world.drain()
    paid = await words(person, invoice.id)
    assert "INV-2026-000001" in paid
    assert invoice.proforma_number in paid
    assert "€11.90" in paid
    assert len(await world.rows("select 1 from invoice_documents")) == 2
    shown = (await person.http.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert (shown["pdf_ready"], shown["can"]) == (True, ["download"])


async def words(person: Person, invoice_id: UUID) -> str:
    answer = await person.http.get(f"/api/v1/invoices/{invoice_id}/pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


async def test_lists(world: World) -> None:
    person = await world.customer()
    first = await issue(world, person, line())
    second = await issue(world, person, line(2000))
    await pay(world, first)
    listed = (await person.http.get("/api/v1/invoices", params={"limit": 1})).json()
    assert [each["id"] for each in listed["items"]] == [str(second.id)]
    more = (await person.http.get("/api/v1/invoices", params={"cursor": listed["next"]})).json()
    assert [each["id"] for each in more["items"]] == [str(first.id)]
    open_ones = (await person.http.get("/api/v1/invoices", params={"state": "open"})).json()
    assert [each["open"]["minor"] for each in open_ones["items"]] == [2380]
    staff = await world.staff()
    everybody = (await staff.http.get("/api/v1/admin/invoices")).json()
    assert len(everybody["items"]) == 2
    assert everybody["items"][0]["account_name"]
    one = (await staff.http.get(f"/api/v1/admin/invoices/{first.id}")).json()
    assert one["payments"] == []
