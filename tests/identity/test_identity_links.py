"""Signing up, confirming, resetting, changing an address: by links that work once."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.world import PASSWORD, World

from skypanel.identity.rules.passwords import check_password
from skypanel.identity.rules.tokens import confirmation_token
from skypanel.platform.errors import FieldRefusal

NEW = "another good passphrase"


async def link(world: World, purpose: str, nth_newest: int = 0) -> str:
    rows = await world.rows(
        "select id, purpose, version from confirmations where purpose = %s order by id desc",
        purpose,
    )
    return confirmation_token(world.house.sealer, *rows[nth_newest])


async def sign_up(
    world: World, email: str = "ada@example.com", password: str = PASSWORD, **more: Any
) -> httpx.Response:
    return await world.browser().post(
        "/api/v1/registrations",
        json={"name": "Ada Byron", "email": email, "password": password, **more},
    )


async def log_in(world: World, email: str, password: str) -> int:
    answer = await world.browser().post(
        "/api/v1/sessions", json={"email": email, "password": password}
    )
    return answer.status_code


async def verbs(world: World) -> list[str]:
    return [row[0] for row in await world.rows("select verb from audit_entries order by id")]


async def queued(world: World) -> list[str]:
    rows = await world.rows("select task_name from procrastinate_jobs order by id")
    return [name for (name,) in rows if name.startswith("mail.")]


async def confirm(world: World, token: str) -> httpx.Response:
    return await world.browser().post("/api/v1/registrations/confirm", json={"token": token})


async def test_signing_up_opens_a_user_an_account_and_a_profile(world: World) -> None:
    answer = await sign_up(world, company="Analytical Engines Ltd", country="gb", language="de")
    assert (answer.status_code, answer.json()) == (202, {"email": "ada@example.com"})
    assert await world.rows(
        "select u.email, u.language, u.email_verified_at, a.name, a.currency, m.role, p.country"
        " from users u join members m on m.user_id = u.id join accounts a on a.id = m.account_id"
        " join profiles p on p.account_id = a.id"
    ) == [("ada@example.com", "de", None, "Analytical Engines Ltd", "EUR", "owner", "GB")]
    assert await verbs(world) == ["user.registered", "account.opened"]
    assert await queued(world) == ["mail.verify_email"]
    token = await link(world, "verify")
    assert (await confirm(world, token)).json() == {"email": "ada@example.com"}
    assert await log_in(world, "ada@example.com", PASSWORD) == 200


async def test_signing_up_twice_answers_the_same_and_changes_nothing(world: World) -> None:
    first = await sign_up(world)
    await confirm(world, await link(world, "verify"))
    again = await sign_up(world, "Ada@Example.com", NEW)
    assert (again.status_code, again.json()["email"].lower()) == (
        first.status_code,
        first.json()["email"],
    )
    assert await world.rows("select count(*) from users") == [(1,)]
    assert await queued(world) == ["mail.verify_email", "mail.account_exists"]
    assert await log_in(world, "ada@example.com", NEW) == 401
    assert await log_in(world, "ada@example.com", PASSWORD) == 200


async def test_who_signs_up_with_a_strangers_address_never_gets_in(world: World) -> None:
    """The owner's own link brings the owner's password, whoever was first."""
    await sign_up(world, password="the thief's passphrase")
    await sign_up(world, password=PASSWORD)
    assert (await confirm(world, await link(world, "verify"))).status_code == 200
    assert await log_in(world, "ada@example.com", "the thief's passphrase") == 401
    assert await log_in(world, "ada@example.com", PASSWORD) == 200
    assert (await confirm(world, await link(world, "verify", 1))).status_code == 410
    assert await log_in(world, "ada@example.com", PASSWORD) == 200


async def test_a_link_works_once_in_time_and_only_unaltered(world: World) -> None:
    await sign_up(world)
    token = await link(world, "verify")
    [(row_id,)] = await world.rows("select id from confirmations")
    other = confirmation_token(world.house.sealer, row_id, "reset", 1)
    for wrong in (other, token[:-1] + ("A" if token[-1] != "A" else "B"), f"{UUID(int=7)}.x", "x"):
        answer = await confirm(world, wrong)
        assert (answer.status_code, answer.json()["code"]) == (410, "link_spent")
    assert (await confirm(world, "ü" * 20)).status_code == 422
    assert (await confirm(world, token)).status_code == 200
    assert (await confirm(world, token)).status_code == 410
    assert (await verbs(world)).count("user.email_confirmed") == 1

    await sign_up(world, "bob@example.com")
    late = await link(world, "verify")
    await world.pass_time(days=3)
    assert (await confirm(world, late)).status_code == 410
    answer = await world.http.post(
        "/api/v1/registrations/resend", json={"email": "bob@example.com"}
    )
    assert answer.status_code == 202
    assert (await confirm(world, await link(world, "verify"))).status_code == 200
    assert await log_in(world, "bob@example.com", PASSWORD) == 200


@pytest.mark.parametrize("door", ["/api/v1/registrations/resend", "/api/v1/password-resets"])
async def test_asking_for_a_link_tells_nothing(world: World, door: str) -> None:
    await world.customer()
    await world.drain()
    answers = []
    for email in ("ada@example.com", "nobody@example.com"):
        answer = await world.browser().post(door, json={"email": email})
        answers.append((answer.status_code, sorted(answer.json()), dict(answer.headers).keys()))
    assert answers[0] == answers[1]
    made = await world.rows("select count(*) from confirmations where purpose = 'reset'")
    assert made == [(1 if door.endswith("resets") else 0,)]
    about = [v for v in await verbs(world) if v.endswith("_requested")]
    assert len(about) == 2


async def test_links_are_not_sent_without_end(world: World) -> None:
    for _ in range(5):
        answer = await world.http.post("/api/v1/password-resets", json={"email": "x@example.com"})
        assert answer.status_code == 202
    answer = await world.http.post("/api/v1/password-resets", json={"email": "X@example.com"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")


async def test_a_reset_ends_every_session_and_works_once(world: World) -> None:
    person = await world.customer()
    await world.http.post("/api/v1/password-resets", json={"email": person.email})
    token = await link(world, "reset")
    door = "/api/v1/password-resets/confirm"
    weak = await world.http.post(door, json={"token": token, "password": "short"})
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (422, "password")
    done = await world.http.post(door, json={"token": token, "password": NEW})
    assert done.status_code == 204
    again = await world.http.post(door, json={"token": token, "password": PASSWORD})
    assert again.status_code == 410
    assert (await person.http.get("/api/v1/me")).status_code == 401
    assert await log_in(world, person.email, PASSWORD) == 401
    assert await log_in(world, person.email, NEW) == 200
    assert (await queued(world))[-1] == "mail.password_changed"
    assert {"user.password_reset_requested", "user.password_reset", "session.ended"} <= set(
        await verbs(world)
    )


async def test_a_reset_link_dies_within_the_hour_and_with_the_password(world: World) -> None:
    person = await world.customer()
    await world.http.post("/api/v1/password-resets", json={"email": person.email})
    token = await link(world, "reset")
    changed = await person.http.put(
        "/api/v1/me/password", json={"current_password": PASSWORD, "new_password": NEW}
    )
    assert changed.status_code == 204
    door = "/api/v1/password-resets/confirm"
    answer = await world.http.post(door, json={"token": token, "password": "yet another phrase"})
    assert answer.status_code == 410
    await world.http.post("/api/v1/password-resets", json={"email": person.email})
    await world.pass_time(hours=1)
    late = await world.http.post(
        door, json={"token": await link(world, "reset"), "password": "yet another phrase"}
    )
    assert late.status_code == 410


async def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(
    world: World,
) -> None:
    person = await world.customer()
    elsewhere = await world.log_in(world.browser(), person.email)
    door = "/api/v1/me/password"
    wrong = await person.http.put(
        door, json={"current_password": "not the password", "new_password": NEW}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (403, "password_wrong")
    assert "user.password_refused" in await verbs(world)
    weak = await person.http.put(
        door, json={"current_password": PASSWORD, "new_password": "password123"}
    )
    assert weak.json()["errors"][0]["field"] == "new_password"
    done = await person.http.put(door, json={"current_password": PASSWORD, "new_password": NEW})
    assert done.status_code == 204
    assert (await person.http.get("/api/v1/me")).status_code == 200
    assert (await elsewhere.http.get("/api/v1/me")).status_code == 401
    assert await log_in(world, person.email, NEW) == 200


async def test_an_address_holds_until_the_new_one_is_confirmed(world: World) -> None:
    person = await world.customer()
    wrong = await person.http.post(
        "/api/v1/me/email", json={"email": "ada@new.example.com", "password": "not the password"}
    )
    assert wrong.status_code == 403
    asked = await person.http.post(
        "/api/v1/me/email", json={"email": "Ada@new.example.com", "password": PASSWORD}
    )
    assert asked.status_code == 202
    assert (await queued(world))[-1] == "mail.confirm_new_email"
    assert (await person.http.get("/api/v1/me")).json()["email"] == "ada@example.com"
    assert await log_in(world, "ada@example.com", PASSWORD) == 200
    assert await log_in(world, "ada@new.example.com", PASSWORD) == 401
    token = await link(world, "email")
    confirmed = await world.http.post("/api/v1/me/email/confirm", json={"token": token})
    assert confirmed.json() == {"email": "ada@new.example.com"}
    assert (await queued(world))[-1] == "mail.email_changed"
    assert await log_in(world, "ada@example.com", PASSWORD) == 401
    assert await log_in(world, "ada@new.example.com", PASSWORD) == 200
    again = await world.http.post("/api/v1/me/email/confirm", json={"token": token})
    assert again.status_code == 410
    [(detail,)] = await world.rows(
        "select detail from audit_entries where verb = 'user.email_changed'"
    )
    assert detail == {"before": "ada@example.com", "after": "ada@new.example.com"}


async def test_a_taken_address_is_answered_alike_and_gets_no_link(world: World) -> None:
    person = await world.customer()
    await world.customer("eve@example.com", "Eve")
    answers = []
    for email in ("eve@example.com", "free@example.com"):
        answer = await person.http.post(
            "/api/v1/me/email", json={"email": email, "password": PASSWORD}
        )
        answers.append((answer.status_code, sorted(answer.json())))
    assert answers[0] == answers[1]
    assert await world.rows("select email from confirmations where purpose = 'email'") == [
        ("free@example.com",)
    ]
    await world.customer("free@example.com", "Fred")  # who signs up first has the address
    token = await link(world, "email")
    late = await world.http.post("/api/v1/me/email/confirm", json={"token": token})
    assert (late.status_code, late.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("a" * 9, "password_short"),
        ("ab" * 65, "password_long"),
        ("Ada@Example.com", "password_personal"),
        ("augusta ada byron", "password_personal"),
        ("AugustaAdaByron", "password_personal"),
        ("qwertyuiop", "password_common"),
        ("Password123", "password_common"),
        ("zzzzzzzzzzzz", "password_common"),
    ],
)
def test_passwords_anybody_would_try_are_refused(password: str, code: str) -> None:
    with pytest.raises(FieldRefusal) as refused:
        check_password(password, email="ada@example.com", name="Augusta Ada Byron")
    assert refused.value.errors[0]["code"] == code


@pytest.mark.parametrize("password", ["a simple one", "ab" * 64, "ЯблокоГрушаСлива", "1029384757"])
def test_passwords_need_no_composition(password: str) -> None:
    check_password(password, email="ada@example.com", name="Ada")


async def test_wrong_sign_ups_are_told_why(world: World) -> None:
    for body, field in (
        ({"email": "nonsense"}, "email"),
        ({"password": "short"}, "password"),
        ({"currency": "XXX"}, "currency"),
        ({"country": "ZZ"}, "country"),
        ({"name": ""}, "name"),
        ({"time_zone": "Nowhere"}, "time_zone"),
        ({"admin": True}, "admin"),
    ):
        good = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
        answer = await world.http.post("/api/v1/registrations", json={**good, **body})
        assert answer.status_code == 422, body
        assert answer.json()["errors"][0]["field"] == field
    assert await world.rows("select * from users") == []


async def test_of_two_sign_ups_at_once_one_opens_the_user(world: World) -> None:
    answers = await asyncio.gather(*(sign_up(world) for _ in range(4)))
    assert {(each.status_code, each.text) for each in answers} == {
        (202, '{"email":"ada@example.com"}')
    }
    assert await world.rows(
        "select (select count(*) from users), (select count(*) from accounts)"
    ) == [(1, 1)]


async def test_of_two_followers_of_one_link_one_arrives(world: World) -> None:
    await sign_up(world)
    token = await link(world, "verify")
    answers = await asyncio.gather(*(confirm(world, token) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [200, 410, 410]


async def test_the_currency_is_one_that_is_sold_in(world: World) -> None:
    from skypanel.catalog.rules import BrandSettings

    async with world.house.transaction() as db:
        brand = BrandSettings(currencies=("USD", "GBP"), default_currency="USD")
        await world.house.settings.put(db, brand)
    world.house.cache.clear()
    assert (await sign_up(world, "a@example.com")).status_code == 202
    assert (await sign_up(world, "b@example.com", currency="GBP")).status_code == 202
    refused = await sign_up(world, "c@example.com", currency="EUR")
    assert refused.json()["errors"][0]["code"] == "currency_not_offered"
    assert await world.rows("select currency from accounts order by id") == [("USD",), ("GBP",)]
