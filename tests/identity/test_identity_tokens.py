"""Programs: access tokens bound to a session, refresh tokens that rotate."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from tests.world import ORIGIN, PASSWORD, World

from skypanel.identity.rules.tokens import ALGORITHM, AccessToken, sign_access_token


async def grant(world: World, email: str = "ada@example.com") -> dict[str, Any]:
    answer = await world.browser().post(
        "/api/v1/tokens", json={"email": email, "password": PASSWORD, "label": "backup script"}
    )
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


async def me(world: World, access_token: str) -> int:
    answer = await world.browser().get(
        "/api/v1/me", headers={"authorization": f"Bearer {access_token}"}
    )
    return answer.status_code


async def refresh(world: World, token: str) -> httpx.Response:
    return await world.browser().post("/api/v1/tokens/refresh", json={"refresh_token": token})


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return claims


async def test_an_access_token_is_verified_by_the_published_keys(world: World) -> None:
    person = await world.customer()
    assert (await world.http.get("/.well-known/jwks.json")).json() == {"keys": []}
    assert await me(world, "a.b.c") == 401  # before there is any key
    tokens = await grant(world)
    assert (tokens["token_type"], tokens["expires_in_seconds"]) == ("Bearer", 600)
    keys = (await world.http.get("/.well-known/jwks.json")).json()
    assert all("d" not in key for key in keys["keys"])
    found = jwt.decode(tokens["access_token"], KeySet.import_key_set(keys), algorithms=[ALGORITHM])
    assert found.header["kid"] == keys["keys"][0]["kid"]
    assert found.claims["sub"] == str(person.user_id)
    assert found.claims["exp"] - found.claims["iat"] == 600
    assert await me(world, tokens["access_token"]) == 200
    listed = (await person.http.get("/api/v1/sessions")).json()["items"]
    assert [each["kind"] for each in listed] == ["token", "browser"]
    assert listed[0]["label"] == "backup script"
    assert UUID(found.claims["sid"]) == UUID(listed[0]["id"])


async def test_an_access_token_ends_after_ten_minutes(world: World) -> None:
    await world.customer()
    tokens = await grant(world)
    await world.pass_time(minutes=9, seconds=59)
    assert await me(world, tokens["access_token"]) == 200
    await world.pass_time(seconds=1)
    assert await me(world, tokens["access_token"]) == 401


async def test_a_token_that_we_did_not_sign_lets_nobody_in(world: World) -> None:
    person = await world.customer()
    tokens = await grant(world)
    claims = claims_of(tokens["access_token"])
    [(kid,)] = await world.rows("select id::text from signing_keys")
    forged = OKPKey.generate_key("Ed25519", {"kid": kid})
    token = AccessToken(person.user_id, UUID(claims["sid"]))
    now = world.clock.now()
    assert await me(world, sign_access_token(forged, token, issuer=ORIGIN, now=now)) == 401
    head, body, signature = tokens["access_token"].split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": kid}).encode()).decode()
    for wrong in (
        f"{none.rstrip('=')}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body}",
        "",
        "ü",
    ):
        answer = await world.browser().get(
            "/api/v1/me", headers={"authorization": f"Bearer {wrong}".encode()}
        )
        assert answer.status_code == 401


async def test_refresh_tokens_rotate(world: World) -> None:
    await world.customer()
    first = await grant(world)
    await world.pass_time(minutes=20)
    second = (await refresh(world, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert await me(world, second["access_token"]) == 200
    assert claims_of(second["access_token"])["sid"] == claims_of(first["access_token"])["sid"]
    kept = await world.rows("select token_hash from refresh_tokens")
    assert first["refresh_token"].encode() not in {bytes(each) for (each,) in kept}


async def test_a_refresh_token_used_twice_ends_the_whole_chain(world: World) -> None:
    person = await world.customer()
    first = await grant(world)
    second = (await refresh(world, first["refresh_token"])).json()
    stolen = await refresh(world, first["refresh_token"])
    assert (stolen.status_code, stolen.json()["code"]) == (401, "token_refused")
    assert await me(world, second["access_token"]) == 401
    assert (await refresh(world, second["refresh_token"])).status_code == 401
    assert (await person.http.get("/api/v1/me")).status_code == 200  # the browser stays
    rows = await world.rows("select verb from audit_entries where verb like 'session.refresh%%'")
    assert rows == [("session.refresh_token_reused",)]
    assert await world.rows("select end_reason from sessions where kind = 'token'") == [
        ("refresh_token_reused",)
    ]


async def test_of_two_refreshes_at_once_one_wins_and_the_chain_ends(world: World) -> None:
    await world.customer()
    first = await grant(world)
    answers = await asyncio.gather(*(refresh(world, first["refresh_token"]) for _ in range(2)))
    assert sorted(each.status_code for each in answers) == [200, 401]
    won = next(each.json() for each in answers if each.status_code == 200)
    assert await me(world, won["access_token"]) == 401


async def test_a_refresh_token_lasts_thirty_days_from_its_grant(world: World) -> None:
    await world.customer()
    first = await grant(world)
    await world.pass_time(days=29)
    second = (await refresh(world, first["refresh_token"])).json()
    await world.pass_time(days=29)
    third = await refresh(world, second["refresh_token"])
    assert third.status_code == 200
    await world.pass_time(days=30)
    assert (await refresh(world, third.json()["refresh_token"])).status_code == 401
    assert (await refresh(world, "x" * 43)).status_code == 401


async def test_logging_out_ends_access_and_refresh_at_once(world: World) -> None:
    await world.customer()
    tokens = await grant(world)
    program = world.browser()
    program.headers["authorization"] = f"Bearer {tokens['access_token']}"
    assert (await program.delete("/api/v1/sessions/current")).status_code == 204
    assert await me(world, tokens["access_token"]) == 401
    assert (await refresh(world, tokens["refresh_token"])).status_code == 401


async def test_a_log_in_asked_twice_is_two_sessions_and_nothing_is_kept_of_it(
    world: World,
) -> None:
    await world.customer()
    body = {"email": "ada@example.com", "password": PASSWORD}
    for door in ("/api/v1/tokens", "/api/v1/sessions"):
        for _ in range(2):
            browser = world.browser()
            answer = await browser.post(door, json=body, headers={"idempotency-key": "one-key-1"})
            assert answer.status_code == 200
            if door.endswith("sessions"):
                assert (await browser.get("/api/v1/me")).status_code == 200
    assert await world.rows("select count(*) from sessions") == [(5,)]
    assert await world.rows("select * from idempotency_keys") == []


async def test_the_private_half_of_a_key_is_sealed(world: World) -> None:
    await world.customer()
    await asyncio.gather(*(grant(world) for _ in range(3)))
    [(public, sealed)] = await world.rows("select public, sealed from signing_keys")
    assert "d" not in public
    assert b'"kty"' not in bytes(sealed)
