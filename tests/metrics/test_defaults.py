"""Thresholds of an account: servers follow them unless they set their own."""

from __future__ import annotations

from typing import Any

from tests.metrics.conftest import Sampled
from tests.metrics.test_alerts import Guest, guest, mails
from tests.orders.shop import ok

__all__ = ["guest"]
CPU = {"kind": "cpu", "threshold": 70, "minutes": 0, "enabled": True}


async def set_all(sampled: Sampled, *rules: dict[str, Any]) -> dict[str, Any]:
    body = {"account_id": str(sampled.shop.person.account_id), "rules": list(rules)}
    found = await ok(sampled.http.put("/api/v1/alert-defaults", json=body))
    await sampled.world.drain()
    return found


async def rule(sampled: Sampled, kind: str = "cpu") -> dict[str, Any]:
    rules = (await ok(sampled.http.get(f"{sampled.path}/alert-rules")))["rules"]
    return next(each for each in rules if each["kind"] == kind)


async def test_servers_follow_their_account_until_they_set_their_own(
    sampled: Sampled, guest: Guest
) -> None:
    await sampled.set("memory", threshold=60)
    memory = {"kind": "memory", "threshold": 99, "minutes": 0, "enabled": False}
    shown = await set_all(sampled, CPU, memory)
    assert shown["rules"][0] == CPU
    assert [each["enabled"] for each in shown["rules"]] == [True, False, False, False, False]
    inherited = await rule(sampled)
    assert (inherited["own"], inherited["threshold"], inherited["enabled"]) == (False, 70, True)
    kept = await rule(sampled, "memory")
    assert (kept["own"], kept["threshold"], kept["account"]["threshold"]) == (True, 60, 99)
    guest.cpu = 75
    await sampled.rounds(5)
    [alert] = await sampled.alerts()
    assert (alert["kind"], alert["threshold"], alert["state"]) == ("cpu", 70, "raised")
    assert await mails(sampled, "alert_raised") == 1
    await set_all(sampled, CPU)
    assert (await sampled.alerts())[0]["state"] == "raised", "the same again changes nothing"
    await sampled.set("cpu", threshold=90)
    assert [(a["state"], a["reason"]) for a in await sampled.alerts()] == [
        ("cleared", "rule_changed")
    ]
    await set_all(sampled, {**CPU, "threshold": 10})
    assert (await rule(sampled))["threshold"] == 90
    await sampled.set("cpu", threshold=1, own=False)
    back = await rule(sampled)
    assert (back["own"], back["threshold"]) == (False, 10)
    order = await sampled.shop.bought(hostname="web-2.example.com")
    await sampled.shop.see_through(order)
    server = await sampled.shop.server(order)
    rules = (await ok(sampled.http.get(f"/api/v1/servers/{server['id']}/alert-rules")))["rules"]
    assert (rules[0]["own"], rules[0]["threshold"], rules[0]["enabled"]) == (False, 10, True)
    rows = "select own, count(*) from alert_rules where kind = 'cpu' group by own"
    assert await sampled.world.rows(rows) == [(False, 2)]


async def test_strangers_neither_see_nor_set_them(sampled: Sampled) -> None:
    stranger = await sampled.world.customer("eve@example.com", "Eve")
    account_id = str(sampled.shop.person.account_id)
    path = "/api/v1/alert-defaults"
    seen = await stranger.http.get(path, params={"account_id": account_id})
    assert seen.status_code in (403, 404)
    put = await stranger.http.put(path, json={"account_id": account_id, "rules": [CPU]})
    assert put.status_code == seen.status_code
    twice = {"account_id": account_id, "rules": [CPU, CPU]}
    assert (await sampled.http.put(path, json=twice)).status_code == 422
