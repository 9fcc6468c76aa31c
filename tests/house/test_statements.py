"""No list asks the database more than three things, however long it is."""

from __future__ import annotations

import re

import psycopg
import pytest
from fastapi.routing import APIRoute

from skypanel.app.routes import every_route
from skypanel.platform.ids import new_id
from tests.world import World

STATEMENTS_MAX = 3
LISTS = [
    (prefix + route.path, route)
    for prefix, route in every_route()
    if route.methods == {"GET"} and "items" in getattr(route.response_model, "model_fields", {})
]
SHORT = {"/api/v1/admin/search", "/api/v1/admin/settings", "/api/v1/admin/renewal-policies"}


def is_paged(route: APIRoute) -> bool:
    return "next" in route.response_model.model_fields


OF_ACCOUNT = (
    "/transactions",
    "/transactions/hours",
    "/saved-methods",
    "/credits",
    "/subscriptions",
)


@pytest.mark.parametrize("path", [path for path, _ in LISTS])
async def test_a_list_asks_at_most_three_things(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    world.house.is_sandbox = "/clock" in path  # its doors are nowhere else
    person = await world.staff() if "/admin/" in path else await world.customer()
    asked: list[bytes | str] = []
    execute = psycopg.AsyncCursor.execute

    async def counted(
        self: psycopg.AsyncCursor[object], query: bytes, *args: object, **options: object
    ) -> object:
        asked.append(query)
        return await execute(self, query, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)
    place = str(person.account_id or new_id())
    wanted = {"account_id": place} if path.endswith(OF_ACCOUNT) else {}
    wanted |= {"server_id": place} if path.endswith("/server-loads") else {}
    wanted |= {"service_id": place, "on": "2026-03-02"} if path.endswith("/hours") else {}
    wanted |= {"q": "ada"} if path.endswith("/search") else {}
    answer = await person.http.get(re.sub(r"{[^}]*}", place, path), params=wanted)
    assert answer.status_code in (200, 404), answer.text
    assert 1 <= len(asked) <= STATEMENTS_MAX, asked


def test_every_list_is_paged_or_short_by_nature() -> None:
    """Lists without a cursor are catalogues: what staff made, a screenful."""
    unpaged = {path for path, route in LISTS if not is_paged(route)}
    assert unpaged == SHORT
    assert len(LISTS) > 20
