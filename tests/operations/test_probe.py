"""The assistant of the panel's settings: what a token may do is tried before it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from tests.orders.shop import Shop, open_shop
from tests.world import PANEL, TOKEN, Person, World

from skypanel.integrations.settings import VirtFusionSettings
from skypanel.integrations.virtfusion.simulator.faults import Fault


@pytest.fixture
async def owner(world: World) -> Person:
    return await world.staff()


async def probe(owner: Person, **wish: str) -> dict[str, Any]:
    answer = await owner.http.post(
        "/api/v1/admin/settings/virtfusion/probe", json={"base_url": PANEL, "token": TOKEN, **wish}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def outcomes(found: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["outcome"] for each in found["steps"]}


async def test_a_token_that_may_all_is_ready_and_nothing_was_changed(
    world: World, owner: Person
) -> None:
    found = await probe(owner)
    assert found["ready"]
    assert found["version"] == "7.1 or newer"
    assert found["counts"] == {"packages": 6, "groups": 3, "servers": 0}
    said = outcomes(found)
    assert {said[name] for name in ("connect", "server", "user", "queue_item")} == {"allowed"}
    assert said["dry_run"] == "not_tried"  # nobody has a server whose owner it could be
    assert said["delete"] == "not_tried"
    assert all(call.method == "GET" for call in world.virtfusion.calls)
    assert "Configuration > API" not in str(
        [s["says"] for s in found["steps"] if s["outcome"] == "allowed"]
    )


async def test_the_creation_is_tried_dry(world: World) -> None:
    shop: Shop = await open_shop(world)
    await shop.see_through(await shop.bought())
    before = len(world.virtfusion.tables.servers)
    found = await probe(shop.staff)
    assert outcomes(found)["dry_run"] == "allowed"
    assert len(world.virtfusion.tables.servers) == before


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("listPackages", "packages"),
        ("getServer", "server"),
        ("listServers", "servers"),
        ("getUserByExtRelation", "user"),
        ("getQueueItem", "queue_item"),
    ],
)
async def test_what_is_missing_is_said_with_what_to_tick(
    world: World, owner: Person, operation: str, name: str
) -> None:
    world.virtfusion.faults.set(Fault("refuse", operation))
    found = await probe(owner)
    assert not found["ready"]
    [step] = [each for each in found["steps"] if each["name"] == name]
    assert step["outcome"] == "forbidden"
    assert step["call"] in step["says"]
    assert list(outcomes(found).values()).count("forbidden") == 1


async def test_what_is_only_nice_to_have_is_not_needed(world: World, owner: Person) -> None:
    world.virtfusion.faults.set(Fault("refuse", "listHypervisors"))
    world.virtfusion.version = "7.0"
    found = await probe(owner)
    assert found["ready"]
    assert found["version"] == "older than 7.1"
    assert outcomes(found)["hypervisors"] == "forbidden"
    assert outcomes(found)["status"] == "not_tried"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"token": "wrong"}, "does not know this token"),
        ({"base_url": PANEL + "/wrong"}, "no panel's API"),
        ({"base_url": "http://127.0.0.1:9"}, "Nobody answers"),
    ],
)
async def test_a_wrong_address_or_token_is_told_apart(
    world: World, owner: Person, wish: dict[str, str], words: str
) -> None:
    found = await probe(owner, **wish)
    assert not found["ready"]
    assert words in found["steps"][-1]["says"]
    assert len(found["steps"]) == 1


async def test_an_outage_is_not_a_missing_permission(world: World, owner: Person) -> None:
    world.virtfusion.faults.set(Fault("unavailable", "getServer"))
    found = await probe(owner)
    assert outcomes(found)["server"] == "failed"
    assert "forbidden" not in outcomes(found).values()


async def test_trying_saves_nothing_and_takes_the_stored_token_when_none_is_given(
    world: World, owner: Person
) -> None:
    before = await world.house.settings.get(VirtFusionSettings)
    assert (await probe(owner, token=""))["ready"]
    await probe(owner, token="wrong")
    world.house.cache.clear()
    assert await world.house.settings.get(VirtFusionSettings) == before
    [(fields,)] = await world.rows(
        "select count(*) from audit_entries where verb = 'settings.probe'"
        " and detail::text not like '%%wrong%%'"
    )
    assert fields == 2


async def test_only_who_may_edit_settings_tries_and_an_address_must_be_one(world: World) -> None:
    support = await world.staff("support@host.example", "support")
    wish = {"base_url": PANEL, "token": TOKEN}
    refused = await support.http.post("/api/v1/admin/settings/virtfusion/probe", json=wish)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    owner = await world.staff("owner2@host.example")
    wrong = await owner.http.post(
        "/api/v1/admin/settings/virtfusion/probe", json={**wish, "base_url": "ftp://x"}
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "base_url"
