"""Who is behind a request: one statement per request, by cookie or by access token."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import psycopg
from joserfc.jwk import KeySet
from sqlalchemy import ColumnElement, bindparam, func, or_, select, update

from skypanel.identity.models import Account, Member, Session, SigningKey, StaffMember, User
from skypanel.identity.rules.roles import ROLE_PERMISSIONS, STAFF_ROLES
from skypanel.identity.rules.tokens import (
    KEYS_TAG,
    SEEN_EVERY,
    SESSION_IDLE,
    AccessToken,
    cookie_name,
    read_access_token,
)
from skypanel.platform.authority import Membership, Viewer
from skypanel.platform.crypto import token_hash
from skypanel.platform.db import Read
from skypanel.platform.read import DIALECT, Query

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from skypanel.platform.house import House

KEYS_SECONDS = 300
BEARER = "bearer "

_memberships = (
    select(
        func.jsonb_agg(
            func.jsonb_build_array(
                Account.id, Account.name, Account.currency, Member.role, Account.state
            )
        )
    )
    .where(Member.user_id == User.id, Account.id == Member.account_id)
    .scalar_subquery()
)


def _live() -> tuple[ColumnElement[bool], ...]:
    """A session that still lets its user in."""
    return (
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
        or_(Session.remembered, Session.last_seen_at > bindparam("idle_since")),
        User.state == "active",
    )


_columns = (
    select(
        Session.id,
        Session.last_seen_at,
        User.id,
        User.name,
        User.email,
        StaffMember.role,
        _memberships.label("memberships"),
    )
    .join(User, User.id == Session.user_id)
    .outerjoin(StaffMember, StaffMember.user_id == User.id)
)


def _viewer(
    session_id: UUID,
    last_seen_at: datetime,
    user_id: UUID,
    name: str,
    email: str,
    staff_role: str | None,
    memberships: list[list[str]] | None,
) -> tuple[Viewer, datetime] | None:
    rows = sorted(memberships or [])
    accounts = {
        UUID(account_id): Membership(
            UUID(account_id), account, currency, role, ROLE_PERMISSIONS[role]
        )
        for account_id, account, currency, role, state in rows
        if state == "active"
    }
    if rows and not accounts and staff_role is None:
        return None
    staff = frozenset[str]() if staff_role is None else STAFF_ROLES[staff_role]
    viewer = Viewer(user_id, session_id, name, email, accounts, staff, staff_role)
    return viewer, last_seen_at


BY_COOKIE = Query(_columns.where(Session.token_hash == bindparam("token_hash"), *_live()), _viewer)
BY_SESSION = Query(
    _columns.where(
        Session.id == bindparam("session_id"),
        Session.user_id == bindparam("user_id"),
        *_live(),
    ),
    _viewer,
)
PUBLIC_KEYS: Query[dict[str, Any]] = Query(
    select(SigningKey.public).order_by(SigningKey.id.desc()), dict
)


@dataclass(slots=True)
class _Written:
    """A compiled statement that changes a row."""

    sql: bytes
    defaults: Mapping[str, Any]


# Apart from the read, so that reading never waits for it.
_SEEN = _Written(
    str(
        update(Session)
        .where(Session.id == bindparam("session"), Session.last_seen_at <= bindparam("before"))
        .values(last_seen_at=bindparam("seen_at"))
        .returning(Session.id)
        .compile(dialect=DIALECT)
    ).encode(),
    {},
)


async def public_keys(read: Read) -> list[dict[str, Any]]:
    """The public halves of the keys that sign access tokens, newest first (JWKS)."""
    return await PUBLIC_KEYS.all(read)


async def viewer_of(read: Read, session_id: UUID, user_id: UUID) -> Viewer | None:
    """The viewer whom this live session lets in."""
    found = await BY_SESSION.one(
        read,
        session_id=session_id,
        user_id=user_id,
        now=read.now,
        idle_since=read.now - SESSION_IDLE,
    )
    return None if found is None else found[0]


async def authenticate(house: House, read: Read, connection: HTTPConnection) -> Viewer | None:
    """The viewer whose live session this request names; None for a visitor.

    A bearer token counts before a cookie. Both hold only as long as their session's row does.
    """
    timing = {"now": read.now, "idle_since": read.now - SESSION_IDLE}
    authorization = connection.headers.get("authorization", "")
    if authorization[: len(BEARER)].lower() == BEARER:
        token = await _access_token(house, read, authorization[len(BEARER) :].strip())
        if token is None:
            return None
        found = await BY_SESSION.one(
            read, session_id=token.session_id, user_id=token.user_id, **timing
        )
    else:
        cookie = connection.cookies.get(cookie_name(house.public_url))
        if not cookie:
            return None
        found = await BY_COOKIE.one(read, token_hash=token_hash(cookie), **timing)
    if found is None:
        return None
    viewer, last_seen_at = found
    if last_seen_at <= read.now - SEEN_EVERY:
        await _note_seen(read, viewer.session_id, SEEN_EVERY)
    return viewer


async def _access_token(house: House, read: Read, token: str) -> AccessToken | None:
    async def load() -> KeySet | None:
        keys = await public_keys(read)
        return KeySet.import_key_set({"keys": cast("Any", keys)}) if keys else None

    keys = await house.cache.get(KEYS_TAG, "public", load, seconds=KEYS_SECONDS)
    if keys is None:  # the first key is made with the first token, perhaps since we looked
        house.cache.drop(KEYS_TAG)
        return None
    return read_access_token(keys, token, issuer=house.public_url, now=read.now)


async def _note_seen(read: Read, session_id: UUID, every: timedelta) -> None:
    # A busy row or database costs only the exactness of "last seen", never the request.
    with contextlib.suppress(psycopg.Error):
        await read.rows(
            _SEEN, {"session": session_id, "before": read.now - every, "seen_at": read.now}
        )
