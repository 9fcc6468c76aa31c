"""Logging in and out: what a cookie is bound to, and what a stranger learns."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from tests.world import PASSWORD, Person, World

from skypanel.identity.rules.tokens import cookie_name
from skypanel.platform.crypto import token_hash

COOKIE = "skypanel-8000"


async def audited(world: World, verb: str) -> list[dict[str, object]]:
    rows = await world.rows("select detail from audit_entries where verb = %s order by id", verb)
    return [row[0] for row in rows]


async def try_log_in(world: World, email: str, password: str) -> tuple[int, dict[str, object]]:
    answer = await world.browser().post(
        "/api/v1/sessions", json={"email": email, "password": password}
    )
    body = answer.json()
    body.pop("request_id", None)
    return answer.status_code, body


def test_the_cookie_is_bound_to_the_host_on_https_and_to_the_port_on_loopback() -> None:
    assert cookie_name("https://panel.example.com") == "__Host-skypanel"
    assert cookie_name("http://localhost:8000") == "skypanel-8000"
    assert cookie_name("http://localhost") == "skypanel-80"


async def test_a_log_in_sets_a_cookie_that_scripts_cannot_read(world: World) -> None:
    await world.customer()
    answer = await world.browser().post(
        "/api/v1/sessions", json={"email": "ADA@example.com ", "password": PASSWORD}
    )
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Max-Age" not in cookie
    assert "Secure" not in cookie  # loopback http only; __Host- demands it elsewhere
    me = answer.json()
    assert me["email"] == "ada@example.com"
    assert me["email_verified"] is True
    assert me["accounts"][0]["role"] == "owner"
    assert "billing.pay" in me["accounts"][0]["permissions"]
    assert me["staff"] is None


async def test_only_the_hash_of_the_cookie_is_kept(world: World) -> None:
    person = await world.customer()
    token = person.http.cookies[COOKIE]
    assert len(token) == 43
    [(kept,)] = await world.rows("select token_hash from sessions")
    assert bytes(kept) == token_hash(token)
    text = str(await world.rows("select s.*, a.* from sessions s, audit_entries a"))
    assert token not in text


async def test_a_remembered_session_lasts_thirty_days_any_other_twelve_idle_hours(
    world: World,
) -> None:
    person = await world.customer()
    remembered = world.browser()
    answer = await remembered.post(
        "/api/v1/sessions",
        json={"email": person.email, "password": PASSWORD, "remember": True},
    )
    assert "Max-Age=2592000" in answer.headers["set-cookie"]
    await world.pass_time(hours=11)
    assert (await person.http.get("/api/v1/me")).status_code == 200
    await world.pass_time(hours=11)
    assert (await person.http.get("/api/v1/me")).status_code == 200
    await world.pass_time(hours=12)
    assert (await person.http.get("/api/v1/me")).status_code == 401
    await world.pass_time(days=28)
    assert (await remembered.get("/api/v1/me")).status_code == 200
    await world.pass_time(days=1)
    assert (await remembered.get("/api/v1/me")).status_code == 401


async def test_last_seen_is_written_at_most_every_five_minutes(world: World) -> None:
    person = await world.customer()
    seen = "select last_seen_at from sessions"
    before = await world.rows(seen)
    await world.pass_time(minutes=4, seconds=59)
    await person.http.get("/api/v1/me")
    assert await world.rows(seen) == before
    await world.pass_time(seconds=1)
    await person.http.get("/api/v1/me")
    assert await world.rows(seen) == [(world.clock.now(),)]


async def test_a_stranger_learns_nothing_about_addresses(world: World) -> None:
    await world.customer()
    known = await try_log_in(world, "ada@example.com", "not the password")
    unknown = await try_log_in(world, "nobody@example.com", "not the password")
    assert known == unknown
    assert known[0] == 401
    assert known[1]["code"] == "login_failed"
    assert [each["code"] for each in await audited(world, "session.refused")] == [
        "login_failed",
        "login_failed",
    ]


async def test_an_unknown_address_costs_a_password_check_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from skypanel.identity.rules import passwords

    checked: list[str] = []
    real = passwords._verify

    def counting(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return real(password_hash, password)

    monkeypatch.setattr(passwords, "_verify", counting)
    await try_log_in(world, "nobody@example.com", "whatever it is")
    assert checked == [passwords.NOBODYS_HASH]
    assert passwords.NOBODYS_HASH.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_an_unconfirmed_address_is_told_only_to_who_has_the_password(world: World) -> None:
    await world.http.post(
        "/api/v1/registrations",
        json={"name": "Bob", "email": "bob@example.com", "password": PASSWORD},
    )
    assert (await try_log_in(world, "bob@example.com", "not the password"))[0] == 401
    status, body = await try_log_in(world, "bob@example.com", PASSWORD)
    assert (status, body["code"]) == (403, "email_unverified")
    assert await world.rows("select * from sessions") == []


async def test_guessing_is_slowed_per_address(world: World) -> None:
    for _ in range(20):
        status, _ = await try_log_in(world, "ada@example.com", "guess guess guess")
        assert status == 401
    answer = await world.browser().post(
        "/api/v1/sessions", json={"email": "Ada@example.com", "password": PASSWORD}
    )
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_attempts"
    assert int(answer.headers["retry-after"]) > 0
    assert (await try_log_in(world, "bob@example.com", "guess guess guess"))[0] == 401
    await world.pass_time(minutes=16)
    assert (await try_log_in(world, "ada@example.com", "guess guess guess"))[0] == 401


async def test_logging_out_ends_the_cookie_for_good(world: World) -> None:
    person = await world.customer()
    token = person.http.cookies[COOKIE]
    answer = await person.http.delete("/api/v1/sessions/current")
    assert answer.status_code == 204
    assert COOKIE not in person.http.cookies
    thief = world.browser()
    thief.cookies.set(COOKIE, token)
    assert (await thief.get("/api/v1/me")).status_code == 401
    assert await audited(world, "session.ended") == [{"reason": "logged_out"}]


async def test_one_sees_and_ends_ones_own_sessions_only(world: World) -> None:
    ada = await world.customer()
    elsewhere = await world.log_in(world.browser(), ada.email)
    eve = await world.customer("eve@example.com", "Eve")
    listed = (await ada.http.get("/api/v1/sessions")).json()["items"]
    assert [each["current"] for each in listed] == [False, True]
    assert {each["kind"] for each in listed} == {"browser"}
    [other] = [each["id"] for each in listed if not each["current"]]
    for foreign in (other, str(uuid4())):
        answer = await eve.http.delete(f"/api/v1/sessions/{foreign}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await elsewhere.http.get("/api/v1/me")).status_code == 200
    assert (await ada.http.delete(f"/api/v1/sessions/{other}")).status_code == 204
    assert (await elsewhere.http.get("/api/v1/me")).status_code == 401
    assert (await ada.http.get("/api/v1/me")).status_code == 200
    assert (await ada.http.delete(f"/api/v1/sessions/{other}")).status_code == 404


async def test_another_site_cannot_act_for_a_logged_in_person(world: World) -> None:
    person = await world.customer()
    for headers in (
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "none"},
    ):
        answer = await person.http.delete("/api/v1/sessions/current", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert (await person.http.get("/api/v1/me")).status_code == 200


async def test_a_cookie_of_nonsense_is_a_visitor(world: World) -> None:
    for nonsense in ("x", "0" * 43, "%00", "é"):
        answer = await world.http.get(
            "/api/v1/me", headers={"cookie": f"{COOKIE}={nonsense}".encode()}
        )
        assert answer.status_code == 401


async def test_a_visitors_nonsense_is_refused_not_broken(world: World) -> None:
    for email in ("\x00@example.com", "a" * 300, ""):
        answer = await world.http.post(
            "/api/v1/sessions", json={"email": email, "password": PASSWORD}
        )
        assert answer.status_code == 422
    huge = await world.http.post(
        "/api/v1/sessions", json={"email": "ada@example.com", "password": "x" * 2000}
    )
    assert huge.status_code == 422


async def test_the_cookie_costs_one_statement(world: World) -> None:
    person = await world.customer()
    from starlette.requests import Request

    asked: list[bytes] = []
    read = world.house.read()
    real = type(read).rows

    async def counting(self: object, statement: object, parameters: object) -> object:
        asked.append(statement.sql)  # type: ignore[attr-defined]
        return await real(self, statement, parameters)  # type: ignore[arg-type]

    cookie = f"{COOKIE}={person.http.cookies[COOKIE]}".encode()
    request = Request({"type": "http", "headers": [(b"cookie", cookie)]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(read), "rows", counting)
        viewer = await world.house.authenticate(world.house, world.house.read(), request)
    assert viewer is not None
    assert viewer.user_id == person.user_id
    assert len(asked) == 1


async def test_me_can_be_edited_within_reason(world: World) -> None:
    person: Person = await world.customer()
    answer = await person.http.patch(
        "/api/v1/me", json={"name": " Ada K. ", "time_zone": "Europe/Berlin", "language": "de"}
    )
    assert answer.status_code == 200
    me = answer.json()
    assert (me["name"], me["time_zone"], me["language"]) == ("Ada K.", "Europe/Berlin", "de")
    assert UUID(me["id"]) == person.user_id
    for wrong in (
        {"name": " "},
        {"time_zone": "Mars/Olympus"},
        {"language": "xx"},
        {"name": "a\x00b"},
        {"email": "other@example.com"},
    ):
        assert (await person.http.patch("/api/v1/me", json=wrong)).status_code == 422
    assert await audited(world, "user.edited") == [{"fields": ["language", "name", "time_zone"]}]
