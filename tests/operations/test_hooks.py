"""What the panel tells is let in by secret path and token, kept once, and only a hint to look."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from tests.orders.shop import Shop, ok, open_shop
from tests.world import World

from skypanel.integrations.virtfusion.simulator.faults import Fault
from skypanel.integrations.virtfusion.simulator.state import Hook
from skypanel.operations.jobs import forget_hook_bodies

HOOKS = "/api/v1/admin/panel/hooks"


@pytest.fixture
async def shop(world: World) -> Shop:
    return await open_shop(world)


async def switch_on(shop: Shop) -> dict[str, str]:
    made = await shop.staff.http.post(HOOKS)
    assert made.status_code == 201, made.text
    shop.world.house.cache.clear()
    found: dict[str, str] = made.json()
    return found


def body(**changes: Any) -> dict[str, Any]:
    return {
        "event": "server.build", "created": "2026-02-03T10:17:41.316192Z", "hookId": "3",
        "hookEventId": "77", "eventStatus": "success", "controlDomain": "p", "controlName": "P",
        "controlSupportLink": "", "data": {"errors": [], "server": {"id": 118}}, **changes,
    }  # fmt: skip


async def tell(
    shop: Shop, made: Mapping[str, str], what: Any, *, token: str | None = None, url: str = ""
) -> httpx.Response:
    shown = base64.b64encode((token or made["token"]).encode()).decode()
    browser = shop.world.browser()
    return await browser.post(
        url or made["url"], json=what, headers={"authorization": f"Bearer {shown}"}
    )


async def stored(shop: Shop) -> list[tuple[Any, ...]]:
    return await shop.world.rows("select event, server_ref, outcome from panel_hooks order by id")


async def test_the_simulated_panel_tells_and_a_creation_goes_on_at_once(shop: Shop) -> None:
    made = await switch_on(shop)
    world = shop.world
    sent: list[tuple[Mapping[str, str], dict[str, Any]]] = []

    async def send(url: str, headers: Mapping[str, str], raw: bytes) -> int:
        sent.append((headers, json.loads(raw)))
        return (await world.browser().post(url, content=raw, headers=dict(headers))).status_code

    world.virtfusion.hook, world.virtfusion.send_hook = Hook(made["url"], made["token"]), send
    await shop.see_through(await shop.bought())
    for task in list(world.virtfusion.telling):
        await task
    await shop.drain(2)
    assert [facts["event"] for _, facts in sent] == ["server.create", "server.build"]
    assert {line.split(": ")[1] for line in world.virtfusion.hooks_sent} == {"answered 204"}
    headers = sent[0][0]
    assert headers["User-Agent"] == "VirtFusion-Hookshot/57HE28D3RT"
    assert headers["X-VirtFusion-Event"] == sent[0][1]["event"]
    assert headers["X-VirtFusion-Created"] == sent[0][1]["created"]
    shape = {
        "type": "object",
        "required": ["event", "created", "hookId", "hookEventId", "eventStatus", "data"],
    }
    Draft202012Validator(shape).validate(sent[0][1])
    [server] = shop.panel()
    assert {ref for _, ref, _ in await stored(shop)} == {server.id}
    [(raw,)] = await world.rows("select encode(sealed, 'escape') from panel_hooks limit 1")
    assert server.hostname not in raw  # kept sealed: it holds what is the host's own


async def test_a_hook_is_a_hint_and_the_panel_is_believed(shop: Shop) -> None:
    """It says that the server was destroyed; the panel says that it stands, stopped."""
    made = await switch_on(shop)
    await shop.see_through(await shop.bought())
    [server] = shop.panel()
    server.running = False
    told = body(event="server.destroy", data={"errors": [], "server": {"id": server.id}})
    assert (await tell(shop, made, told)).status_code == 204
    await shop.drain(2)
    [(state, power)] = await shop.world.rows("select state, power from servers")
    assert (state, power) == ("ready", "stopped")
    assert await stored(shop) == [("server.destroy", server.id, "looked at the server")]


async def test_the_same_hook_is_kept_once_and_another_time_of_it_is_another(shop: Shop) -> None:
    made = await switch_on(shop)
    for _ in range(3):
        assert (await tell(shop, made, body())).status_code == 204
    assert (await tell(shop, made, body(created="2026-02-03T10:18:00Z"))).status_code == 204
    assert len(await stored(shop)) == 2


async def test_whoever_does_not_know_path_and_token_finds_nothing(shop: Shop) -> None:
    wrong = await shop.world.browser().post("/api/v1/webhooks/virtfusion/anything", json=body())
    assert wrong.status_code == 404  # not set up
    made = await switch_on(shop)
    assert (await tell(shop, made, body(), token="another")).status_code == 404
    other = made["url"][:-1] + ("y" if made["url"].endswith("x") else "x")
    assert (await tell(shop, made, body(), url=other)).status_code == 404
    bare = await shop.world.browser().post(made["url"], json=body())
    assert bare.status_code == 404
    assert (await tell(shop, made, {"event": 1})).status_code == 422
    assert (await tell(shop, made, [])).status_code == 422
    assert await stored(shop) == []


async def test_a_new_address_ends_the_old_one_and_both_are_shown_once(shop: Shop) -> None:
    old = await switch_on(shop)
    new = await switch_on(shop)
    assert (await tell(shop, old, body())).status_code == 404
    assert (await tell(shop, new, body())).status_code == 204
    shown = (await shop.staff.http.get(HOOKS)).text
    assert new["token"] not in shown
    assert new["url"].rsplit("/", 1)[1] not in shown
    audited = await shop.world.rows(
        "select verb, detail::text from audit_entries where verb like 'panel_hook%%'"
    )
    assert [verb for verb, _ in audited] == ["panel_hook.make"] * 2
    assert all(new["token"] not in detail for _, detail in audited)
    assert (await shop.staff.http.delete(HOOKS)).status_code == 204
    shop.world.house.cache.clear()
    assert (await tell(shop, new, body(created="later"))).status_code == 404


async def test_an_unknown_server_has_the_panel_compared_but_not_for_every_hook(shop: Shop) -> None:
    made = await switch_on(shop)
    for number in ("1", "2", "3"):
        told = body(hookEventId=number, data={"errors": [], "server": {"id": 5000}})
        assert (await tell(shop, made, told)).status_code == 204
    await shop.drain(2)
    outcomes = [outcome for _, _, outcome in await stored(shop)]
    assert outcomes.count("the panel is compared with the services") == 1
    assert (await ok(shop.staff.http.get("/api/v1/admin/reconciliation")))["looked_at"]


async def test_an_outage_while_looking_is_tried_again_and_means_nothing(shop: Shop) -> None:
    made = await switch_on(shop)
    await shop.see_through(await shop.bought())
    [server] = shop.panel()
    shop.world.virtfusion.faults.set(Fault("unavailable", "getServer", remaining=3))
    told = body(event="server.destroy", data={"errors": [], "server": {"id": server.id}})
    assert (await tell(shop, made, told)).status_code == 204
    await shop.drain(1)
    assert [outcome for _, _, outcome in await stored(shop)] == [None]
    await shop.drain(2)
    assert [outcome for _, _, outcome in await stored(shop)] == ["looked at the server"]
    assert await shop.world.rows("select state from servers") == [("ready",)]


async def test_bodies_are_dropped_after_a_week(shop: Shop) -> None:
    made = await switch_on(shop)
    await tell(shop, made, body())
    await shop.world.pass_time(days=8)
    await shop.world.house.queue.tick(forget_hook_bodies)
    assert await shop.world.rows("select sealed from panel_hooks") == [(None,)]
