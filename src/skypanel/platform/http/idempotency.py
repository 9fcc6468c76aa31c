"""Idempotency-Key: the same request sent twice has one effect and one answer.

The key, what was asked and what was answered are one row. Where the route works in one
transaction, the row is written in it: the effect and the answer to replay are kept together or
not at all. A route that calls out takes no open transaction; its key is claimed before and
answered after, and such routes are idempotent by their own rows besides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.crypto import Sealer
from skypanel.platform.db import Base, Db
from skypanel.platform.errors import FieldRefusal, IdempotencyKeyInUse, IdempotencyKeyReused
from skypanel.platform.http.doors import actor_of, maybe_viewer
from skypanel.platform.http.edge import SAFE
from skypanel.platform.jobs import timer

KEY_CHARACTERS_MAX = 200
KEEP = timedelta(hours=72)  # a client broken on Friday may repeat until Monday
CLAIM = timedelta(seconds=60)
BAD_REQUEST = 400


class IdempotencyKey(Base):
    """One keyed request: who asked what, and the answer once there is one."""

    __tablename__ = "idempotency_keys"
    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_CHARACTERS_MAX), primary_key=True)
    fingerprint: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    body: Mapped[bytes | None]
    media_type: Mapped[str | None]


class DoorRoute(APIRoute):
    """A route that honours Idempotency-Key on everything that changes something."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        run = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get("idempotency-key")
            if key is None or request.method in SAFE:
                return await run(request)
            if not 1 <= len(key) <= KEY_CHARACTERS_MAX:
                raise FieldRefusal(
                    "Idempotency-Key",
                    f"Use 1 to {KEY_CHARACTERS_MAX} characters.",
                    "idempotency_key_invalid",
                )
            return await self._keyed(request, key, run)

        return once

    async def _keyed(
        self,
        request: Request,
        key: str,
        run: Callable[[Request], Coroutine[Any, Any, Response]],
    ) -> Response:
        fingerprint = await _fingerprint(request)
        scope = await _scope(request)
        replay = await _claim(request, scope, key, fingerprint)
        if replay is not None:
            return replay
        try:
            response = await run(request)
        except BaseException:
            await _release(request, scope, key)
            raise
        if response.status_code >= BAD_REQUEST:
            await _release(request, scope, key)
        elif getattr(request.state, "db", None) is not None:
            await _keep(request.state.db, scope, key, response)
        else:
            async with request.app.state.house.transaction() as db:
                await _keep(db, scope, key, response)
        return response


async def _scope(request: Request) -> str:
    viewer = await maybe_viewer(request)
    if viewer is not None:
        return f"user:{viewer.user_id}"
    return f"ip:{actor_of(request, None).ip}"


async def _fingerprint(request: Request) -> bytes:
    """A keyed hash: a body may hold a password, and the row is kept for days."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    sealer: Sealer = request.app.state.house.sealer
    return sealer.mac(f"idempotency|{digest.hexdigest()}").encode()


async def _claim(request: Request, scope: str, key: str, fingerprint: bytes) -> Response | None:
    """Take the key for this request, or answer what it was answered before."""
    async with request.app.state.house.transaction() as db:
        wanted = select(IdempotencyKey).where(
            IdempotencyKey.scope == scope, IdempotencyKey.key == key
        )
        fresh = await db.run(
            "insert into idempotency_keys (scope, key, fingerprint, created_at)"
            " values (%(scope)s, %(key)s, %(fingerprint)s, %(now)s) on conflict do nothing",
            scope=scope,
            key=key,
            fingerprint=fingerprint,
            now=db.now,
        )
        if fresh:
            return None
        row = await db.scalar(wanted.with_for_update())
        if row is None:
            raise IdempotencyKeyInUse(retry_after_seconds=1)
        if row.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        if row.status is None:
            if row.created_at + CLAIM > db.now:
                raise IdempotencyKeyInUse(retry_after_seconds=1)
            row.created_at = db.now  # its request died unanswered; this one takes over
            return None
        return Response(
            row.body,
            row.status,
            {"idempotency-replayed": "true", "cache-control": "no-store"},
            row.media_type,
        )


async def _keep(db: Db, scope: str, key: str, response: Response) -> None:
    secret = response.headers.get("x-secret-answer") is not None
    await db.run(
        "update idempotency_keys set status = %(status)s, body = %(body)s,"
        " media_type = %(media_type)s where scope = %(scope)s and key = %(key)s",
        status=response.status_code,
        body=b"" if secret else bytes(response.body),
        media_type=response.media_type or response.headers.get("content-type"),
        scope=scope,
        key=key,
    )


async def _release(request: Request, scope: str, key: str) -> None:
    async with request.app.state.house.transaction() as db:
        await db.run(
            "delete from idempotency_keys"
            " where scope = %(scope)s and key = %(key)s and status is null",
            scope=scope,
            key=key,
        )


@timer("23 * * * *")
async def forget_old_keys(db: Db) -> None:
    """Keys older than three days are dropped."""
    await db.run("delete from idempotency_keys where created_at < %(old)s", old=db.now - KEEP)
