"""What monitoring reads: the queue's gauges, one statement however often it is asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from pydantic import SecretStr
from tests.world import KEYS, ORIGIN, World

from skypanel.app.boot import Boot
from skypanel.app.web import site
from skypanel.mail.jobs import send
from skypanel.platform.db import Reader
from skypanel.reporting.queries.queue import FIGURES


async def gauges(world: World) -> dict[str, float]:
    answer = await world.http.get("/metrics")
    assert answer.status_code == 200, answer.text
    found = re.findall(r"^skypanel_queue_(\S+) (\S+)$", answer.text, re.MULTILINE)
    return {name: float(value) for name, value in found}


async def enqueue(world: World) -> None:
    async with world.house.transaction() as db:
        world.house.queue.enqueue(db, send, message_id="01900000-0000-7000-8000-000000000000")


async def test_the_queue_is_gauged_with_one_statement_every_few_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    rows = Reader.rows

    async def counted(self: Reader, statement: Any, parameters: Any) -> Any:
        asked.append(statement)
        return await rows(self, statement, parameters)

    monkeypatch.setattr(Reader, "rows", counted)
    await enqueue(world)
    await world.rows("update procrastinate_jobs set scheduled_at = now() - interval '90 seconds'")
    first = await gauges(world)
    assert first['jobs{state="waiting"}'] == 1
    assert first['jobs{state="running"}'] == first['jobs{state="dead"}'] == 0
    assert 89 < first["oldest_seconds"] < 120
    await enqueue(world)
    assert await gauges(world) == first
    assert asked[0] is FIGURES
    assert len(asked) == 3  # the queue's, and two about findings
    world.house.cache.clear()
    assert (await gauges(world))['jobs{state="waiting"}'] == 2
    assert len(asked) == 6


async def test_without_a_database_the_other_figures_still_show(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: Any) -> Any:
        raise psycopg.OperationalError("the connection is lost")

    monkeypatch.setattr(Reader, "rows", gone)
    answer = await world.http.get("/metrics")
    assert answer.status_code == 200
    assert 'skypanel_queue_jobs{state="waiting"} NaN' in answer.text
    assert "skypanel_pool_connections" in answer.text


async def test_the_apis_page_is_the_built_clients_and_under_its_policy(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "api-docs.html").write_text("<title>API</title>")
    boot = Boot(
        DATABASE_URL=SecretStr("postgresql://unused"),
        PUBLIC_URL=ORIGIN,
        SKYPANEL_SECRET_KEYS=SecretStr(KEYS),
        SKYPANEL_CLIENT_FOLDER=tmp_path,
    )
    transport = httpx.ASGITransport(site(world.house, boot))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        page = await http.get("/api/docs")
        assert (page.status_code, page.text) == (200, "<title>API</title>")
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "'unsafe-eval'" not in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]
        beside = await http.get("/api/documents")
        assert beside.status_code == 404
        assert beside.headers["content-type"] == "application/problem+json"
