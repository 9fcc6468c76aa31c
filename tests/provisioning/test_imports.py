"""A host's servers of before are read, chosen and taken over: row by row, however often it runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from skypanel.provisioning.jobs import read_panel
from tests.orders.shop import Shop, ok
from tests.provisioning.test_adoption import OWNER, TODAY, stray

IMPORTS = "/api/v1/admin/imports"


async def begin(shop: Shop) -> dict[str, Any]:
    answer = await shop.staff.http.post(IMPORTS)
    assert answer.status_code == 202, answer.text
    await shop.world.drain()
    return await ok(shop.staff.http.get(f"{IMPORTS}/{answer.json()['id']}"))


async def rows(shop: Shop, found: dict[str, Any]) -> dict[int, dict[str, Any]]:
    listed = await ok(shop.staff.http.get(f"{IMPORTS}/{found['id']}/rows"))
    return {row["panel_server"]: row for row in listed["items"]}


def choice(shop: Shop, row: dict[str, Any], **changes: Any) -> dict[str, Any]:
    plain = {
        "id": row["id"],
        "account_id": row["account_id"],
        "plan_id": row["plan_id"],
        "image_id": row["image_id"] or shop.images["Debian 13"],
        "cycle": "monthly",
        "starts_on": str(TODAY + timedelta(days=12)),
    }
    return {**plain, **changes}


async def run(shop: Shop, found: dict[str, Any], choices: list[Any], **changes: Any) -> Any:
    wish = {"rows": choices, "currency": "EUR", "invite": False, "reason": "Moved.", **changes}
    answer = await shop.staff.http.post(f"{IMPORTS}/{found['id']}/rows", json=wish)
    await shop.world.drain()
    return answer


def town(shop: Shop) -> None:
    """Ada's server, two of Bob's, one of nobody's size, one still being built."""
    stray(shop)
    tables = shop.world.virtfusion.tables
    tables.users[800] = replace(
        tables.users[OWNER], id=800, name="Bob", email="Bob@Example.com", ext_relation_id=None
    )
    stray(shop, id=991, user_id=800, name="bob-1")
    stray(shop, id=992, user_id=800, name="bob-2")
    stray(shop, id=993, user_id=800, name="odd", cpu_cores=3)
    stray(shop, id=994, user_id=800, name="unborn", state="queued")


async def test_a_host_moves_in(shop: Shop) -> None:
    town(shop)
    found = await begin(shop)
    assert (found["state"], found["total"], found["known"], found["rows"]) == ("ready", 5, 0, 5)
    seen = await rows(shop, found)
    assert seen[990]["account_id"] == str(shop.person.account_id)
    assert (seen[991]["account_id"], seen[991]["owner"]["name"]) == (None, "Bob")
    assert seen[991]["plan_id"] == shop.plans["VPS 1G"]
    assert seen[993]["plan_id"] is None
    assert (seen[994]["state"], "not over" in seen[994]["note"]) == ("refused", True)

    chosen = [choice(shop, seen[ref]) for ref in (990, 991, 992)]
    chosen.append(choice(shop, seen[994], plan_id=shop.plans["VPS 1G"]))
    assert (await run(shop, found, chosen, invite=True)).status_code == 202
    seen = await rows(shop, found)
    assert {ref: row["state"] for ref, row in seen.items()} == {
        990: "done",
        991: "done",
        992: "done",
        993: "found",
        994: "refused",
    }
    assert seen[991]["account_id"] == seen[992]["account_id"] != seen[990]["account_id"]
    people = "select email, email_verified_at is null from users where email like 'bob%%'"
    assert await shop.world.rows(people) == [("bob@example.com", True)]
    mails = "select kind, \"to\" from mail_messages where kind = 'welcome'"
    assert await shop.world.rows(mails) == [("welcome", "bob@example.com")]
    assert await shop.world.rows("select count(*), min(state) from servers") == [(3, "ready")]
    asked = [call.operation for call in shop.world.virtfusion.calls if call.method != "GET"]
    assert asked == []

    again = await run(shop, found, chosen[:3])
    assert (again.status_code, again.json()["code"]) == (409, "nothing_chosen")
    shop.world.virtfusion.tables.servers[994].state = "complete"
    assert (await run(shop, found, chosen)).status_code == 202  # what is done stays done
    assert (await rows(shop, found))[994]["state"] == "done"
    assert await shop.world.rows("select count(*) from servers") == [(4,)]
    second = await begin(shop)
    assert (second["known"], second["rows"]) == (4, 1)


@pytest.mark.parametrize("operation", ["listServers", "getServer"])
async def test_an_outage_while_it_is_read_changes_nothing(shop: Shop, operation: str) -> None:
    town(shop)
    shop.fault("unavailable", operation, times=None)
    found = await begin(shop)
    assert (found["state"], found["rows"], found["can"]) == ("stopped", 0, ["resume"])
    assert found["error"]
    shop.world.virtfusion.faults.clear()
    assert (await shop.staff.http.post(f"{IMPORTS}/{found['id']}/resume")).status_code == 202
    await shop.world.drain()
    found = await ok(shop.staff.http.get(f"{IMPORTS}/{found['id']}"))
    assert (found["state"], found["rows"]) == ("ready", 5)
    await read_panel.run(shop.world.house, found["id"])  # a job that comes twice
    assert len(await rows(shop, found)) == 5


async def test_a_lost_answer_is_asked_for_again_and_nobody_is_doubled(shop: Shop) -> None:
    town(shop)
    found = await begin(shop)
    seen = await rows(shop, found)
    shop.fault("lose_answer", "getServer", times=2)
    await run(shop, found, [choice(shop, seen[991]), choice(shop, seen[992])])
    await shop.drain(3)
    after = await rows(shop, found)
    assert [after[ref]["state"] for ref in (991, 992)] == ["done", "done"]
    del shop.world.virtfusion.tables.servers[990]
    await run(shop, found, [choice(shop, seen[990])])
    gone = (await rows(shop, found))[990]
    assert (gone["state"], gone["note"]) == ("refused", "The panel has no such server any more.")
    assert await shop.world.rows("select count(*) from users where email like 'bob%%'") == [(1,)]
    assert await shop.world.rows("select count(*) from mail_messages where kind = 'welcome'") == [
        (0,)
    ]


async def test_one_reading_at_a_time_and_who_may_not(shop: Shop) -> None:
    assert (await shop.staff.http.post(IMPORTS)).status_code == 202
    second = await shop.staff.http.post(IMPORTS)
    assert (second.status_code, second.json()["code"]) == (409, "reading_under_way")
    support = await shop.world.staff("support@host.example", "support")
    assert (await support.http.post(IMPORTS)).status_code == 403
    assert (await support.http.get(IMPORTS)).status_code == 200
