"""An account on paper: its profile, tax numbers, and the party on a document."""

from __future__ import annotations

import pytest
from tests.world import World

from skypanel.customers.queries import billing_party
from skypanel.customers.rules import check_country, countries, tax_number
from skypanel.identity.actions import create_user, open_account
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.ids import new_id


async def test_a_profile_is_edited_field_by_field(world: World) -> None:
    ada = await world.customer()
    door = f"/api/v1/accounts/{ada.account_id}"
    before = (await ada.http.get(door)).json()
    assert before == {
        "id": str(ada.account_id),
        "name": "Ada Byron",
        "company": None,
        "line1": None,
        "line2": None,
        "postal_code": None,
        "city": None,
        "state": None,
        "country": "DE",
        "tax_number": None,
        "kind": "consumer",
        "tax_number_state": "none",
        "tax_number_checked_at": None,
        "currency": "EUR",
        "time_zone": "UTC",
        "language": "en",
        "can": ["edit"],
    }
    changes = {
        "name": "Engines",
        "company": "Engines GmbH",
        "line1": "Uferweg 1",
        "postal_code": "10115",
        "city": "Berlin",
        "tax_number": "de 136.695-976",
        "time_zone": "Europe/Berlin",
        "language": "de",
    }
    after = (await ada.http.patch(door, json=changes)).json()
    known = {"tax_number": "DE136695976", "kind": "business", "tax_number_state": "unchecked"}
    assert after == {**before, **changes, **known}
    emptied = await ada.http.patch(door, json={"company": "", "line1": None, "language": None})
    assert emptied.json() == {**after, "company": None, "line1": None}
    [(fields,)] = await world.rows(
        "select detail->'fields' from audit_entries where verb = 'account.edited'"
        " order by id limit 1"
    )
    assert fields == sorted(changes)
    me = (await ada.http.get("/api/v1/me")).json()
    assert me["accounts"][0]["name"] == "Engines"


async def test_what_cannot_be_is_refused_and_nothing_changes(world: World) -> None:
    ada = await world.customer()
    door = f"/api/v1/accounts/{ada.account_id}"
    before = (await ada.http.get(door)).json()
    for change, field in (
        ({"tax_number": "DE12"}, "tax_number"),
        ({"tax_number": "FR12345678901"}, "tax_number"),
        ({"country": "QQ"}, "country"),
        ({"time_zone": "Europe/Nowhere"}, "time_zone"),
        ({"language": "zz"}, "language"),
        ({"city": "a\nb"}, "city"),
        ({"name": ""}, "name"),
        ({"currency": "USD"}, "currency"),
    ):
        answer = await ada.http.patch(door, json={"line1": "changed", **change})
        assert answer.status_code == 422, change
        assert answer.json()["errors"][0]["field"] == field
    assert (await ada.http.get(door)).json() == before


async def test_a_tax_number_is_checked_anew_when_the_country_changes(world: World) -> None:
    ada = await world.customer()
    door = f"/api/v1/accounts/{ada.account_id}"
    await ada.http.patch(door, json={"tax_number": "DE136695976"})
    moved = await ada.http.patch(door, json={"country": "AT"})
    assert moved.json()["errors"][0]["field"] == "tax_number"
    both = await ada.http.patch(door, json={"country": "at", "tax_number": "U13585627"})
    assert (both.json()["country"], both.json()["tax_number"]) == ("AT", "ATU13585627")
    outside = await ada.http.patch(door, json={"country": "CH", "tax_number": "CHE-123.456.789"})
    assert outside.json()["tax_number"] == "CHE123456789"


async def test_the_party_on_a_document(world: World) -> None:
    ada = await world.customer()
    await ada.http.patch(
        f"/api/v1/accounts/{ada.account_id}", json={"company": "Engines", "city": "Berlin"}
    )
    assert ada.account_id is not None
    party = await billing_party(world.house.read(), ada.account_id)
    assert party == {
        "name": "Ada Byron",
        "company": "Engines",
        "line1": None,
        "line2": None,
        "postal_code": None,
        "city": "Berlin",
        "state": None,
        "country": "DE",
        "tax_number": None,
        "kind": "consumer",
        "tax_number_state": "none",
        "tax_number_checked_at": None,
        "email": "ada@example.com",
        "currency": "EUR",
        "time_zone": "UTC",
        "language": "en",
    }
    with pytest.raises(NotFound):
        await billing_party(world.house.read(), new_id())


async def test_an_account_without_a_profile_is_a_party_too(world: World) -> None:
    async with world.house.transaction() as db:
        user = await create_user(db, name="Bob", email="bob@example.com", password_hash="x")
        account = await open_account(db, name="Bob", currency="USD", owner_id=user.id)
        party = await billing_party(db, account.id)
    assert (party["name"], party["currency"], party["country"]) == ("Bob", "USD", None)
    assert (party["time_zone"], party["language"]) == ("UTC", "en")


@pytest.mark.parametrize(
    ("given", "country", "kept"),
    [
        ("de136695976", "DE", "DE136695976"),
        ("136 695 976", "DE", "DE136695976"),
        ("EL094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("ATU13585627", "AT", "ATU13585627"),
        ("FR40303265045", "FR", "FR40303265045"),
        ("IE6433435OA", "IE", "IE6433435OA"),
        ("NL004495445B01", "NL", "NL004495445B01"),
        ("ESX2482300W", "ES", "ESX2482300W"),
        ("GB 123 4567 89", "GB", "GB123456789"),
        ("12-3456789", None, "123456789"),
    ],
)
def test_tax_numbers_are_kept_in_one_form(given: str, country: str | None, kept: str) -> None:
    assert tax_number(given, country) == kept


@pytest.mark.parametrize(
    ("given", "country"),
    [
        ("DE12345678", "DE"),
        ("DE136695975", "DE"),  # one digit is wrong
        ("GR094259216", "GR"),
        ("ATU1234567", "AT"),
        ("FR40303265045", "DE"),
        ("?", "US"),
        ("1", None),
    ],
)
def test_tax_numbers_that_cannot_be_are_refused(given: str, country: str | None) -> None:
    with pytest.raises(FieldRefusal):
        tax_number(given, country)


def test_countries_are_those_of_iso_3166() -> None:
    assert check_country("de") == "DE"
    assert {"US", "GB", "TW", "XK", "SS", "CW"} <= countries()
    assert not {"EU", "UN", "ZZ", "XA", "EZ"} & countries()
    assert 249 <= len(countries()) <= 251
