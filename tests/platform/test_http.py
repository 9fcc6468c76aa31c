"""The doors: what commits before answering, keys replayed, foreign origins kept out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from sqlalchemy import literal, select
from starlette.responses import Response

from skypanel.platform.errors import Busy, Refusal
from skypanel.platform.house import House
from skypanel.platform.http import problem
from skypanel.platform.http.doors import TheDb, answer
from skypanel.platform.http.edge import Edge
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.http.proxies import parse_networks
from skypanel.platform.limits import ReadLimiter
from skypanel.platform.outside import Unavailable
from skypanel.platform.read import Query
from tests.platform.conftest import begin, one

ORIGIN = "http://localhost:8000"
ANY_ROW = Query(select(literal(1)))


class Wish(BaseModel, extra="forbid"):
    payment_id: UUID
    amount: int = 1


class Sold(Refusal):
    status = 409
    code = "sold"
    message = "This is sold."


def toy_api(house: House) -> FastAPI:
    router = APIRouter(route_class=DoorRoute)

    @router.post("/payments")
    async def pay(wish: Wish, db: TheDb) -> Response:
        await begin(db, wish.payment_id)
        return answer({"id": wish.payment_id}, 201)

    @router.post("/refused")
    async def refuse(wish: Wish, db: TheDb) -> Response:
        await begin(db, wish.payment_id)
        raise Sold

    @router.post("/commit-fails")
    async def commit_fails(wish: Wish, db: TheDb) -> Response:
        await db.run(
            "create temporary table once (id uuid primary key deferrable initially deferred) on commit drop"
        )
        await db.run("insert into once values (%(id)s), (%(id)s)", id=wish.payment_id)
        return answer({"ok": True})

    @router.get("/bug")
    async def bug() -> Response:
        raise RuntimeError("secret detail")

    @router.get("/outside")
    async def outside() -> Response:
        raise Unavailable("panel", "does not answer", retry_after_seconds=7)

    app = FastAPI()
    app.state.house = house
    problem.install(app)
    app.include_router(router)
    return app


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = Edge(toy_api(house), public_url=ORIGIN)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


PAYMENT = "0198c0de-0000-7000-8000-000000000001"
OTHER = "0198c0de-0000-7000-8000-000000000002"


async def test_a_failing_commit_is_not_answered_200(http: httpx.AsyncClient) -> None:
    failed = await http.post("/commit-fails", json={"payment_id": PAYMENT})
    assert failed.status_code == 500
    assert failed.json()["code"] == "internal_error"


async def test_a_refusal_leaves_nothing(http: httpx.AsyncClient, house: House) -> None:
    refused = await http.post("/refused", json={"payment_id": PAYMENT})
    body = refused.json()
    assert (refused.status_code, body["code"], body["message"]) == (409, "sold", "This is sold.")
    assert body["request_id"] == refused.headers["x-request-id"]
    assert refused.headers["content-type"] == "application/problem+json"
    assert await one(house, "select count(*) from toy_payments") == 0


async def test_a_key_gives_one_effect_and_one_answer(http: httpx.AsyncClient, house: House) -> None:
    headers = {"idempotency-key": "k1"}
    first = await http.post("/payments", json={"payment_id": PAYMENT}, headers=headers)
    again = await http.post("/payments", json={"payment_id": PAYMENT}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    other = await http.post("/payments", json={"payment_id": OTHER}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert await one(house, "select count(*) from toy_payments") == 1
    assert await one(house, "select count(*) from procrastinate_jobs") == 1


async def test_the_same_key_at_the_same_time_has_one_effect(
    http: httpx.AsyncClient, house: House
) -> None:
    headers = {"idempotency-key": "k2"}
    answers = await asyncio.gather(
        *(http.post("/payments", json={"payment_id": PAYMENT}, headers=headers) for _ in range(10))
    )
    codes = sorted(each.status_code for each in answers)
    assert set(codes) <= {201, 409}
    assert 201 in codes
    assert await one(house, "select count(*) from toy_payments") == 1


async def test_a_refused_request_frees_its_key(http: httpx.AsyncClient, house: House) -> None:
    headers = {"idempotency-key": "k3"}
    assert (
        await http.post("/refused", json={"payment_id": PAYMENT}, headers=headers)
    ).status_code == 409
    assert await one(house, "select count(*) from idempotency_keys") == 0


async def test_unknown_fields_are_refused(http: httpx.AsyncClient) -> None:
    wrong = await http.post("/payments", json={"payment_id": PAYMENT, "memory": 64})
    assert wrong.status_code == 422
    assert wrong.json()["errors"] == [
        {
            "field": "memory",
            "message": "This field does not exist here.",
            "code": "extra_forbidden",
        }
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"origin": ORIGIN}, 201),
        ({"sec-fetch-site": "same-origin", "cookie": "a=b"}, 201),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://localhost:8001"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": ORIGIN}, 403),
        ({"cookie": "a=b"}, 403),
    ],
)
async def test_foreign_origins_change_nothing(
    http: httpx.AsyncClient, house: House, headers: dict[str, str], status: int
) -> None:
    made = await http.post("/payments", json={"payment_id": PAYMENT}, headers=headers)
    assert made.status_code == status
    assert await one(house, "select count(*) from toy_payments") == (status == 201)


async def test_a_bug_says_nothing_of_itself(http: httpx.AsyncClient) -> None:
    broken = await http.get("/bug")
    assert broken.status_code == 500
    assert "secret" not in broken.text


async def test_an_unreachable_vendor_is_unavailable(http: httpx.AsyncClient) -> None:
    away = await http.get("/outside")
    assert (away.status_code, away.json()["code"]) == (503, "outside_unavailable")
    assert away.headers["retry-after"] == "7"


async def test_every_answer_is_hardened(http: httpx.AsyncClient) -> None:
    headers = (await http.get("/nothing", headers={"x-request-id": "abcdefgh1"})).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-request-id"] == "abcdefgh1"
    assert "access-control-allow-origin" not in headers


async def test_the_client_behind_a_trusted_proxy_is_the_one_limited(house: House) -> None:
    """Two clients behind one proxy have a bucket each; a peer that is no proxy cannot pose."""
    edge = Edge(
        toy_api(house), public_url=ORIGIN, limit_reads=True, trusted=parse_networks("127.0.0.1")
    )
    edge._reads = ReadLimiter(rate=0.001, burst=1)
    transport = httpx.ASGITransport(edge, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        asked = [
            (await http.get("/api/nothing", headers={"x-forwarded-for": ip})).status_code
            for ip in ("198.51.100.1", "198.51.100.2", "198.51.100.1")
        ]
    assert asked == [404, 404, 429]
    stranger = httpx.ASGITransport(edge, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=stranger, base_url=ORIGIN) as http:
        asked = [
            (await http.get("/api/nothing", headers={"x-forwarded-for": ip})).status_code
            for ip in ("198.51.100.3", "198.51.100.4")
        ]
    assert asked == [404, 429]


async def test_a_process_without_a_free_connection_says_that_it_is_busy(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers and units of work alike: 503, nothing changed, and it goes on when there is room."""
    edge = Edge(toy_api(house), public_url=ORIGIN, limit_reads=False)
    wish = {"payment_id": str(uuid4())}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(edge), base_url=ORIGIN) as http:
        taken = [await house.pool.getconn() for _ in range(house.pool.max_size)]
        with monkeypatch.context() as impatient:
            impatient.setattr(house.pool, "timeout", 0.05)
            answer = await http.post(
                "/payments", json=wish, headers={"sec-fetch-site": "same-origin"}
            )
            with pytest.raises(Busy):
                await house.read().rows(ANY_ROW, {})
        for connection in taken:
            await house.pool.putconn(connection)
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"] == "1"
        assert await one(house, "select count(*) from toy_payments") == 0
        again = await http.post("/payments", json=wish, headers={"sec-fetch-site": "same-origin"})
        assert again.status_code == 201
