"""Plain reads answer the same with and without the framework."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from skypanel.app.routes import every_route
from skypanel.app.web import api
from skypanel.platform.http.edge import Edge
from skypanel.platform.http.quick import QuickReads, plan_of
from skypanel.platform.ids import new_id
from tests.world import ORIGIN, Person, World

GETS = [(prefix + r.path, r) for prefix, r in every_route() if r.methods == {"GET"}]
QUERIES = ("", "limit=2", "limit=two", "limit=1&limit=2", "cursor=%21", "account_id=no", "nobody=1")


@pytest.fixture
async def slow(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The same house answering through the framework alone."""
    edge = Edge(api(world.house), public_url=ORIGIN, limit_reads=False)
    transport = httpx.ASGITransport(edge, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


def said(answer: httpx.Response) -> tuple[object, ...]:
    body = re.sub(rb'"request_id":"[^"]*"', b"", answer.content)
    headers = {k: v for k, v in answer.headers.items() if k not in ("x-request-id", "date")}
    return answer.status_code, headers, body


async def test_both_ways_answer_the_same(world: World, slow: httpx.AsyncClient) -> None:
    customer, staff = await world.customer(), await world.staff()
    await world.drain()
    compared = 0
    for path, route in GETS:
        if plan_of(route) is None:
            continue
        for who in (customer, staff):
            for place in (str(new_id()), str(who.account_id), "not-an-id"):
                url = re.sub(r"{[^}]*}", place, path)
                for query in (*QUERIES, f"account_id={customer.account_id}"):
                    await compare(who, slow, f"{url}?{query}")
                    compared += 1
                if url == path:
                    break
    assert compared > 500


async def compare(who: Person, slow: httpx.AsyncClient, url: str) -> None:
    slow.cookies = who.http.cookies
    quick, framework = await who.http.get(url), await slow.get(url)
    assert said(quick) == said(framework), url


async def test_a_visitor_is_asked_to_log_in(world: World) -> None:
    answer = await world.http.get("/api/v1/invoices")
    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")


def test_every_read_but_the_stream_is_quick() -> None:
    assert [path for path, route in GETS if plan_of(route) is None] == ["/api/v1/stream"]


async def test_no_connection_is_kept(world: World) -> None:
    person = await world.customer()
    for _ in range(world.house.pool.max_size * 3):
        assert (await person.http.get("/api/v1/invoices")).status_code == 200
    assert world.house.pool.get_stats()["pool_available"] > 0


def test_fixed_words_win_over_parameters(world: World) -> None:
    quick = QuickReads(api(world.house), world.house, every_route())
    found = quick.find("/api/v1/servers/x")
    assert found is not None
    assert found[1] == {"server_id": "x"}
    assert quick.find("/api/v1/servers/") is None
    assert quick.find("/api/v1/servers/x/y/z") is None
