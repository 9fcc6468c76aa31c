"""Accounts and their people: what each role may, invitations, and the last owner."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.world import Person, World

from skypanel.identity.rules import ROLE_PERMISSIONS, may_set_role
from skypanel.identity.rules.tokens import confirmation_token


async def invite(person: Person, email: str, role: str) -> httpx.Response:
    return await person.http.post(
        f"/api/v1/accounts/{person.account_id}/invitations", json={"email": email, "role": role}
    )


async def accept(world: World, person: Person) -> httpx.Response:
    [(row_id, version)] = await world.rows(
        "select id, version from invitations where email = %s order by id desc limit 1",
        person.email,
    )
    token = confirmation_token(world.house.sealer, row_id, "invitation", version)
    return await person.http.post("/api/v1/invitations/accept", json={"token": token})


async def joined(world: World, owner: Person, email: str, role: str) -> Person:
    person = await world.customer(email, email.partition("@")[0])
    assert (await invite(owner, email, role)).status_code == 201
    answer = await accept(world, person)
    assert answer.json() == {"account_id": str(owner.account_id)}
    return person


async def members(person: Person, account_id: object) -> dict[str, Any]:
    answer = await person.http.get(f"/api/v1/accounts/{account_id}/members")
    assert answer.status_code == 200, answer.text
    return {each["email"]: each for each in answer.json()["items"]}


async def test_an_invitation_is_accepted_once_by_whom_it_was_sent_to(world: World) -> None:
    ada = await world.customer()
    bob = await world.customer("bob@example.com", "Bob")
    eve = await world.customer("eve@example.com", "Eve")
    made = await invite(ada, "Bob@example.com", "technical")
    assert (made.status_code, made.json()["email"]) == (201, "bob@example.com")
    jobs = await world.rows("select task_name from procrastinate_jobs order by id desc limit 1")
    assert jobs == [("mail.invitation",)]
    [(row_id, version)] = await world.rows("select id, version from invitations")
    token = confirmation_token(world.house.sealer, row_id, "invitation", version)
    foreign = await eve.http.post("/api/v1/invitations/accept", json={"token": token})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "invitation_for_other_address")
    visitor = await world.http.post("/api/v1/invitations/accept", json={"token": token})
    assert visitor.status_code == 401
    assert (await accept(world, bob)).status_code == 200
    assert (await accept(world, bob)).status_code == 410
    me = (await bob.http.get("/api/v1/me")).json()
    roles = {each["id"]: each["role"] for each in me["accounts"]}
    assert roles[str(ada.account_id)] == "technical"
    assert len(roles) == 2
    again = await invite(ada, "bob@example.com", "admin")
    assert (again.status_code, again.json()["code"]) == (409, "already_member")
    told = await world.rows(
        "select verb from audit_entries where account_id = %s order by id", ada.account_id
    )
    assert [verb for (verb,) in told] == ["account.opened", "member.invited", "member.joined"]


async def test_an_invitation_ends_withdrawn_replaced_or_after_a_week(world: World) -> None:
    ada = await world.customer()
    bob = await world.customer("bob@example.com", "Bob")
    door = f"/api/v1/accounts/{ada.account_id}/invitations"
    first = (await invite(ada, bob.email, "billing")).json()
    second = (await invite(ada, bob.email, "read_only")).json()
    listed = (await ada.http.get(door)).json()["items"]
    assert listed == [second]
    assert (await ada.http.delete(f"{door}/{first['id']}")).status_code == 404
    assert (await ada.http.delete(f"{door}/{second['id']}")).status_code == 204
    assert (await accept(world, bob)).status_code == 410
    await invite(ada, bob.email, "billing")
    await world.pass_time(days=7)
    bob = await world.log_in(world.browser(), bob.email)
    assert (await accept(world, bob)).status_code == 410


async def test_foreign_accounts_are_not_found(world: World) -> None:
    ada = await world.customer()
    eve = await world.customer("eve@example.com", "Eve")
    invitation = (await invite(ada, "bob@example.com", "admin")).json()
    foreign = f"/api/v1/accounts/{ada.account_id}"
    own = f"/api/v1/accounts/{eve.account_id}"
    tried = [
        await eve.http.get(foreign),
        await eve.http.patch(foreign, json={"city": "London"}),
        await eve.http.get(f"{foreign}/members"),
        await eve.http.patch(f"{foreign}/members/{ada.user_id}", json={"role": "read_only"}),
        await eve.http.delete(f"{foreign}/members/{ada.user_id}"),
        await eve.http.get(f"{foreign}/invitations"),
        await eve.http.post(
            f"{foreign}/invitations", json={"email": "eve@example.com", "role": "owner"}
        ),
        await eve.http.delete(f"{foreign}/invitations/{invitation['id']}"),
        # a foreign thing under one's own account
        await eve.http.delete(f"{own}/invitations/{invitation['id']}"),
        await eve.http.patch(f"{own}/members/{ada.user_id}", json={"role": "read_only"}),
        await eve.http.delete(f"{own}/members/{ada.user_id}"),
        await eve.http.get(f"/api/v1/accounts/{uuid4()}"),
    ]
    assert {(each.status_code, each.json()["code"]) for each in tried} == {(404, "not_found")}


async def test_an_account_keeps_an_owner(world: World) -> None:
    ada = await world.customer()
    own = f"/api/v1/accounts/{ada.account_id}/members/{ada.user_id}"
    for answer in (
        await ada.http.delete(own),
        await ada.http.patch(own, json={"role": "admin"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    await joined(world, ada, "bob@example.com", "owner")
    assert (await ada.http.delete(own)).status_code == 204
    assert (await ada.http.get(f"/api/v1/accounts/{ada.account_id}")).status_code == 404


async def test_only_owners_touch_ownership(world: World) -> None:
    ada = await world.customer()
    bob = await joined(world, ada, "bob@example.com", "admin")
    cyd = await joined(world, ada, "cyd@example.com", "read_only")
    base = f"/api/v1/accounts/{ada.account_id}/members"
    shared = Person(bob.http, bob.email, bob.user_id, ada.account_id)
    for answer in (
        await bob.http.delete(f"{base}/{ada.user_id}"),
        await bob.http.patch(f"{base}/{ada.user_id}", json={"role": "admin"}),
        await bob.http.patch(f"{base}/{bob.user_id}", json={"role": "owner"}),
        await invite(shared, "dan@example.com", "owner"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "role_too_high")
    changed = await bob.http.patch(f"{base}/{cyd.user_id}", json={"role": "billing"})
    assert (changed.status_code, changed.json()["role"]) == (200, "billing")
    assert (await bob.http.delete(f"{base}/{cyd.user_id}")).status_code == 204
    assert (await cyd.http.get(base)).status_code == 404  # at once, in the same session


async def test_what_members_may_do_is_said_with_them(world: World) -> None:
    ada = await world.customer()
    bob = await joined(world, ada, "bob@example.com", "admin")
    cyd = await joined(world, ada, "cyd@example.com", "read_only")
    both = ["change_role", "remove"]
    assert {k: v["can"] for k, v in (await members(ada, ada.account_id)).items()} == {
        "ada@example.com": [],  # the last owner stays
        "bob@example.com": both,
        "cyd@example.com": both,
    }
    assert {k: v["can"] for k, v in (await members(bob, ada.account_id)).items()} == {
        "ada@example.com": [],
        "bob@example.com": both,
        "cyd@example.com": both,
    }
    assert {k: v["can"] for k, v in (await members(cyd, ada.account_id)).items()} == {
        "ada@example.com": [],
        "bob@example.com": [],
        "cyd@example.com": ["remove"],
    }
    base = f"/api/v1/accounts/{ada.account_id}/members"
    assert (await ada.http.patch(f"{base}/{bob.user_id}", json={"role": "owner"})).is_success
    assert (await members(ada, ada.account_id))["ada@example.com"]["can"] == both
    leaving = f"{base}/{cyd.user_id}"
    assert (await cyd.http.delete(leaving)).status_code == 204


@pytest.mark.parametrize("role", ["admin", "billing", "technical", "read_only"])
async def test_each_role_may_what_its_table_says(world: World, role: str) -> None:
    ada = await world.customer()
    bob = await joined(world, ada, "bob@example.com", role)
    base = f"/api/v1/accounts/{ada.account_id}"
    allowed = ROLE_PERMISSIONS[role]
    asked = {
        "account.edit": await bob.http.patch(base, json={"city": "Turin"}),
        "members.manage": await bob.http.get(f"{base}/invitations"),
        "billing.view": await bob.http.get(f"/api/v1/invoices?account_id={ada.account_id}"),
    }
    for permission, answer in asked.items():
        wanted = 200 if permission in allowed else 403
        assert answer.status_code == wanted, permission
        if wanted == 403:
            assert answer.json()["code"] == "permission_missing"
    shared = Person(bob.http, bob.email, bob.user_id, ada.account_id)
    inviting = await invite(shared, "dan@example.com", "read_only")
    assert inviting.status_code == (201 if "members.manage" in allowed else 403)
    others = await bob.http.delete(f"{base}/members/{ada.user_id}")
    assert others.status_code == 403
    shown = (await bob.http.get(base)).json()
    assert shown["can"] == (["edit"] if "account.edit" in allowed else [])
    me = (await bob.http.get("/api/v1/me")).json()
    [mine] = [each for each in me["accounts"] if each["id"] == str(ada.account_id)]
    assert set(mine["permissions"]) == allowed


def test_no_role_without_members_manage_sets_roles() -> None:
    for acting, permissions in ROLE_PERMISSIONS.items():
        for before in (None, *ROLE_PERMISSIONS):
            for after in (None, *ROLE_PERMISSIONS):
                if "members.manage" not in permissions:
                    assert not may_set_role(acting, before, after)
                elif acting != "owner":
                    assert may_set_role(acting, before, after) == ("owner" not in (before, after))


async def test_two_owners_who_remove_each_other_leave_one(world: World) -> None:
    ada = await world.customer()
    bob = await joined(world, ada, "bob@example.com", "owner")
    base = f"/api/v1/accounts/{ada.account_id}/members"
    answers = await asyncio.gather(
        ada.http.delete(f"{base}/{bob.user_id}"), bob.http.delete(f"{base}/{ada.user_id}")
    )
    assert sorted(each.status_code for each in answers) == [204, 404]
    left = await world.rows("select role from members where account_id = %s", ada.account_id)
    assert left == [("owner",)]
