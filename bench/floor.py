"""The floor: a bare ASGI function on the bare driver, running the very same SQL as the product."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any

import msgspec
import psycopg
from psycopg_pool import AsyncConnectionPool

from skypanel.identity.queries import people
from skypanel.identity.queries import viewer as identity
from skypanel.identity.rules.tokens import SESSION_IDLE
from skypanel.invoices import queries as invoices
from skypanel.platform.crypto import token_hash
from skypanel.platform.read import LAST_ID

Send = Callable[[dict[str, Any]], Awaitable[None]]
COOKIE = os.environ.get("FLOOR_COOKIE", "")
pool: AsyncConnectionPool[psycopg.AsyncConnection[tuple[Any, ...]]] | None = None
encoder = msgspec.json.Encoder(decimal_format="string")
INVOICES = invoices._LIST  # noqa: SLF001 - the statement under measure


async def app(scope: dict[str, Any], _receive: object, send: Send) -> None:
    """Session check, then what the path asks for, as one encoded answer."""
    global pool  # noqa: PLW0603
    if scope["type"] != "http":
        return
    if pool is None:
        pool = AsyncConnectionPool(
            os.environ["DATABASE_URL"], kwargs={"autocommit": True}, min_size=10, open=False
        )
        await pool.open(wait=True)
    cookie = SimpleCookie(dict(scope["headers"])[b"cookie"].decode())[COOKIE].value
    now = datetime.now(UTC)
    async with pool.connection() as connection:
        session = {"token_hash": token_hash(cookie), "now": now, "idle_since": now - SESSION_IDLE}
        found = await _rows(connection, identity.BY_COOKIE, session)
        if scope["path"].endswith("/me"):
            await _rows(connection, people.ME, {"user_id": found[0][2]})
        if scope["path"].endswith("/invoices"):
            accounts = [each[0] for each in found[0][6]]
            asked = {"accounts": accounts, "state": None, "before": LAST_ID, "limit": 26}
            found = await _rows(connection, INVOICES, asked)
    await _answer(send, encoder.encode(found[:25]))


async def _rows(
    connection: psycopg.AsyncConnection[tuple[Any, ...]], query: Any, values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    cursor = await connection.execute(query.sql, {**query.defaults, **values})
    return await cursor.fetchall()


async def _answer(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
