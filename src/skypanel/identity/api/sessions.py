"""Logging in and out: the browser's cookie, and the tokens of programs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from skypanel.identity import actions, queries
from skypanel.identity.errors import LoginFailed, TokenRefused
from skypanel.identity.models import User
from skypanel.identity.rules import LOGIN_PER_ADDRESS, LOGIN_PER_IP, REFRESH_PER_IP
from skypanel.identity.rules.passwords import hash_is_dated, hash_password, password_matches
from skypanel.identity.rules.tokens import (
    ACCESS_TOKEN_SECONDS,
    SESSION_REMEMBERED,
    cookie_name,
    email_key,
)
from skypanel.identity.schemas import (
    KeySetView,
    LogIn,
    Me,
    RefreshRequest,
    Sessions,
    TokenGrant,
    TokenRequest,
)
from skypanel.platform.authority import Actor
from skypanel.platform.crypto import token_hash
from skypanel.platform.db import Db
from skypanel.platform.errors import LoginRequired, Refusal
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    TheActor,
    TheDb,
    TheHouse,
    ThePage,
    TheReader,
    TheViewer,
    answer,
    nothing,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.limits import count

T = TypeVar("T")
NO_CONTENT = 204
router = APIRouter(route_class=DoorRoute, tags=["identity"])
wellknown = APIRouter(tags=["identity"])
# Without Idempotency-Key: who asks again gets a session of their own, as a cookie or token that
# was lost on the way is never kept to be sent again.
entrance = APIRouter(tags=["identity"])


@entrance.post("/sessions", response_model=Me)
async def log_in(body: LogIn, request: Request, house: TheHouse, actor: TheActor) -> Response:
    """Log in: for thirty days where remembered, else until twelve hours pass unused."""

    async def enter(db: Db, user: User) -> tuple[UUID, UUID, str]:
        session, token = await actions.start_session(
            db,
            user,
            kind="browser",
            remembered=body.remember,
            user_agent=user_agent(request),
        )
        return session.id, user.id, token

    session_id, user_id, token = await _let_in(house, actor, body.email, body.password, enter)
    read = house.read()
    viewer = await queries.viewer_of(read, session_id, user_id)
    if viewer is None:
        raise LoginRequired
    response = answer(await queries.me(read, viewer))
    set_session_cookie(response, house, token, remembered=body.remember)
    return response


@router.delete("/sessions/current", status_code=NO_CONTENT, response_class=Response)
async def log_out(db: TheDb, viewer: TheViewer) -> Response:
    """End the session of this request."""
    await actions.end_session(db, viewer.user_id, viewer.session_id, reason="logged_out")
    return _without_cookie(nothing(), db.house)


@router.get("/sessions", response_model=Sessions)
async def list_sessions(read: TheReader, viewer: TheViewer, page: ThePage) -> Response:
    """Where one is logged in."""
    return answer(await queries.sessions(read, page, viewer))


@router.delete("/sessions/{session_id}", status_code=NO_CONTENT, response_class=Response)
async def end_session(session_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Log out somewhere else."""
    await actions.end_session(db, viewer.user_id, session_id, reason="ended_elsewhere")
    if session_id == viewer.session_id:
        return _without_cookie(nothing(), db.house)
    return nothing()


@entrance.post("/tokens", response_model=TokenGrant)
async def log_in_for_tokens(
    body: TokenRequest, request: Request, house: TheHouse, actor: TheActor
) -> Response:
    """Log a program in: an access token of ten minutes and a refresh token."""

    async def enter(db: Db, user: User) -> actions.Tokens:
        session, _ = await actions.start_session(
            db,
            user,
            kind="token",
            remembered=True,
            user_agent=user_agent(request),
            label=body.label or None,
        )
        return await actions.grant_tokens(db, session)

    tokens = await _let_in(house, actor, body.email, body.password, enter)
    return _granted(tokens)


@entrance.post("/tokens/refresh", response_model=TokenGrant)
async def refresh(body: RefreshRequest, house: TheHouse, actor: TheActor) -> Response:
    """The next pair of tokens; a refresh token that comes twice ends its session."""
    await count(house, REFRESH_PER_IP, actor.ip or "")
    async with house.transaction(actor) as db:  # commits the end of a stolen chain, then refuses
        tokens = await actions.refresh_tokens(db, body.refresh_token)
    if tokens is None:
        raise TokenRefused
    return _granted(tokens)


@wellknown.get("/.well-known/jwks.json", response_model=KeySetView)
async def key_set(read: TheReader) -> Response:
    """The public keys that access tokens are signed under (RFC 7517)."""
    return answer({"keys": await queries.public_keys(read)})


async def _let_in(
    house: House,
    actor: Actor,
    email: str,
    password: str,
    enter: Callable[[Db, User], Awaitable[T]],
) -> T:
    """Check a password while no connection is held, then let its user in.

    An unknown address costs what a wrong password costs, and both are the same refusal.
    """
    await count(house, LOGIN_PER_IP, actor.ip or "")
    await count(house, LOGIN_PER_ADDRESS, token_hash(email_key(email)).hex())
    known = await queries.credentials(house.read(), email)
    matches = await password_matches(password, known.password_hash if known else None)
    if known is None or not matches:
        await _note_refusal(house, actor, known, LoginFailed.code)
        raise LoginFailed
    dated = hash_is_dated(known.password_hash)
    fresh_hash = await hash_password(password) if dated else None
    person = replace(actor, id=known.user_id, name=known.name)
    try:
        async with house.transaction(person) as db:
            user = await actions.admit(
                db, known.user_id, known.password_hash, fresh_hash=fresh_hash
            )
            return await enter(db, user)
    except Refusal as refusal:
        await _note_refusal(house, actor, known, refusal.code)
        raise


async def _note_refusal(
    house: House, actor: Actor, known: queries.Credentials | None, code: str
) -> None:
    """A refused log-in stays on record although nothing else of it does."""
    async with house.transaction(actor) as db:
        actions.audit(db, "session.refused", "user", known.user_id if known else None, code=code)


def _granted(tokens: actions.Tokens) -> Response:
    body: dict[str, Any] = {
        "token_type": "Bearer",
        "access_token": tokens.access_token,
        "expires_in_seconds": ACCESS_TOKEN_SECONDS,
        "refresh_token": tokens.refresh_token,
    }
    return answer(body)


def user_agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


def set_session_cookie(response: Response, house: House, token: str, *, remembered: bool) -> None:
    response.set_cookie(
        cookie_name(house.public_url),
        token,
        max_age=int(SESSION_REMEMBERED.total_seconds()) if remembered else None,
        path="/",
        secure=house.public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def _without_cookie(response: Response, house: House) -> Response:
    response.delete_cookie(
        cookie_name(house.public_url),
        path="/",
        secure=house.public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response
