"""The doors to the billing run: what customers choose, what staff decide."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from skypanel.platform.ids import new_id
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import acts, days, mails, running, service, tick
from tests.world import World


async def done(call: Any) -> httpx.Response:
    answer: httpx.Response = await call
    assert answer.status_code in (200, 201, 204), answer.text
    return answer


async def test_a_customer_sees_what_comes(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    shown = await ok(shop.person.http.get(f"/api/v1/services/{service_id}"))
    assert shown["can"] == ["cancel", "end_now", "change_plan"]
    assert [(each["step"], each["at"][:10], each["outcome"]) for each in shown["upcoming"][:4]] == [
        ("issue", "2026-03-26", "done"),
        ("remind", "2026-03-30", "done"),
        ("collect", "2026-04-02", "unpaid"),
        ("roll", "2026-04-02", "done"),
    ]
    account = {"account_id": str(shop.person.account_id), "days": 31}
    ahead = await ok(shop.person.http.get("/api/v1/upcoming", params=account))
    [issue] = [each for each in ahead["totals"] if each["step"] == "issue"]
    assert issue == {
        "step": "issue",
        "outcome": "done",
        "count": 1,
        "amount": {"minor": 499, "currency": "EUR"},
    }
    [listed] = (await ok(shop.person.http.get("/api/v1/services")))["items"]
    assert listed["renews_on"] == "2026-04-02"


async def test_cancelled_at_the_end_of_the_period(world: World, shop: Shop) -> None:
    """Cancelled after the next invoice was issued: that one is void, nothing more is asked."""
    service_id = await running(shop)
    await days(world, 26)
    await world.log_in(shop.person.http, shop.person.email)
    path = f"/api/v1/services/{service_id}/cancel"
    chosen = await ok(shop.person.http.post(path, json={"at_period_end": True}))
    assert (chosen["cancels_on"], chosen["can"]) == ("2026-04-02", ["keep", "end_now"])
    await tick(world)
    assert await world.rows("select state from renewals") == [("void",)]
    kept = await ok(shop.person.http.post(path, json={"at_period_end": False}))
    assert kept["cancels_on"] is None
    await tick(world)
    await tick(world)
    assert [step for step, *_ in await acts(world)] == ["issue", "issue"]
    await ok(shop.person.http.post(path, json={"at_period_end": True}))
    await tick(world)
    await days(world, 7)
    assert (await service(world, service_id))["state"] == "terminated"
    assert [step for step, *_ in await acts(world)] == ["issue", "issue", "end"]
    await days(world, 7)
    assert (await service(world, service_id))["state"] == "erased"


async def test_ended_now_and_taken_back(world: World, shop: Shop) -> None:
    """With the next invoice issued already: it is void, and billed anew when they change minds."""
    service_id = await running(shop)
    await days(world, 26)
    await world.log_in(shop.person.http, shop.person.email)
    path = f"/api/v1/services/{service_id}"
    named = (await ok(shop.person.http.get(path)))["name"]
    refused = await shop.person.http.post(f"{path}/end", json={"confirm": "no"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "name_not_typed")
    ended = await ok(shop.person.http.post(f"{path}/end", json={"confirm": named}))
    assert (ended["state"], ended["wished_end"], ended["can"]) == ("terminated", True, ["undo"])
    again = await shop.person.http.post(f"{path}/end", json={"confirm": named})
    assert (again.status_code, again.json()["code"]) == (409, "service_ended")
    await tick(world)
    assert shop.panel()[0].suspended
    assert await world.rows("select state from renewals") == [("void",)]
    assert "service_terminated" in await mails(world)
    shown = await ok(shop.person.http.get(path))
    assert shown["erases_at"].startswith("2026-04-0")
    await days(world, 4)
    await world.log_in(shop.person.http, shop.person.email)
    kept = await ok(shop.person.http.post(f"{path}/undo-end"))
    assert (kept["state"], kept["cancels_on"], kept["wished_end"]) == ("active", None, False)
    for _ in range(3):
        await tick(world)
    assert not shop.panel()[0].suspended
    assert await world.rows("select number, state from renewals order by billed_at") == [
        (1, "void"),
        (1, "open"),
    ]
    await ok(shop.person.http.post(f"{path}/end", json={"confirm": named}))
    await days(world, 8)
    await world.log_in(shop.person.http, shop.person.email)
    assert (await service(world, service_id))["state"] == "erased"
    late = await shop.person.http.post(f"{path}/undo-end")
    assert (late.status_code, late.json()["code"]) == (409, "verb_not_allowed")
    assert shop.panel() == []


async def test_what_others_ended_customers_cannot_take_back(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    path, staff = f"/api/v1/services/{service_id}", shop.staff.http
    await ok(shop.person.http.post(f"{path}/cancel", json={"at_period_end": True}))
    await done(staff.post(f"/api/v1/admin{path[7:]}/terminate", json={"reason": "Abuse"}))
    shown = await ok(shop.person.http.get(path))
    assert (shown["wished_end"], shown["can"]) == (False, [])
    refused = await shop.person.http.post(f"{path}/undo-end")
    assert (refused.status_code, refused.json()["code"]) == (409, "verb_not_allowed")


async def test_exempt_accounts_and_promises(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    staff = shop.staff.http
    path = f"/api/v1/admin/accounts/{shop.person.account_id}/terms"
    await done(staff.put(path, json={"promise_until": "2026-04-12", "reason": "On holiday"}))
    await tick(world)
    await days(world, 31 + 9)
    assert (await service(world, service_id))["state"] == "active"
    await days(world, 3)
    assert (await service(world, service_id))["holds"] == ["unpaid"]
    await world.log_in(staff, shop.staff.email)
    await done(staff.put(path, json={"exempt": True, "reason": "Our own company"}))
    await tick(world)
    await days(world, 20)
    assert (await service(world, service_id))["state"] == "suspended"


async def test_holds_are_a_set(world: World, shop: Shop) -> None:
    """Paying lifts only what was held for money."""
    service_id = await running(shop)
    staff, base = shop.staff.http, f"/api/v1/admin/services/{service_id}"
    for hold in ("abuse", "staff"):
        await done(staff.post(f"{base}/hold", json={"hold": hold, "reason": "Spam reports"}))
    await done(staff.post(f"{base}/release", json={"hold": "staff", "reason": "A mistake"}))
    assert (await service(world, service_id))["holds"] == ["abuse"]
    await done(staff.post(f"{base}/release", json={"hold": "abuse", "reason": "Cleaned up"}))
    assert (await service(world, service_id))["state"] == "active"
    refused = await staff.post(f"{base}/hold", json={"hold": "unpaid", "reason": "No such"})
    assert refused.status_code == 422


async def test_staff_terminate_and_undo(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    staff, base = shop.staff.http, f"/api/v1/admin/services/{service_id}"
    await done(staff.post(f"{base}/terminate", json={"reason": "The customer asked by phone"}))
    await tick(world)
    shown = await ok(staff.get(base))
    assert (shown["state"], shown["can"]) == ("terminated", ["undo", "park"])
    assert shown["erases_at"].startswith("2026-03-09")
    await done(staff.post(f"{base}/undo", json={"reason": "Changed their mind"}))
    await tick(world)
    assert (await service(world, service_id))["state"] == "active"
    await days(world, 20)
    assert len(shop.panel()) == 1


async def test_policies_are_timelines(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    staff = shop.staff.http
    [built_in] = (await ok(staff.get("/api/v1/admin/renewal-policies")))["items"]
    assert [row["day"] for row in built_in["timeline"]] == [-7, -3, 0, 1, 1, 3, 3, 5, 14, 21]
    terms = {"name": "Lenient", "invoice": 14, "suspend": 30, "terminate": 60, "erase": 14}
    wish = {"terms": terms, "default": True}
    await done(staff.post("/api/v1/admin/renewal-policies", json=wish))
    again = await staff.post("/api/v1/admin/renewal-policies", json=wish)
    assert (again.status_code, again.json()["code"]) == (409, "policy_name_taken")
    await tick(world)
    shown = await ok(staff.get(f"/api/v1/admin/services/{service_id}"))
    assert shown["next_at"].startswith("2026-03-19")
    wrong = {**wish, "terms": {**terms, "name": "Wrong", "terminate": 3}}
    refused = await staff.post("/api/v1/admin/renewal-policies", json=wrong)
    assert refused.status_code == 422
    [row] = (await ok(staff.get("/api/v1/admin/renewal-policies")))["items"]
    strict = {"terms": {**terms, "name": "Strict", "invoice": 3}, "default": False}
    made = await done(staff.post("/api/v1/admin/renewal-policies", json=strict))
    policy_id = next(e["id"] for e in made.json()["items"] if e["terms"]["name"] == "Strict")
    plan = shop.plans["VPS 1G"]
    await done(
        staff.put(f"/api/v1/admin/plans/{plan}/renewal-policy", json={"policy_id": policy_id})
    )
    await tick(world)
    shown = await ok(staff.get(f"/api/v1/admin/services/{service_id}"))
    assert shown["next_at"].startswith("2026-03-30")
    used = await staff.delete(f"/api/v1/admin/renewal-policies/{policy_id}")
    assert (used.status_code, used.json()["code"]) == (409, "policy_in_use")
    assert row["default"]


async def test_staff_park_and_approve(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    staff, base = shop.staff.http, f"/api/v1/admin/services/{service_id}"
    before = await ok(staff.get("/api/v1/admin/billing-run/preview", params={"days": 40}))
    assert {each["step"] for each in before["acts"]} >= {"issue", "collect", "suspend"}
    await done(staff.post(f"{base}/park", json={"reason": "Price is being negotiated"}))
    parked = await ok(staff.get("/api/v1/admin/billing-run/preview", params={"days": 40}))
    assert (parked["count"], parked["parked"][0]["reason"]) == (0, "Price is being negotiated")
    await days(world, 40)
    assert await acts(world) == []
    await world.log_in(staff, shop.staff.email)
    await done(staff.post(f"{base}/unpark", json={"reason": "Agreed"}))
    await tick(world)
    assert (await acts(world))[0][3] == date(2026, 4, 11)
    shown = await ok(staff.get("/api/v1/admin/billing-run/acts"))
    assert shown["items"][0]["step"] in ("issue", "roll", "collect")


async def test_foreign_services_are_not_found(world: World, shop: Shop) -> None:
    service_id = await running(shop)
    other = await world.customer("eve@example.com", "Eve")
    path = f"/api/v1/services/{service_id}"
    assert (await other.http.get(path)).status_code == 404
    assert (
        await other.http.post(f"{path}/cancel", json={"at_period_end": True})
    ).status_code == 404
    assert (await shop.person.http.get(f"/api/v1/services/{new_id()}")).status_code == 404
    account = {"account_id": str(shop.person.account_id)}
    assert (await other.http.get("/api/v1/upcoming", params=account)).status_code == 404


async def test_a_bad_account_is_parked_and_the_others_go_on(world: World, shop: Shop) -> None:
    """One of three services cannot be billed: it waits for staff, the run does not."""
    ids = [await running(shop, hostname=f"web-{n}.example.com") for n in range(3)]
    bad: UUID = ids[1]
    await world.rows(
        "insert into renewals (id, service_id, account_id, number, state, period_starts_at,"
        " period_ends_at, due_on, total_minor, currency, billed_at) select gen_random_uuid(), %s,"
        " account_id, 1, 'free', now(), now() + interval '1 day', current_date, 0, 'EUR',"
        " now() - interval '30 days' from services where id = %s",
        bad,
        bad,
    )
    await days(world, 25)
    assert {step for step, *_ in await acts(world)} == {"issue"}
    assert len(await acts(world)) == 2
    [(parked, because)] = await world.rows(
        "select service_id, parked_because from schedules where parked_at is not null"
    )
    assert parked == bad
    assert "UniqueViolation" in because
    assert await world.rows("select count(*) from invoices where state = 'open'") == [(2,)]
