"""Credit notes: what was invoiced is taken back once at most, in the documents and in the books."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypanel.invoices.actions import (
    credit_invoice,
    refund_to_wallet,
    void_invoice,
    write_off,
)
from skypanel.invoices.errors import (
    CreditExceedsInvoice,
    InvoiceNotCreditable,
    InvoiceNotPaid,
    InvoicePartlyPaid,
)
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import CreditLine, Part, split, spread
from skypanel.ledger.errors import BalanceTooLow
from skypanel.platform.errors import VerbNotAllowed
from skypanel.platform.money import Money
from tests.invoices.bills import books, issue, line, pay
from tests.world import Person, World


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


async def credit(world: World, invoice: Invoice, wanted: object = None) -> Invoice:
    async with world.house.transaction() as db:
        return await credit_invoice(db, invoice.id, wanted, "Billed twice")  # type: ignore[arg-type]


async def lines_of(world: World, invoice: Invoice) -> list[tuple[object, ...]]:
    return await world.rows(
        "select id, net_minor, tax_minor from invoice_lines where invoice_id = %s order by position",
        invoice.id,
    )


async def test_a_whole_credit_mirrors_the_invoice(world: World) -> None:
    person = await world.customer()
    invoice = await pay(
        world, await issue(world, person, line(1000, quantity=2), line(-500), line(100, "0.07"))
    )
    note = await credit(world, invoice)
    assert (note.kind, note.state, note.number) == ("credit_note", "issued", "CN-2026-000001")
    assert (note.net_minor, note.tax_minor) == (invoice.net_minor, invoice.tax_minor)
    assert [row[1:] for row in await lines_of(world, note)] == [
        row[1:] for row in await lines_of(world, invoice)
    ]
    # Revenue and tax are gone; what PayPal holds is owed to the customer.
    assert await books(world) == {
        "paypal_clearing": -invoice.total_minor,
        "receivable": invoice.total_minor,
    }
    with pytest.raises(CreditExceedsInvoice):
        await credit(world, invoice, euro(1))


async def test_credits_in_pieces_come_to_exactly_the_tax_of_the_whole(world: World) -> None:
    person = await world.customer()
    invoice = await pay(world, await issue(world, person, line(999), line(1001, "0.07")))
    total = invoice.total_minor
    pieces = [1, 333, total - 334]
    notes = [await credit(world, invoice, euro(piece)) for piece in pieces]
    assert [note.total_minor for note in notes] == pieces
    assert sum(note.tax_minor for note in notes) == invoice.tax_minor
    assert [note.number for note in notes] == [f"CN-2026-{n:06d}" for n in (1, 2, 3)]
    rates = await world.rows(
        "select l.tax_rate, sum(l.net_minor), sum(l.tax_minor) from invoice_lines l"
        " join invoices i on i.id = l.invoice_id where i.kind = 'credit_note'"
        " group by 1 order by 1"
    )
    assert rates == [(Decimal("0.07"), 1001, 70), (Decimal("0.19"), 999, 190)]


async def test_lines_are_credited_once(world: World) -> None:
    person = await world.customer()
    invoice = await pay(world, await issue(world, person, line(1000), line(500)))
    [(first, *_), (second, *_)] = await lines_of(world, invoice)
    part = await credit(world, invoice, [CreditLine(first, euro(190))])  # type: ignore[arg-type]
    assert (part.net_minor, part.tax_minor) == (160, 30)
    rest = await credit(world, invoice, [CreditLine(first)])  # type: ignore[arg-type]
    assert (rest.net_minor, rest.tax_minor) == (840, 160)
    with pytest.raises(CreditExceedsInvoice):
        await credit(world, invoice, [CreditLine(first, euro(1))])  # type: ignore[arg-type]
    with pytest.raises(CreditExceedsInvoice):
        await credit(world, invoice, [CreditLine(second, euro(596))])  # type: ignore[arg-type]
    with pytest.raises(CreditExceedsInvoice):
        await credit(world, invoice, [CreditLine(second), CreditLine(second)])  # type: ignore[arg-type]
    with pytest.raises(CreditExceedsInvoice):
        await credit(world, invoice, [CreditLine(invoice.id)])
    await credit(world, invoice, euro(500))
    with pytest.raises(CreditExceedsInvoice):
        await credit(world, invoice, [CreditLine(second)])  # type: ignore[arg-type]
    last = await credit(world, invoice, [CreditLine(second, euro(95))])  # type: ignore[arg-type]
    [(credited,)] = await world.rows(
        "select credited_minor from invoices where id = %s", invoice.id
    )
    assert (last.total_minor, credited) == (95, invoice.total_minor)


async def test_what_cannot_be_credited(world: World) -> None:
    person = await world.customer()
    proforma = await issue(world, person, line())
    paid = await pay(world, await issue(world, person, line()))
    with pytest.raises(InvoiceNotCreditable):
        await credit(world, proforma)
    note = await credit(world, paid, euro(100))
    with pytest.raises(InvoiceNotCreditable):
        await credit(world, note)
    for wrong in (euro(0), euro(-5), euro(paid.total_minor), Money(5, "USD")):
        with pytest.raises(CreditExceedsInvoice):
            await credit(world, paid, wrong)


async def race(world: World, invoice: Invoice, minor: int, times: int) -> list[bool]:
    """The same credit from several connections, all under way before the first one ends."""
    barrier = asyncio.Barrier(times)

    async def once() -> bool:
        try:
            async with world.house.transaction() as db:
                await db.driver()  # its own connection, before anybody goes on
                await barrier.wait()
                await credit_invoice(db, invoice.id, euro(minor), "Race")
        except CreditExceedsInvoice:
            return False
        return True

    return await asyncio.gather(*(once() for _ in range(times)))


async def test_racing_credits_never_exceed_the_invoice(world: World) -> None:
    person = await world.customer()
    invoice = await pay(world, await issue(world, person, line(1000)))
    assert sorted(await race(world, invoice, 700, 2)) == [False, True]
    assert sorted(await race(world, invoice, 100, 6)) == [False, False, True, True, True, True]
    sums = await world.rows(
        "select sum(total_minor), max(number), count(*) from invoices where kind = 'credit_note'"
    )
    assert sums == [(1100, "CN-2026-000005", 5)]


async def test_the_database_itself_refuses_a_credit_without_a_note(world: World) -> None:
    person = await world.customer()
    invoice = await pay(world, await issue(world, person, line()))
    await credit(world, invoice, euro(100))
    with pytest.raises(psycopg.errors.CheckViolation):
        await world.rows("update invoices set credited_minor = 101 where id = %s", invoice.id)
    with pytest.raises(psycopg.errors.CheckViolation):
        await world.rows(
            "update invoices set credited_minor = total_minor + 1 where id = %s", invoice.id
        )


async def test_refund_to_the_wallet(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(1000))
    async with world.house.transaction() as db:
        with pytest.raises(InvoiceNotPaid):
            await refund_to_wallet(db, invoice.id, euro(100), "Too early")
    await pay(world, invoice)
    async with world.house.transaction() as db:
        note = await refund_to_wallet(db, invoice.id, euro(119), "Half a month was down")
    assert (note.total_minor, note.tax_minor) == (119, 19)
    assert await books(world) == {
        "paypal_clearing": -1190,
        "revenue": 900,
        "tax": 171,
        "wallet": 119,
    }
    async with world.house.transaction() as db:
        await refund_to_wallet(db, invoice.id, None, "All of it")
    assert await books(world) == {"paypal_clearing": -1190, "wallet": 1190}
    async with world.house.transaction() as db:
        with pytest.raises(CreditExceedsInvoice):
            await refund_to_wallet(db, invoice.id, euro(1), "Once more")


async def test_a_top_up_is_credited_only_while_its_money_is_there(world: World) -> None:
    person = await world.customer()
    receipt = await pay(world, await issue(world, person, line(5000, "0"), kind="receipt"))
    await credit(world, receipt, euro(2000))
    assert await books(world) == {"paypal_clearing": -5000, "wallet": 3000, "receivable": 2000}
    async with world.house.transaction() as db:
        with pytest.raises(InvoiceNotPaid):
            await refund_to_wallet(db, receipt.id, euro(1), "It is there already")
    from skypanel.ledger.actions import book, post

    async with world.house.transaction() as db:
        wallet = await book(db, "wallet", "EUR", person.account_id)
        owed = await book(db, "receivable", "EUR", person.account_id)
        await post(
            db,
            key="test:spent",
            reason="Spent",
            entries=[(wallet.id, euro(-2500)), (owed.id, euro(2500))],
        )
    with pytest.raises(BalanceTooLow):
        await credit(world, receipt)


async def test_voiding_a_numbered_invoice_makes_a_credit_note(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(1000), kind="tax")
    assert (invoice.state, invoice.kind, invoice.number) == ("open", "tax", "INV-2026-000001")
    assert await books(world) == {"receivable": -1190, "revenue": 1000, "tax": 190}
    async with world.house.transaction() as db:
        voided = await void_invoice(db, invoice.id, "Wrong customer")
    assert (voided.state, voided.credited_minor) == ("void", 1190)
    assert await books(world) == {}
    notes = await world.rows(
        "select number, total_minor, credit_reason from invoices where kind = 'credit_note'"
    )
    assert notes == [("CN-2026-000001", 1190, "Wrong customer")]
    async with world.house.transaction() as db:
        with pytest.raises(VerbNotAllowed):
            await void_invoice(db, invoice.id, "Again")


async def test_a_numbered_invoice_books_its_income_once(world: World) -> None:
    person = await world.customer()
    invoice = await pay(world, await issue(world, person, line(1000), kind="tax"))
    assert (invoice.state, invoice.number) == ("paid", "INV-2026-000001")
    assert await books(world) == {"paypal_clearing": -1190, "revenue": 1000, "tax": 190}


async def test_credit_on_an_open_invoice_lowers_what_is_due(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(1000), kind="tax")
    await credit(world, invoice, euro(190))
    shown = (await person.http.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert (shown["open"]["minor"], shown["credited"]["minor"]) == (1000, 190)
    paid = await pay(world, invoice, 400)
    assert (paid.state, paid.due_minor) == ("open", 600)
    with pytest.raises(InvoicePartlyPaid):
        async with world.house.transaction() as db:
            await void_invoice(db, invoice.id, "No")
    await credit(world, invoice, euro(600))
    [(state, paid_minor)] = await world.rows(
        "select state, paid_minor from invoices where id = %s", invoice.id
    )
    assert (state, paid_minor) == ("paid", 400)
    assert (await books(world))["paypal_clearing"] == -400
    assert "receivable" not in await books(world)


async def test_a_write_off_is_a_loss_until_it_is_paid_or_credited(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(1000), kind="tax")
    async with world.house.transaction() as db:
        gone = await write_off(db, invoice.id, "Bankrupt")
    assert gone.state == "uncollectible"
    assert await books(world) == {"write_off": -1190, "revenue": 1000, "tax": 190}
    part = await pay(world, invoice, 190)
    assert (part.state, part.due_minor) == ("uncollectible", 1000)
    assert (await books(world))["write_off"] == -1000
    await credit(world, invoice, euro(500))
    assert (await books(world))["write_off"] == -500
    paid = await pay(world, invoice, 500)
    assert paid.state == "paid"
    found = await books(world)
    assert "write_off" not in found
    assert "receivable" not in found
    assert found["paypal_clearing"] == -690
    assert found["revenue"] + found["tax"] == 690


async def test_a_proforma_that_nobody_pays_has_no_income_to_lose(world: World) -> None:
    person = await world.customer()
    invoice = await issue(world, person, line(1000))
    async with world.house.transaction() as db:
        await write_off(db, invoice.id, "Silent for a year")
    assert await books(world) == {}
    paid = await pay(world, invoice)
    assert (paid.state, paid.kind) == ("paid", "tax")
    assert await books(world) == {"paypal_clearing": -1190, "revenue": 1000, "tax": 190}


PARTS = st.tuples(st.integers(1, 10**6), st.sampled_from(["0", "0.07", "0.19", "0.25"]))


@given(
    st.lists(PARTS, min_size=1, max_size=6),
    st.lists(st.integers(1, 10**5), max_size=6),
)
def test_any_credits_leave_nothing_over_and_nothing_under(
    parts: list[tuple[int, str]], wanted: list[int]
) -> None:
    whole: dict[Decimal, Part] = {}
    for net, rate in parts:
        tax = line(net, rate).tax.minor
        key = Decimal(rate)
        whole[key] = whole.get(key, Part()) + Part(net, tax)
    left = dict(whole)
    for amount in [*wanted, None]:
        total = sum(part.gross for part in left.values())
        if total == 0:
            break
        gross = total if amount is None else min(amount, total)
        shares = spread(gross, left)
        assert sum(shares.values()) == gross
        for rate, share in shares.items():
            part = split(share, whole[rate], left[rate])
            assert part.gross == share
            assert 0 <= part.net <= left[rate].net
            assert 0 <= part.tax <= left[rate].tax
            left[rate] -= part
    assert all(part == Part() for part in left.values())


async def test_staff_credit_and_refund_through_the_doors(world: World) -> None:
    person: Person = await world.customer()
    invoice = await pay(world, await issue(world, person, line(1000)))
    staff = await world.staff()
    path = f"/api/v1/admin/invoices/{invoice.id}"
    shown = (await staff.http.get(path)).json()
    assert shown["can"] == ["credit", "refund_to_wallet"]
    bare = await staff.http.post(f"{path}/credit", json={"amount": {"minor": 5, "currency": "EUR"}})
    assert bare.status_code == 422
    body = {"amount": {"minor": 119, "currency": "EUR"}, "reason": "Down for three days"}
    made = await staff.http.post(f"{path}/refund-to-wallet", json=body)
    assert made.status_code == 201, made.text
    note = made.json()
    assert (note["kind"], note["corrects"]["number"]) == ("credit_note", invoice.number)
    whole = {"lines": [{"line_id": shown["lines"][0]["id"]}], "reason": "The rest"}
    assert (await staff.http.post(f"{path}/credit", json=whole)).json()["code"] == (
        "credit_exceeds_invoice"
    )
    seen = (await person.http.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert [each["number"] for each in seen["credit_notes"]] == [note["number"]]
    wallet = await person.http.get("/api/v1/wallet", params={"account_id": str(person.account_id)})
    assert wallet.json()["balance"]["minor"] == 119
    audit = await world.rows(
        "select detail->>'reason' from audit_entries where verb = 'invoice.credit'"
    )
    assert audit == [("Down for three days",)]
    await world.drain()
    mails = await world.rows("select kind from mail_messages where kind = 'credit_note'")
    assert mails == [("credit_note",)]
    support = await world.staff("help@host.example", "support")
    assert (await support.http.post(f"{path}/credit", json=whole)).status_code == 403
    assert (await person.http.post(f"{path}/credit", json=whole)).status_code == 404
