"""Doors answer the same with and without the framework."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from skypanel.app.routes import every_route
from skypanel.app.web import api
from skypanel.platform.http.edge import Edge
from skypanel.platform.http.quick import Doors, plan_of
from skypanel.platform.ids import new_id
from tests.world import ORIGIN, Person, World

GETS = [(prefix + r.path, r) for prefix, r in every_route() if r.methods == {"GET"}]
WRITES = [
    (method, prefix + r.path)
    for prefix, r in every_route()
    for method in r.methods or ()
    if method != "GET" and r.body_field is not None
]
BODIES = (b"", b"{", b"[]", b"null", b'{"nobody": 1}', b'{"kind": NaN}')
KINDS = ("application/json", "text/plain", "application/json; charset=utf-8")
ASKED = [(body, KINDS[0]) for body in BODIES] + [(BODIES[-2], kind) for kind in KINDS[1:]]
QUERIES = ("", "limit=2", "limit=two", "limit=1&limit=2", "cursor=%21", "account_id=no", "nobody=1")


@pytest.fixture
async def slow(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The same house answering through the framework alone."""
    edge = Edge(api(world.house), public_url=ORIGIN, limit_reads=False)
    transport = httpx.ASGITransport(edge, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


def said(answer: httpx.Response) -> tuple[object, ...]:
    body = re.sub(rb'"request_id":"[^"]*"|"\w*seconds":[\d.]+', b"", answer.content)
    headers = {k: v for k, v in answer.headers.items() if k not in ("x-request-id", "date")}
    return answer.status_code, headers, body


async def test_both_ways_answer_the_same(world: World, slow: httpx.AsyncClient) -> None:
    customer, staff = await world.customer(), await world.staff()
    await world.drain()
    compared = 0
    for path, route in GETS:
        plan = plan_of(route)
        if plan is None:
            continue
        who, other = (staff, customer) if "/admin/" in path else (customer, staff)
        await compare(other, slow, path)
        queries = (*QUERIES, f"account_id={customer.account_id}") if plan.query else QUERIES[-1:]
        for place in (new_id(), customer.account_id, "not-an-id") if "{" in path else ("",):
            url = re.sub(r"{[^}]*}", str(place), path)
            for query in queries:
                await compare(who, slow, f"{url}?{query}")
                compared += 1
    assert compared > 500


async def compare(who: Person, slow: httpx.AsyncClient, url: str) -> None:
    slow.cookies = who.http.cookies
    quick, framework = await who.http.get(url), await slow.get(url)
    assert said(quick) == said(framework), url


async def test_wrong_bodies_are_refused_the_same(world: World, slow: httpx.AsyncClient) -> None:
    staff = await world.staff()
    slow.cookies = staff.http.cookies
    compared = 0
    for method, path in WRITES:
        url = re.sub(r"{[^}]*}", str(new_id()), path)
        for body, kind in ASKED:
            headers = {"content-type": kind, "sec-fetch-site": "same-origin"}
            asked = {"content": body, "headers": headers}
            quick = await staff.http.request(method, url, **asked)  # type: ignore[arg-type]
            framework = await slow.request(method, url, **asked)  # type: ignore[arg-type]
            assert said(quick) == said(framework), (method, url, body, kind)
            compared += 1
    assert compared > 400


async def test_a_body_is_bounded(world: World) -> None:
    person = await world.customer()
    answer = await person.http.patch("/api/v1/me", json={"name": "x" * 2**21})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_visitor_is_asked_to_log_in(world: World) -> None:
    answer = await world.http.get("/api/v1/invoices")
    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")


def test_few_doors_need_the_framework() -> None:
    slow = [prefix + r.path for prefix, r in every_route() if plan_of(r) is None]
    assert slow == [
        "/api/v1/stream",
        "/api/v1/sessions",
        "/api/v1/tokens",
        "/api/v1/invoices/export",
        "/api/v1/statements/csv",
        "/api/v1/admin/invoices/export",
        "/api/v1/admin/statements/csv",
        "/api/v1/webhooks/paypal",
        "/api/v1/webhooks/paypal/ipn",
        "/api/v1/webhooks/virtfusion/{path}",
    ]


async def test_no_connection_is_kept(world: World) -> None:
    person = await world.customer()
    for _ in range(world.house.pool.max_size * 3):
        assert (await person.http.get("/api/v1/invoices")).status_code == 200
    assert world.house.pool.get_stats()["pool_available"] > 0


def test_fixed_words_win_over_parameters() -> None:
    doors = Doors(every_route())
    found = doors.find("GET", "/api/v1/servers/x")
    assert found is not None
    assert found[1] == {"server_id": "x"}
    assert doors.find("GET", "/api/v1/servers/") is None
    assert doors.find("GET", "/api/v1/servers/x/y/z") is None
