"""Invoices written by staff, and money that customers put into the wallet."""

from __future__ import annotations

from typing import Any

import pytest

from skypanel.catalog.rules import TaxSettings
from skypanel.invoices.rules import TopUpSettings, explanation
from tests.invoices.bills import books, issue, line, pay
from tests.world import Person, World


def wish(person: Person, *lines: dict[str, Any]) -> dict[str, Any]:
    return {
        "account_id": str(person.account_id),
        "due_on": "2026-03-16",
        "lines": list(lines) or [{"description": "Migration", "unit_price_minor": 8000}],
    }


async def test_a_draft_is_written_changed_and_issued(world: World) -> None:
    async with world.house.transaction() as db:
        await world.house.settings.put(db, TaxSettings(country="DE"))
    world.house.cache.clear()
    person = await world.customer()
    staff = await world.staff()
    made = await staff.http.post("/api/v1/admin/invoices", json=wish(person))
    assert made.status_code == 201, made.text
    draft = made.json()
    assert (draft["state"], draft["total"]["minor"]) == ("draft", 9520)
    assert draft["can"] == ["edit", "issue", "discard"]
    path = f"/api/v1/admin/invoices/{draft['id']}"
    # The customer sees nothing of it.
    assert (await person.http.get(f"/api/v1/invoices/{draft['id']}")).status_code == 404
    assert (await person.http.get("/api/v1/invoices")).json()["items"] == []
    change = {
        "due_on": "2026-03-20",
        "lines": [
            {"description": "Migration", "unit_price_minor": 8000, "quantity": 2},
            {"description": "Rebate", "unit_price_minor": -1000, "tax_rate": "0.19"},
            {"description": "Stamps", "unit_price_minor": 100, "tax_rate": "0"},
        ],
    }
    edited = (await staff.http.put(path, json=change)).json()
    assert (edited["net"]["minor"], edited["tax"]["minor"]) == (15100, 2850)
    issued = (await staff.http.post(f"{path}/issue", json={})).json()
    assert (issued["state"], issued["kind"], issued["number"][:8]) == (
        "open",
        "proforma",
        "PRO-2026",
    )
    assert issued["buyer"]["country"] == "DE"
    assert (await person.http.get("/api/v1/invoices")).json()["items"][0]["id"] == draft["id"]
    for verb, body in (("put", change), ("post", {})):
        again = await getattr(staff.http, verb)(
            path + ("" if verb == "put" else "/issue"), json=body
        )
        assert again.json()["code"] == "not_a_draft"
    mails = await world.rows("select 1 from mail_messages where kind = 'invoice_issued'")
    assert mails == []
    await world.drain()
    assert await world.rows("select kind from mail_messages where kind = 'invoice_issued'") == [
        ("invoice_issued",)
    ]


async def test_a_draft_issued_with_its_number_is_written_off_and_paid_later(world: World) -> None:
    person = await world.customer()
    staff = await world.staff()
    draft = (await staff.http.post("/api/v1/admin/invoices", json=wish(person))).json()
    path = f"/api/v1/admin/invoices/{draft['id']}"
    issued = (await staff.http.post(f"{path}/issue", json={"numbered": True})).json()
    assert (issued["kind"], issued["number"], issued["proforma_number"]) == (
        "tax",
        "INV-2026-000001",
        None,
    )
    assert issued["can"] == ["void", "write_off", "credit"]
    lost = (await staff.http.post(f"{path}/write-off", json={"reason": "Moved away"})).json()
    assert (lost["state"], lost["open"]["minor"]) == ("uncollectible", 8000)
    assert await books(world) == {"write_off": -8000, "revenue": 8000}
    from skypanel.invoices.models import Invoice

    async with world.house.transaction() as db:
        invoice = await db.get_one(Invoice, draft["id"])
    await pay(world, invoice, 8000)
    assert await books(world) == {"paypal_clearing": -8000, "revenue": 8000}


async def test_the_note_of_a_tax_stays_when_its_draft_is_saved_again(world: World) -> None:
    async with world.house.transaction() as db:
        await world.house.settings.put(db, TaxSettings(country="DE"))
    world.house.cache.clear()
    person = await world.customer()
    await world.rows("update profiles set country = 'US'")
    staff = await world.staff()
    draft = (await staff.http.post("/api/v1/admin/invoices", json=wish(person))).json()
    assert (draft["tax"]["minor"], draft["tax_note"][:25]) == (0, "Not subject to EU VAT: su")
    lines = [{"description": "Migration", "unit_price_minor": 8000, "tax_rate": "0"}]
    again = {"due_on": "2026-03-20", "lines": lines}
    path = f"/api/v1/admin/invoices/{draft['id']}"
    assert (await staff.http.put(path, json=again)).json()["tax_note"] == draft["tax_note"]
    lines[0]["tax_rate"] = "0.19"
    assert (await staff.http.put(path, json=again)).json()["tax_note"] == ""


async def test_drafts_are_given_up_and_never_below_nothing(world: World) -> None:
    person = await world.customer()
    staff = await world.staff()
    minus = wish(person, {"description": "Rebate", "unit_price_minor": -1})
    refused = await staff.http.post("/api/v1/admin/invoices", json=minus)
    assert (refused.status_code, refused.json()["code"]) == (422, "invoice_negative")
    draft = (await staff.http.post("/api/v1/admin/invoices", json=wish(person))).json()
    path = f"/api/v1/admin/invoices/{draft['id']}/discard"
    assert (await staff.http.post(path)).json()["state"] == "void"
    assert (await staff.http.post(path)).json()["code"] == "not_a_draft"
    assert await world.rows("select 1 from number_series") == []
    nobody = wish(person) | {"account_id": draft["id"]}
    assert (await staff.http.post("/api/v1/admin/invoices", json=nobody)).status_code == 404


async def test_staff_lists_by_state_kind_and_account(world: World) -> None:
    ada = await world.customer()
    bob = await world.customer("bob@example.com", "Bob")
    first = await issue(world, ada, line())
    second = await pay(world, await issue(world, bob, line()))
    staff = await world.staff()

    async def found(**params: Any) -> list[str]:
        answer = await staff.http.get("/api/v1/admin/invoices", params=params)
        return [each["id"] for each in answer.json()["items"]]

    assert await found() == [str(second.id), str(first.id)]
    assert await found(state="open") == [str(first.id)]
    assert await found(kind="tax") == [str(second.id)]
    assert await found(account_id=str(ada.account_id)) == [str(first.id)]
    assert await found(account_id=str(ada.account_id), state="paid", kind="tax") == []


async def test_explanations_stay_on_their_lines(world: World) -> None:
    person = await world.customer()
    why = explanation(
        steps=[("10 of 31 days", "€3.23"), ("Rounded", "€3.23")],
        price_version=3,
        usage=[("Traffic", "1.2 TB")],
    )
    invoice = await issue(world, person, line(323, explanation=why), line())
    shown = (await person.http.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert [each["explanation"] for each in shown["lines"]] == [why, None]


async def test_a_top_up_from_wish_to_receipt(world: World) -> None:
    person = await world.customer()
    account = str(person.account_id)
    bounds = await person.http.get("/api/v1/top-ups/bounds", params={"account_id": account})
    assert [bounds.json()[name]["minor"] for name in ("least", "most")] == [500, 200000]
    body = {"account_id": account, "amount": {"minor": 5000, "currency": "EUR"}}
    made = await person.http.post("/api/v1/top-ups", json=body)
    assert made.status_code == 201, made.text
    invoice = made.json()
    assert (invoice["kind"], invoice["becomes"], invoice["tax"]["minor"]) == (
        "proforma",
        "receipt",
        0,
    )
    assert invoice["can"] == ["pay", "cancel"]
    from skypanel.invoices.models import Invoice

    async with world.house.transaction() as db:
        row = await db.get_one(Invoice, invoice["id"])
    await pay(world, row)
    shown = (await person.http.get(f"/api/v1/invoices/{invoice['id']}")).json()
    assert (shown["kind"], shown["number"]) == ("receipt", "REC-2026-000001")
    assert await books(world) == {"paypal_clearing": -5000, "wallet": 5000}


@pytest.mark.parametrize(("minor", "currency"), [(499, "EUR"), (200001, "EUR"), (5000, "USD")])
async def test_top_ups_keep_to_bounds_and_currency(world: World, minor: int, currency: str) -> None:
    person = await world.customer()
    body = {"account_id": str(person.account_id), "amount": {"minor": minor, "currency": currency}}
    refused = await person.http.post("/api/v1/top-ups", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith("amount")
    assert await world.rows("select 1 from invoices") == []


async def test_a_top_up_is_given_up_by_its_customer_only(world: World) -> None:
    person = await world.customer()
    other = await world.customer("bob@example.com", "Bob")
    body = {"account_id": str(person.account_id), "amount": {"minor": 5000, "currency": "EUR"}}
    assert (await other.http.post("/api/v1/top-ups", json=body)).status_code == 404
    invoice = (await person.http.post("/api/v1/top-ups", json=body)).json()
    path = f"/api/v1/top-ups/{invoice['id']}/cancel"
    assert (await other.http.post(path)).status_code == 404
    assert (await person.http.post(path)).json()["state"] == "void"
    bill = await issue(world, person, line())
    refused = await person.http.post(f"/api/v1/top-ups/{bill.id}/cancel")
    assert refused.json()["code"] == "verb_not_allowed"


def test_bounds_of_currencies_without_decimals() -> None:
    settings = TopUpSettings(least_of={"JPY": "500"})
    least, most = settings.bounds("JPY")
    assert (least.minor, most.minor) == (500, 2000)
