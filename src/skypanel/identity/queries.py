"""Who is behind a request, and what identity shows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import Text, Uuid, any_, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from starlette.requests import HTTPConnection

from skypanel.identity.models import (
    Account,
    AuditEntry,
    Member,
    Session,
    SigningKey,
    StaffMember,
    User,
)
from skypanel.identity.rules import ROLE_PERMISSIONS, STAFF_ROLES, cookie_name
from skypanel.platform.authority import Membership, Viewer
from skypanel.platform.crypto import token_hash
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.read import Query

KEYS_TAG = "signing_keys"
BEARER = "bearer "


def _viewer(
    session_id: UUID,
    user_id: UUID,
    name: str,
    email: str,
    staff_role: str | None,
    members: list[list[str]] | None,
) -> Viewer:
    accounts = {
        UUID(account_id): Membership(
            UUID(account_id), account, currency, role, ROLE_PERMISSIONS[role]
        )
        for account_id, account, currency, role in members or ()
    }
    permissions = STAFF_ROLES.get(staff_role or "", frozenset())
    return Viewer(user_id, session_id, name, email, accounts, permissions, staff_role)


_members = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    cast(Account.id, Text), Account.name, Account.currency, Member.role
                ),
                Member.joined_at,
            )
        )
    )
    .select_from(Member)
    .join(Account, Account.id == Member.account_id)
    .where(Member.user_id == User.id, Account.state == "active")
    .scalar_subquery()
)
_session = (
    select(Session.id, User.id, User.name, User.email, StaffMember.role, _members)
    .select_from(Session)
    .join(User, User.id == Session.user_id)
    .outerjoin(StaffMember, StaffMember.user_id == User.id)
    .where(
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
        User.state == "active",
    )
)
BY_COOKIE = Query(_session.where(Session.token_hash == bindparam("token_hash")), _viewer)
BY_ID = Query(_session.where(Session.id == bindparam("session_id")), _viewer)
SIGNING_KEYS = Query(
    select(SigningKey.kid, SigningKey.public_jwk, SigningKey.retired_at).order_by(
        SigningKey.created_at.desc()
    )
)


async def authenticate(house: House, connection: HTTPConnection) -> Viewer | None:
    """The viewer of a request: by cookie (one statement), or by signed token and its session."""
    bearer = connection.headers.get("authorization", "")
    read = house.read()
    if bearer[:7].lower() == BEARER:
        session_id = await _session_of_token(house, read, bearer[7:].strip())
        if session_id is None:
            return None
        return await BY_ID.one(read, session_id=session_id, now=read.now)
    token = connection.cookies.get(cookie_name(house.public_url))
    if not token:
        return None
    return await BY_COOKIE.one(read, token_hash=token_hash(token), now=read.now)


async def public_keys(house: House) -> dict[str, Any]:
    """The published key set (RFC 7517)."""

    async def load() -> dict[str, Any]:
        rows = await SIGNING_KEYS.all(house.read())
        return {"keys": [row["public_jwk"] for row in rows]}

    return await house.cache.get(KEYS_TAG, "set", load, seconds=300)


async def _session_of_token(house: House, read: Read, text: str) -> UUID | None:
    keys = await public_keys(house)
    if not keys["keys"]:
        return None
    try:
        token = jwt.decode(text, KeySet.import_key_set(keys), algorithms=["EdDSA"])
        claims = token.claims
        if claims["iss"] != house.public_url or claims["exp"] <= read.now.timestamp():
            return None
        return UUID(claims["sid"])
    except (JoseError, KeyError, ValueError, TypeError):
        return None


SESSIONS_OF = Query(
    select(
        Session.id,
        Session.kind,
        Session.label,
        Session.ip,
        Session.user_agent,
        Session.created_at,
        Session.last_seen_at,
    )
    .where(
        Session.user_id == bindparam("user_id"),
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
        Session.id < bindparam("before"),
    )
    .order_by(Session.id.desc())
    .limit(bindparam("limit"))
)
ME = Query(
    select(
        User.id, User.email, User.name, User.language, User.time_zone, User.email_verified_at
    ).where(User.id == bindparam("user_id"))
)


async def me(read: Read, viewer: Viewer) -> dict[str, Any]:
    """The logged-in person, their accounts and staff rights."""
    row = await ME.one(read, user_id=viewer.user_id)
    assert row is not None
    verified = row.pop("email_verified_at")
    staff = {"role": viewer.staff_role, "permissions": sorted(viewer.staff)}
    return {
        **row,
        "email_verified": verified is not None,
        "session_id": viewer.session_id,
        "accounts": [
            {
                "id": each.account_id,
                "name": each.name,
                "role": each.role,
                "currency": each.currency,
                "permissions": sorted(each.permissions),
            }
            for each in viewer.accounts.values()
        ],
        "staff": staff if viewer.staff_role else None,
    }


def _audit_row(
    id: UUID, at: object, kind: str, actor_id: UUID | None, name: str, verb: str,  # noqa: A002
    subject_kind: str, subject_id: str | None, account_id: UUID | None, ip: str | None,
    request_id: str | None, detail: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": id,
        "at": at,
        "actor": {"kind": kind, "id": actor_id, "name": name},
        "verb": verb,
        "subject": {"kind": subject_kind, "id": subject_id},
        "account_id": account_id,
        "ip": ip,
        "request_id": request_id,
        "detail": detail,
    }


AUDIT = Query(
    select(
        AuditEntry.id, AuditEntry.at, AuditEntry.actor_kind, AuditEntry.actor_id,
        AuditEntry.actor_name, AuditEntry.verb, AuditEntry.subject_kind, AuditEntry.subject_id,
        AuditEntry.account_id, AuditEntry.ip, AuditEntry.request_id, AuditEntry.detail,
    )
    .where(
        AuditEntry.id < bindparam("before"),
        or_(
            cast(bindparam("subject", None), Text).is_(None),
            AuditEntry.subject_id == cast(bindparam("subject", None), Text),
        ),
        or_(
            cast(bindparam("actor", None), Uuid).is_(None),
            AuditEntry.actor_id == cast(bindparam("actor", None), Uuid),
        ),
    )
    .order_by(AuditEntry.id.desc())
    .limit(bindparam("limit")),
    _audit_row,
)  # fmt: skip
USERS_BY_ID = Query(
    select(User.id, User.email, User.name, User.language, User.state).where(
        User.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
    )
)
