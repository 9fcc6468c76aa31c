"""The floor: a bare ASGI function on the bare driver, running the very same SQL as the product."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from skypanel.identity.actions.trail import AUDIT
from skypanel.identity.queries import people
from skypanel.identity.queries import viewer as identity
from skypanel.identity.rules.tokens import SESSION_IDLE
from skypanel.invoices.queries.documents import LIST
from skypanel.metrics.queries import charts
from skypanel.platform.crypto import token_hash
from skypanel.platform.ids import new_id
from skypanel.platform.queue import DEFER
from skypanel.platform.read import LAST_ID, unpinned
from skypanel.platform.relay import NOTIFY
from skypanel.servers import actions
from skypanel.servers import queries as servers

Send = Callable[[dict[str, Any]], Awaitable[None]]
Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Row = tuple[Any, ...]
COOKIE = os.environ.get("FLOOR_COOKIE", "")
pool: AsyncConnectionPool[Connection] | None = None
NOTHING = dict.fromkeys(
    (
        "progress", "started_at", "asked_at", "queue_ref", "finished_at", "error",
        "about", "wish", "before", "note", "heard_at", "sealed",
    )
)  # fmt: skip
encoder = msgspec.json.Encoder(decimal_format="string")
INVOICES = LIST


async def app(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send) -> None:
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
    path = scope["path"]
    async with pool.connection() as connection:
        session = {"token_hash": token_hash(cookie), "now": now, "idle_since": now - SESSION_IDLE}
        found = await _rows(connection, identity.BY_COOKIE, session)
        if path.endswith("/me"):
            found = await _rows(connection, people.ME, {"user_id": found[0][2]})
        elif path.endswith("/invoices"):
            accounts = [each[0] for each in found[0][6]]
            asked = {"accounts": accounts, "before": LAST_ID, "limit": 26}
            found = await _rows(connection, INVOICES, asked)
        elif path.endswith("/servers"):
            accounts = [each[0] for each in found[0][6]]
            pinned, before = unpinned(LAST_ID)
            asked = {"accounts": accounts, "before": before, "limit": 51, "q": "", "now": now}
            asked |= {"favourites": False, "pinned": pinned}
            found = (await _rows(connection, servers.LIST, asked))[:50]
        elif path.endswith("/metrics"):
            server = UUID(path.split("/")[-2])
            await _rows(connection, servers.ONE, {"id": server, "now": now})
            asked = {"server": server, "since": now - timedelta(hours=24)}
            found = await _rows(connection, charts.HOURS, asked)
            found += await _rows(connection, charts.STANDING, {"server": server})
        elif "/servers/" in path and not path.endswith("/tasks"):
            server = UUID(path.rsplit("/", 1)[1])
            found = await _rows(connection, servers.ONE, {"id": server, "now": now})
        elif path.endswith("/tasks"):
            wish = msgspec.json.decode((await receive())["body"])
            async with connection.transaction():
                server_id = UUID(path.split("/")[-2])
                found = await _ask(connection, found[0], server_id, wish["kind"], now)
    await _answer(send, encoder.encode(found if "/servers" in path else found[:25]))


async def _ask(
    connection: Connection, viewer: Row, server_id: UUID, kind: str, now: datetime
) -> list[Row]:
    """A task for a server, with its audit entry, its job and its news: as `servers.ask` does."""
    task_id = new_id()
    await _rows(connection, servers.ONE, {"id": server_id, "now": now})
    [standing] = await _rows(connection, actions.STANDING, {"server": server_id})
    await _rows(connection, actions.UNDER_WAY, {"server": server_id})
    task = {
        "id": task_id, "server_id": server_id, "account_id": standing[0], "kind": kind,
        "state": "queued", "actor_kind": "user", "actor_id": viewer[2], "actor_name": viewer[3],
        "created_at": now, "seen_at": now, **NOTHING,
    }  # fmt: skip
    await connection.execute(actions.TASK.sql, task)
    entry = {
        "id": new_id(), "at": now, "actor_kind": "user", "actor_id": viewer[2],
        "actor_name": viewer[3], "verb": f"server.{kind}", "subject_kind": "server",
        "subject_id": str(server_id), "account_id": standing[0], "ip": "127.0.0.1",
        "request_id": str(new_id()), "detail": Jsonb({}),
    }  # fmt: skip
    await connection.execute(AUDIT.sql, entry)
    found = await _rows(connection, servers.TASK_ONE, {"id": task_id})
    job = {
        "queues": ["servers"], "tasks": ["servers.run_task"], "after": [0.0],
        "args": [encoder.encode({"task_id": task_id}).decode()],
    }  # fmt: skip
    await connection.execute(DEFER, job)
    news = [
        encoder.encode({"audience": audience, "kind": "task", "id": str(task_id)}).decode()
        for audience in (f"account:{standing[0]}", "staff")
    ]
    await connection.execute(NOTIFY, {"channel": "skypanel_live", "bodies": news})
    return found


async def _rows(connection: Connection, query: Any, values: dict[str, Any]) -> list[Row]:
    cursor = await connection.execute(query.sql, {**query.defaults, **values})
    return await cursor.fetchall()


async def _answer(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
