"""What staff do about people: shutting out at once, and the trail of who did what."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import psycopg
import pytest
from tests.world import PASSWORD, World

from skypanel.identity.rules.roles import STAFF_PERMISSIONS, STAFF_ROLES
from skypanel.identity.rules.tokens import confirmation_token


async def test_a_suspension_ends_everything_at_once(world: World) -> None:
    ada = await world.customer()
    owner = await world.staff()
    granted = (
        await world.browser().post(
            "/api/v1/tokens", json={"email": ada.email, "password": PASSWORD}
        )
    ).json()
    await world.http.post("/api/v1/password-resets", json={"email": ada.email})
    bearer = {"authorization": f"Bearer {granted['access_token']}"}
    assert (await world.browser().get("/api/v1/me", headers=bearer)).status_code == 200

    with world.house.relay.subscribed([f"user:{ada.user_id}"]) as subscription:
        door = f"/api/v1/admin/users/{ada.user_id}"
        answer = await owner.http.post(f"{door}/suspend", json={"reason": "spam"})
        assert answer.json() == {"id": str(ada.user_id), "state": "suspended"}
        told = [await asyncio.wait_for(subscription.inbox.get(), 5) for _ in range(2)]
    assert {each.kind for each in told if each} == {"session"}

    assert (await ada.http.get("/api/v1/me")).status_code == 401
    assert (await world.browser().get("/api/v1/me", headers=bearer)).status_code == 401
    refreshed = await world.browser().post(
        "/api/v1/tokens/refresh", json={"refresh_token": granted["refresh_token"]}
    )
    assert refreshed.status_code == 401
    [(row_id,)] = await world.rows("select id from confirmations where purpose = 'reset'")
    token = confirmation_token(world.house.sealer, row_id, "reset", 1)
    reset = await world.http.post(
        "/api/v1/password-resets/confirm", json={"token": token, "password": "a new passphrase"}
    )
    assert reset.status_code == 410
    body = {"email": ada.email, "password": PASSWORD}
    refused = await world.browser().post("/api/v1/sessions", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "user_suspended")
    stranger = await world.browser().post(
        "/api/v1/sessions", json={"email": ada.email, "password": "not the password"}
    )
    assert (stranger.status_code, stranger.json()["code"]) == (401, "login_failed")
    twice = await owner.http.post(f"{door}/suspend", json={"reason": "spam"})
    assert (twice.status_code, twice.json()["code"]) == (409, "verb_not_allowed")

    assert (await owner.http.post(f"{door}/resume")).json()["state"] == "active"
    assert (await ada.http.get("/api/v1/me")).status_code == 401  # what ended stays ended
    assert (await world.browser().post("/api/v1/sessions", json=body)).status_code == 200
    trail = await owner.http.get(f"/api/v1/admin/audit?subject=user:{ada.user_id}")
    verbs = [each["verb"] for each in trail.json()["items"]]
    assert verbs[:4] == ["user.resumed", "session.refused", "session.refused", "user.suspended"]


async def test_all_accounts_suspended_lets_nobody_in(world: World) -> None:
    ada = await world.customer()
    await world.rows("update accounts set state = 'suspended'")
    assert (await ada.http.get("/api/v1/me")).status_code == 401
    refused = await world.browser().post(
        "/api/v1/sessions", json={"email": ada.email, "password": PASSWORD}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "user_suspended")


async def test_staff_doors_do_not_exist_for_customers(world: World) -> None:
    ada = await world.customer()
    for answer in (
        await ada.http.get("/api/v1/admin/audit"),
        await ada.http.post(f"/api/v1/admin/users/{uuid4()}/suspend", json={"reason": "x"}),
        await ada.http.post(f"/api/v1/admin/users/{uuid4()}/resume"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await world.http.get("/api/v1/admin/audit")).status_code == 401


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
async def test_each_staff_role_may_what_its_table_says(world: World, role: str) -> None:
    ada = await world.customer()
    person = await world.staff("staff@host.example", role)
    me = (await person.http.get("/api/v1/me")).json()
    assert me["staff"]["role"] == role
    assert set(me["staff"]["permissions"]) == STAFF_ROLES[role] <= STAFF_PERMISSIONS
    assert me["accounts"] == []
    suspended = await person.http.post(
        f"/api/v1/admin/users/{ada.user_id}/suspend", json={"reason": "abuse"}
    )
    may = "customers.edit" in STAFF_ROLES[role]
    assert suspended.status_code == (200 if may else 403)
    listed = await person.http.get("/api/v1/admin/audit")
    assert listed.status_code == (200 if "audit.view" in STAFF_ROLES[role] else 403)


async def test_staff_are_protected_from_each_other_and_themselves(world: World) -> None:
    owner = await world.staff()
    support = await world.staff("support@host.example", "support")
    own = await owner.http.post(
        f"/api/v1/admin/users/{owner.user_id}/suspend", json={"reason": "tired"}
    )
    assert (own.status_code, own.json()["code"]) == (409, "own_login")
    upwards = await support.http.post(
        f"/api/v1/admin/users/{owner.user_id}/suspend", json={"reason": "coup"}
    )
    assert (upwards.status_code, upwards.json()["code"]) == (403, "staff_protected")
    unknown = await owner.http.post(
        f"/api/v1/admin/users/{uuid4()}/suspend", json={"reason": "who?"}
    )
    assert unknown.status_code == 404
    downwards = await owner.http.post(
        f"/api/v1/admin/users/{support.user_id}/suspend", json={"reason": "left us"}
    )
    assert downwards.status_code == 200
    assert (await support.http.get("/api/v1/me")).status_code == 401


async def test_a_known_user_is_appointed_with_password_and_account_kept(world: World) -> None:
    from skypanel.identity.actions import create_staff

    ada = await world.customer()
    async with world.house.transaction() as db:
        await create_staff(
            db, name="Ignored", email="Ada@example.com", password_hash="x", role="engineer"
        )
    me = (await ada.http.get("/api/v1/me")).json()
    assert (me["name"], me["staff"]["role"], len(me["accounts"])) == ("Ada Byron", "engineer", 1)


async def test_the_trail_says_who_from_where_about_what(world: World) -> None:
    ada = await world.customer()
    owner = await world.staff()
    await owner.http.post(
        f"/api/v1/admin/users/{ada.user_id}/suspend",
        json={"reason": "spam"},
        headers={"x-request-id": "case-4711-a"},
    )
    listed = (
        await owner.http.get(
            f"/api/v1/admin/audit?actor={owner.user_id}&subject={ada.user_id}&limit=1"
        )
    ).json()
    assert listed["next"] is None
    [entry] = listed["items"]
    assert entry["actor"] == {"kind": "staff", "id": str(owner.user_id), "name": "Olga Owner"}
    assert entry["subject"] == {"kind": "user", "id": str(ada.user_id)}
    assert entry["verb"] == "user.suspended"
    assert entry["detail"] == {"reason": "spam"}
    assert entry["request_id"] == "case-4711-a"
    assert entry["ip"] == "127.0.0.1"
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        suffix = f"&cursor={cursor}" if cursor else ""
        part = (await owner.http.get(f"/api/v1/admin/audit?limit=3{suffix}")).json()
        seen += [each["id"] for each in part["items"]]
        cursor = part["next"]
    kept = await world.rows("select id::text from audit_entries order by id desc")
    assert seen == [row_id for (row_id,) in kept]


async def test_the_trail_is_only_added_to(world: World) -> None:
    await world.customer()
    for statement in (
        "update audit_entries set verb = 'nothing.happened'",
        "delete from audit_entries",
        "truncate audit_entries",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation):
            await world.rows(statement)


async def test_no_secret_is_in_the_trail(world: World) -> None:
    ada = await world.customer()
    await world.browser().post(
        "/api/v1/sessions", json={"email": ada.email, "password": "my other password"}
    )
    text = str(await world.rows("select * from audit_entries"))
    assert "my other password" not in text
    assert PASSWORD not in text
    assert "argon2" not in text


async def test_old_sessions_and_links_are_forgotten(world: World) -> None:
    from skypanel.identity.jobs import forget_old_links, forget_old_sessions

    ada = await world.customer()
    await world.browser().post("/api/v1/tokens", json={"email": ada.email, "password": PASSWORD})

    async def forget() -> None:
        async with world.house.transaction() as db:
            await forget_old_sessions.run(db)
            await forget_old_links.run(db)

    await forget()
    assert await world.rows("select count(*) from sessions") == [(2,)]
    await world.pass_time(days=61)
    await forget()
    for table in ("sessions", "refresh_tokens", "confirmations"):
        assert await world.rows(f"select count(*) from {table}") == [(0,)]
