"""Whose load one may see, what lists ask the database, and that nobody asks the panel."""

from __future__ import annotations

import psycopg
import pytest

from skypanel.platform.ids import new_id
from tests.metrics.conftest import Sampled
from tests.orders.shop import ok

READS = ("metrics", "traffic", "alert-rules", "alerts")


async def test_a_foreign_server_is_not_there(sampled: Sampled) -> None:
    stranger = await sampled.world.customer("eve@example.com", "Eve Else")
    for path in READS:
        for server in (sampled.path, f"/api/v1/servers/{new_id()}"):
            answer = await stranger.http.get(f"{server}/{path}")
            assert answer.status_code == 404, path
    for path, body in (("watch", None), ("alert-rules", {"rules": []})):
        assert (await stranger.http.put(f"{sampled.path}/{path}", json=body)).status_code == 404
    loads = await ok(stranger.http.get(f"/api/v1/server-loads?server_id={sampled.id}"))
    assert loads["items"] == []
    assert (await ok(stranger.http.get("/api/v1/alerts")))["items"] == []
    account = sampled.shop.person.account_id
    assert (await stranger.http.get(f"/api/v1/alerts?account_id={account}")).status_code == 404


async def test_readers_see_and_change_nothing(sampled: Sampled) -> None:
    await sampled.world.rows("update members set role = 'read_only'")
    for path in READS:
        assert (await sampled.http.get(f"{sampled.path}/{path}")).status_code == 200
    assert (await ok(sampled.http.get(f"{sampled.path}/alert-rules")))["can"] == []
    refused = await sampled.http.put(f"{sampled.path}/alert-rules", json={"rules": []})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")


async def test_staff_see_any_server(sampled: Sampled) -> None:
    await sampled.rounds(10)
    http = sampled.shop.staff.http
    path = f"/api/v1/admin/servers/{sampled.id}"
    for each in READS:
        assert (await http.get(f"{path}/{each}")).status_code == 200, each
        assert (await http.get(f"/api/v1/admin/servers/{new_id()}/{each}")).status_code == 404
        assert (await sampled.http.get(f"{path}/{each}")).status_code == 404
    assert (await http.put(f"{path}/watch")).status_code == 204
    assert (await ok(http.get(f"{path}/metrics")))["now"]["running"]
    loads = await ok(http.get(f"/api/v1/admin/server-loads?server_id={sampled.id}"))
    assert len(loads["items"]) == 1


async def test_a_list_has_each_servers_day_in_a_line(sampled: Sampled) -> None:
    await sampled.rounds(120)
    loads = await ok(sampled.http.get(f"/api/v1/server-loads?server_id={sampled.id}"))
    [load] = loads["items"]
    assert len(load["cpu_line"]) == 24
    known = [one is not None for one in load["cpu_line"]]
    assert known == sorted(known), "only the last hours were seen"
    assert 2 <= sum(known) <= 3
    assert load["cpu_percent"] > 0


@pytest.mark.parametrize("chosen", ["1h", "24h", "7d", "30d", "12m"])
async def test_a_chart_is_read_from_our_own_tables(
    sampled: Sampled, monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    await sampled.rounds(10)
    asked: list[object] = []
    execute = psycopg.AsyncCursor.execute

    async def counted(
        self: psycopg.AsyncCursor[object], query: bytes, *args: object, **options: object
    ) -> object:
        asked.append(query)
        return await execute(self, query, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)
    sampled.world.virtfusion.calls.clear()
    found = await sampled.metrics(chosen)
    assert len(asked) <= 6, asked
    assert list(sampled.world.virtfusion.calls) == []
    lists = [found["at"], *(line[kind] for line in found["series"].values() for kind in line)]
    assert len({len(each) for each in lists}) == 1
    assert any(one is not None for one in found["series"]["cpu"]["mean"])
    assert found["at"] == sorted(found["at"])
    assert found["begins_at"] <= found["at"][0]
    assert found["at"][-1] <= found["ends_at"]
