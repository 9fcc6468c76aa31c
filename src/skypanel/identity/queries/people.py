"""Reads about one's own login, its sessions, and the people of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased

from skypanel.identity.models import Confirmation, Invitation, Member, Session, User
from skypanel.identity.rules.roles import OWNER, may_set_role
from skypanel.identity.rules.tokens import SESSION_IDLE, email_key
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in is checked against."""

    user_id: UUID
    name: str
    email: str
    password_hash: str


_credentials = select(User.id, User.name, User.email, User.password_hash)
BY_EMAIL = Query(_credentials.where(User.email == bindparam("email")), Credentials)
BY_ID = Query(_credentials.where(User.id == bindparam("user_id")), Credentials)
BY_LINK = Query(
    _credentials.join(Confirmation, Confirmation.user_id == User.id).where(
        Confirmation.id == bindparam("link_id")
    ),
    Credentials,
)


async def credentials(read: Read, email: str) -> Credentials | None:
    """The login that has this address."""
    return await BY_EMAIL.one(read, email=email_key(email))


async def own_credentials(read: Read, viewer: Viewer) -> Credentials:
    """The viewer's own."""
    found = await BY_ID.one(read, user_id=viewer.user_id)
    assert found is not None
    return found


async def link_owner(read: Read, link_id: UUID) -> Credentials | None:
    """Whose link this is; says nothing about whether it still counts."""
    return await BY_LINK.one(read, link_id=link_id)


ME = Query(
    select(
        User.id,
        User.email,
        User.name,
        User.language,
        User.time_zone,
        User.email_verified_at.is_not(None).label("email_verified"),
    ).where(User.id == bindparam("user_id"))
)


async def me(read: Read, viewer: Viewer) -> dict[str, Any]:
    """The logged-in person, with accounts and rights."""
    row = await ME.one(read, user_id=viewer.user_id)
    assert row is not None
    staff = {"role": viewer.staff_role, "permissions": viewer.staff}
    return {
        **row,
        "session_id": viewer.session_id,
        "accounts": [
            {
                "id": each.account_id,
                "name": each.name,
                "role": each.role,
                "currency": each.currency,
                "permissions": each.permissions,
            }
            for each in viewer.accounts.values()
        ],
        "staff": staff if viewer.staff_role else None,
    }


SESSIONS = Query(
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
        or_(Session.remembered, Session.last_seen_at > bindparam("idle_since")),
        Session.id < bindparam("before"),
    )
    .order_by(Session.id.desc())
    .limit(bindparam("limit"))
)


async def sessions(read: Read, page: Page, viewer: Viewer) -> dict[str, Any]:
    """The viewer's live sessions, newest first."""
    found = await SESSIONS.page(
        read, page, user_id=viewer.user_id, now=read.now, idle_since=read.now - SESSION_IDLE
    )
    for each in found["items"]:
        each["current"] = each["id"] == viewer.session_id
    return found


_one_of = aliased(Member)
_owners = (
    select(func.count())
    .where(_one_of.account_id == bindparam("account_id"), _one_of.role == OWNER)
    .scalar_subquery()
)
_member = (
    select(
        Member.user_id,
        User.name,
        User.email,
        Member.role,
        Member.joined_at,
        _owners.label("owners"),
    )
    .join(User, User.id == Member.user_id)
    .where(Member.account_id == bindparam("account_id"))
)
MEMBERS = Query(
    _member.where(Member.user_id < bindparam("before"))
    .order_by(Member.user_id.desc())
    .limit(bindparam("limit"))
)
MEMBER = Query(_member.where(Member.user_id == bindparam("user_id")))


def _with_can(row: dict[str, Any], viewer: Viewer, account_id: UUID) -> dict[str, Any]:
    """What the viewer may do to this member; nothing to the last owner."""
    acting = viewer.accounts[account_id].role
    if row.pop("owners") == 1 and row["role"] == OWNER:
        return {**row, "can": []}
    can = [] if not may_set_role(acting, row["role"], None) else ["change_role", "remove"]
    if row["user_id"] == viewer.user_id and "remove" not in can:
        can.append("remove")
    return {**row, "can": can}


async def members(read: Read, page: Page, viewer: Viewer, account_id: UUID) -> dict[str, Any]:
    """The people of an account, to each of them."""
    if account_id not in viewer.accounts:
        raise NotFound
    found = await MEMBERS.page(read, page, account_id=account_id)
    found["items"] = [_with_can(each, viewer, account_id) for each in found["items"]]
    return found


async def member(read: Read, viewer: Viewer, account_id: UUID, user_id: UUID) -> dict[str, Any]:
    """One of the people of an account."""
    if account_id not in viewer.accounts:
        raise NotFound
    row = await MEMBER.one(read, account_id=account_id, user_id=user_id)
    if row is None:
        raise NotFound
    return _with_can(row, viewer, account_id)


INVITATIONS = Query(
    select(Invitation.id, Invitation.email, Invitation.role, Invitation.expires_at)
    .where(
        Invitation.account_id == bindparam("account_id"),
        Invitation.accepted_at.is_(None),
        Invitation.expires_at > bindparam("now"),
        Invitation.id < bindparam("before"),
    )
    .order_by(Invitation.id.desc())
    .limit(bindparam("limit"))
)


async def invitations(read: Read, page: Page, viewer: Viewer, account_id: UUID) -> dict[str, Any]:
    """The open invitations of an account."""
    viewer.require("members.manage", account_id)
    return await INVITATIONS.page(read, page, account_id=account_id, now=read.now)
