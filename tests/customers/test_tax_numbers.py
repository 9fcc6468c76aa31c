"""Tax numbers: asked about at the register, proofs kept, the register's absence survived."""

from __future__ import annotations

from typing import Any

from tests.orders.shop import Shop, open_shop
from tests.world import Person, World

from skypanel.customers.jobs import check_due_tax_numbers

AT, FI = "ATU13585627", "FI20774740"


def door(person: Person) -> str:
    return f"/api/v1/accounts/{person.account_id}"


async def give(person: Person, **changes: str) -> dict[str, Any]:
    answer = await person.http.patch(door(person), json=changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def state_of(world: World, person: Person) -> str:
    """Looked up in the database: who waits for months is not logged in any more."""
    [(state,)] = await world.rows(
        "select tax_number_state from profiles where account_id = %s", person.account_id
    )
    return str(state)


async def test_a_number_is_asked_about_and_the_proof_is_kept(world: World) -> None:
    ada = await world.customer()
    world.vies.names[AT] = ("Muster GmbH", "Ring 1")
    given = await give(ada, country="AT", tax_number=AT)
    assert (given["kind"], given["tax_number_state"]) == ("business", "unchecked")
    await world.drain()
    assert await state_of(world, ada) == "valid"
    staff = await world.staff()
    url = f"/api/v1/admin/accounts/{ada.account_id}/tax-number-checks"
    [proof] = (await staff.http.get(url)).json()["items"]
    assert (proof["number"], proof["valid"], proof["name"]) == (AT, True, "Muster GmbH")
    assert proof["consultation_ref"]
    assert proof["checked_at"] == "2026-03-02T09:00:00Z"
    assert world.vies.asked[0]["requesterNumber"] == "136695976"
    assert (await ada.http.get(url)).status_code == 404


async def test_the_same_number_again_is_not_asked_again(world: World) -> None:
    ada = await world.customer()
    await give(ada, country="AT", tax_number=AT)
    await world.drain()
    await give(ada, city="Graz", tax_number="atu 13585627")
    await world.drain()
    assert len(world.vies.asked) == 1
    assert await state_of(world, ada) == "valid"


async def test_who_gives_a_number_buys_as_a_business_unless_they_say_otherwise(
    world: World,
) -> None:
    ada = await world.customer()
    assert (await give(ada, country="AT", tax_number=AT))["kind"] == "business"
    assert (await give(ada, kind="consumer"))["kind"] == "consumer"
    again = await give(ada, city="Graz", tax_number=AT)
    assert (again["kind"], again["tax_number"]) == ("consumer", AT)
    both = await give(ada, country="FI", tax_number=FI, kind="consumer")
    assert both["kind"] == "consumer"


async def test_a_number_the_register_does_not_know(world: World) -> None:
    ada = await world.customer()
    world.vies.invalid.add(AT)
    await give(ada, country="AT", tax_number=AT)
    await world.drain()
    assert await state_of(world, ada) == "invalid"
    await give(ada, tax_number="")
    assert await state_of(world, ada) == "none"


async def test_the_register_away_proves_nothing_and_unproves_nothing(world: World) -> None:
    ada = await world.customer()
    world.vies.down = "MS_MAX_CONCURRENT_REQ"
    await give(ada, country="AT", tax_number=AT)
    await world.drain()
    assert await state_of(world, ada) == "unchecked"
    assert await world.rows("select 1 from job_failures") == []
    world.vies.down = ""
    await world.house.queue.tick(check_due_tax_numbers)
    assert await state_of(world, ada) == "valid"
    world.vies.broken = True
    await world.pass_time(days=31)
    await world.house.queue.tick(check_due_tax_numbers)
    assert await state_of(world, ada) == "valid"
    asked = len(world.vies.asked)
    await world.pass_time(hours=1)
    await world.house.queue.tick(check_due_tax_numbers)
    assert len(world.vies.asked) == asked, "not again within six hours"
    world.vies.broken = False
    world.vies.invalid.add(AT)
    await world.pass_time(hours=6)
    await world.house.queue.tick(check_due_tax_numbers)
    assert await state_of(world, ada) == "invalid"
    rows = await world.rows("select valid from tax_number_checks order by id")
    assert rows == [(True,), (False,)]


async def test_it_is_asked_again_each_month_and_not_before(world: World) -> None:
    ada = await world.customer()
    await give(ada, country="FI", tax_number=FI)
    await world.drain()
    for days, asked in ((29, 1), (2, 2), (29, 2), (2, 3)):
        await world.pass_time(days=days)
        await world.house.queue.tick(check_due_tax_numbers)
        assert len(world.vies.asked) == asked


async def test_an_answer_about_a_number_that_was_replaced_meanwhile_does_not_count(
    world: World,
) -> None:
    from skypanel.customers.actions import keep_answer

    ada = await world.customer()
    assert ada.account_id is not None
    await give(ada, country="AT", tax_number=AT)
    async with world.house.transaction() as db:
        await keep_answer(db, ada.account_id, "ATU99999999", valid=True)
    assert await state_of(world, ada) == "unchecked"


async def test_a_proof_decides_what_an_order_costs(world: World) -> None:
    from skypanel.catalog.rules import TaxSettings

    shop = await open_shop(world)
    await settle_in(shop, TaxSettings(country="DE"))
    await give(shop.person, country="AT", tax_number=AT)
    before = await invoice(shop, await shop.order())
    assert (before["tax"]["minor"], before["lines"][0]["tax_rate"]) == (100, "0.2")
    assert before["tax_note"] == "VAT of AT, declared through the One Stop Shop."
    await world.drain()
    after = await invoice(shop, await shop.order(hostname="b.example.com"))
    assert after["total"]["minor"] == 499
    assert after["tax_note"].startswith("Reverse charge")
    assert after["buyer"]["tax_number"] == AT
    assert after["buyer"]["tax_number_state"] == "valid"


async def test_the_note_is_printed(world: World) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    from skypanel.catalog.rules import TaxSettings

    shop = await open_shop(world)
    await settle_in(shop, TaxSettings(country="DE"))
    await give(shop.person, country="US", state="TX")
    order = await shop.order()
    await world.drain()
    pdf = await shop.person.http.get(f"/api/v1/invoices/{order['invoice_id']}/pdf")
    text = " ".join(PdfReader(BytesIO(pdf.content)).pages[0].extract_text().split())
    assert "Not subject to EU VAT" in text


async def settle_in(shop: Shop, settings: Any) -> None:
    async with shop.world.house.transaction() as db:
        await shop.world.house.settings.put(db, settings)
    shop.world.house.cache.clear()


async def invoice(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.person.http.get(f"/api/v1/invoices/{order['invoice_id']}")
    found: dict[str, Any] = answer.json()
    return found
