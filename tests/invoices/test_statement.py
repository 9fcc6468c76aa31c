"""Statements of account are the ledger's own sums; files are whole, streamed and harmless."""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from pypdf import PdfReader

from skypanel.invoices.actions import credit_invoice, refund_to_wallet
from skypanel.invoices.queries import exports
from skypanel.ledger.actions import book, post
from skypanel.platform.http.export import cell
from skypanel.platform.money import Money
from tests.invoices.bills import issue, line, pay
from tests.world import Person, World


async def live(world: World) -> Person:
    """Three months: a top-up, an invoice from the wallet, one from outside, a refund."""
    person = await world.customer()
    await pay(world, await issue(world, person, line(20000, "0"), kind="receipt"))
    await world.pass_time(days=30)
    invoice = await issue(world, person, line(5000))
    async with world.house.transaction() as db:
        wallet = await book(db, "wallet", "EUR", person.account_id)
        owed = await book(db, "receivable", "EUR", person.account_id)
        money = Money(invoice.total_minor, "EUR")
        await post(
            db,
            key="wallet:test",
            reason=f"Paid {invoice.number} from the wallet",
            entries=[(wallet.id, -money), (owed.id, money)],
        )
        from skypanel.invoices.actions import apply_payment
        from skypanel.platform.ids import new_id

        await apply_payment(db, invoice.id, money, payment_id=new_id())
    await world.pass_time(days=30)
    other = await pay(world, await issue(world, person, line(1000)))
    async with world.house.transaction() as db:
        await refund_to_wallet(db, other.id, Money(119, "EUR"), "Down")
    return await world.log_in(world.browser(), person.email)  # the old session has ended


async def ask(person: Person, first: str, last: str) -> dict[str, Any]:
    params = {"account_id": str(person.account_id), "first": first, "last": last}
    answer = await person.http.get("/api/v1/statements", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_statement_is_the_ledgers_own_sum(world: World) -> None:
    person = await live(world)
    whole = await ask(person, "2026-03-01", "2026-05-31")
    [(ledger,)] = await world.rows(
        "select sum(e.amount_minor)::bigint from entries e where e.account_id = %s",
        person.account_id,
    )
    assert whole["opening"]["minor"] == 0
    assert whole["closing"]["minor"] == ledger
    moved = [
        (each["kind"], each["charge"] and each["charge"]["minor"],
         each["credit"] and each["credit"]["minor"])
        for each in whole["movements"]
    ]  # fmt: skip
    assert moved == [
        ("payment", None, 20000),
        ("document", 5950, None),
        ("payment", None, 1190),
        ("document", 1190, None),
        ("document", None, 119),
    ]
    assert [each["balance"]["minor"] for each in whole["movements"]] == [
        20000,
        14050,
        15240,
        14050,
        14169,
    ]
    assert (whole["charges"]["minor"], whole["credits"]["minor"]) == (7140, 21309)
    # Neighbouring periods meet: each closes where the next one opens.
    march, april = (
        await ask(person, "2026-03-01", "2026-03-31"),
        await ask(person, "2026-04-01", "2026-04-30"),
    )
    may = await ask(person, "2026-05-01", "2026-05-31")
    assert march["closing"] == april["opening"]
    assert april["closing"] == may["opening"]
    assert may["closing"] == whole["closing"]


def statement_module() -> ModuleType:
    """The module, whose name its own reader has in the package."""
    return sys.modules["skypanel.invoices.queries.statement"]


async def test_movements_are_read_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await live(world)
    before = (await ask(person, "2026-03-01", "2026-05-31"))["movements"]
    reader = statement_module()
    monkeypatch.setattr(reader, "BATCH", 2)
    assert (await ask(person, "2026-03-01", "2026-05-31"))["movements"] == before
    monkeypatch.setattr(reader, "ROWS_MAX", 4)
    params = {"account_id": str(person.account_id), "first": "2026-03-01", "last": "2026-05-31"}
    refused = await person.http.get("/api/v1/statements", params=params)
    assert (refused.status_code, refused.json()["code"]) == (422, "statement_too_long")


async def test_days_are_the_accounts_own(world: World) -> None:
    person = await world.customer()
    await world.rows("update profiles set time_zone = 'Pacific/Auckland'")
    await world.pass_time(hours=5)  # 14:00 UTC on 2 March is 03:00 on the 3rd there
    await pay(world, await issue(world, person, line(1000)))
    assert (await ask(person, "2026-03-02", "2026-03-02"))["movements"] == []
    [first, second] = (await ask(person, "2026-03-03", "2026-03-03"))["movements"]
    assert {first["on"], second["on"]} == {"2026-03-03"}


async def test_a_statement_as_csv_and_pdf(world: World) -> None:
    person = await live(world)
    params = {"account_id": str(person.account_id), "first": "2026-04-01", "last": "2026-05-31"}
    answer = await person.http.get("/api/v1/statements/csv", params=params)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["date", "kind", "description", "charge", "credit", "balance", "currency"]
    assert rows[1][1:] == ["opening", "Balance before", "", "", "200.00", "EUR"]
    assert rows[-1][1:] == ["closing", "Balance at the end", "", "", "141.69", "EUR"]
    asked = await person.http.post("/api/v1/statements/documents", json=params)
    assert asked.status_code == 202, asked.text
    path = f"/api/v1/statements/documents/{asked.json()['id']}"
    assert (await person.http.get(path)).json()["ready"] is False
    assert (await person.http.get(f"{path}/pdf")).status_code == 409
    await world.drain()
    assert (await person.http.get(path)).json()["ready"] is True
    pdf = await person.http.get(f"{path}/pdf")
    said = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    for words in ("Statement of account", "April 1, 2026 to May 31, 2026", "€200.00", "€141.69"):
        assert words in said
    other = await world.customer("bob@example.com", "Bob")
    for foreign in ("", "/pdf"):
        assert (await other.http.get(f"{path}{foreign}")).status_code == 404
    staff = await world.staff()
    assert (await staff.http.get(f"{path}/pdf")).status_code == 200
    await world.pass_time(hours=25)
    from skypanel.invoices.jobs import forget_old_statements

    await world.house.queue.tick(forget_old_statements)
    again = await world.log_in(world.browser(), person.email)
    assert (await again.http.get(path)).status_code == 404


async def test_statements_of_others_and_of_no_time(world: World) -> None:
    person = await world.customer()
    other = await world.customer("bob@example.com", "Bob")
    params = {"account_id": str(person.account_id), "first": "2026-03-01", "last": "2026-03-31"}
    for path in ("/statements", "/statements/csv", "/invoices/export"):
        assert (await other.http.get(f"/api/v1{path}", params=params)).status_code == 404
    backwards = params | {"first": "2026-04-01"}
    assert (await person.http.get("/api/v1/statements", params=backwards)).status_code == 422
    never = params | {"last": str(date.max)}
    assert (await person.http.get("/api/v1/statements", params=never)).status_code == 422
    staff = await world.staff()
    shown = await staff.http.get("/api/v1/admin/statements", params=params)
    assert shown.json()["movements"] == []


async def test_exports_hold_every_invoice_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await world.customer(name="=cmd|' /C calc'!A0")
    other = await world.customer("bob@example.com", "Bob")
    mine = [await issue(world, person, line()) for _ in range(5)]
    paid = await pay(world, mine[0])
    async with world.house.transaction() as db:
        await credit_invoice(db, paid.id, Money(119, "EUR"), "Down")
    await issue(world, other, line())
    batches: list[int] = []
    rows = exports._ALL.all

    async def counted(read: Any, /, **asked: Any) -> list[Any]:
        found = await rows(read, **asked)
        batches.append(len(found))
        return found

    monkeypatch.setattr(exports, "BATCH", 3)
    monkeypatch.setattr(exports._ALL, "all", counted)
    params = {"account_id": str(person.account_id)}
    answer = await person.http.get("/api/v1/invoices/export", params=params)
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(table) == 6
    assert len({row["number"] for row in table}) == 6
    assert {row["account"] for row in table} == {"'=cmd|' /C calc'!A0"}
    note = next(row for row in table if row["kind"] == "credit_note")
    assert (note["total"], note["corrects"]) == ("1.19", "INV-2026-000001")
    as_json = await person.http.get("/api/v1/invoices/export", params=params | {"format": "json"})
    assert len(as_json.json()["items"]) == 6
    none = await person.http.get("/api/v1/invoices/export", params=params | {"last": "2020-01-01"})
    assert len(none.text.splitlines()) == 1
    staff = await world.staff()
    everybody = await staff.http.get("/api/v1/admin/invoices/export")
    assert len(everybody.text.splitlines()) == 8
    assert batches == [3, 3, 1]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("plain", "plain"),
        (Money(-500, "EUR").major, "-5.00"),
        (None, ""),
    ],
)
def test_cells_that_would_run_are_plain(value: object, shown: str) -> None:
    assert cell(value) == shown
