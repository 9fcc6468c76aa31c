"""Who belongs to an account, who is asked to, and who is shut out."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from skypanel.identity.actions.sessions import end_sessions
from skypanel.identity.actions.trail import audit
from skypanel.identity.actions.users import close_links
from skypanel.identity.errors import (
    AlreadyMember,
    InvitationForOtherAddress,
    LastOwner,
    LinkSpent,
    OwnLogin,
    RoleTooHigh,
    StaffProtected,
)
from skypanel.identity.events import InvitationSent, UserResumed, UserSuspended
from skypanel.identity.models import Account, Invitation, Member, StaffMember, User
from skypanel.identity.rules.roles import OWNER, USER_STATES, may_set_role
from skypanel.identity.rules.tokens import (
    INVITATION,
    INVITATION_LASTS,
    confirmation_id,
    confirmation_matches,
    email_key,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound, PermissionMissing
from skypanel.platform.events import Topic, account_topic
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance


async def invite(db: Db, viewer: Viewer, account_id: UUID, *, email: str, role: str) -> Invitation:
    """Ask somebody, by mail, to join an account; replaces an open invitation to that address.

    Publishes InvitationSent.
    """
    viewer.require("members.manage", account_id)
    acting = (await _locked(db, account_id)).get(viewer.user_id)
    if acting is None or not may_set_role(acting.role, None, role):
        raise RoleTooHigh
    key = email_key(email)
    known = select(Member).join(User, User.id == Member.user_id)
    if await db.scalar(known.where(Member.account_id == account_id, User.email == key)):
        raise AlreadyMember
    for older in await db.scalars(
        select(Invitation).where(
            Invitation.account_id == account_id,
            Invitation.email == key,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > db.now,
        )
    ):
        older.expires_at = db.now
    invitation = Invitation(
        id=new_id(),
        account_id=account_id,
        email=key,
        role=role,
        version=1,
        invited_by=viewer.user_id,
        created_at=db.now,
        expires_at=db.now + INVITATION_LASTS,
    )
    db.add(invitation)
    audit(
        db, "member.invited", "invitation", invitation.id,
        account_id=account_id, email=key, role=role,
    )  # fmt: skip
    db.publish(InvitationSent(invitation.id))
    return invitation


async def withdraw_invitation(
    db: Db, viewer: Viewer, account_id: UUID, invitation_id: UUID
) -> None:
    """Let an invitation's link lead nowhere."""
    viewer.require("members.manage", account_id)
    invitation = await db.get(Invitation, invitation_id, with_for_update=True)
    if (
        invitation is None
        or invitation.account_id != account_id
        or invitation.accepted_at is not None
        or invitation.expires_at <= db.now
    ):
        raise NotFound
    invitation.expires_at = db.now
    audit(db, "member.invitation_withdrawn", "invitation", invitation.id, account_id=account_id)


async def accept_invitation(db: Db, viewer: Viewer, token: str) -> UUID:
    """Join the account that the link invites to; works once, for the address it was sent to."""
    named = confirmation_id(token)
    invitation = None if named is None else await db.get(Invitation, named, with_for_update=True)
    if invitation is None or not confirmation_matches(
        db.house.sealer, token, invitation.id, INVITATION, invitation.version
    ):
        raise LinkSpent
    if invitation.accepted_at is not None or invitation.expires_at <= db.now:
        raise LinkSpent
    if invitation.email != viewer.email:
        raise InvitationForOtherAddress
    account_id = invitation.account_id
    invitation.accepted_at = db.now
    if await db.get(Member, (account_id, viewer.user_id)) is None:
        db.add(
            Member(
                account_id=account_id,
                user_id=viewer.user_id,
                role=invitation.role,
                joined_at=db.now,
            )
        )
    audit(db, "member.joined", "user", viewer.user_id, account_id=account_id, role=invitation.role)
    _look_again(db, account_id, viewer.user_id)
    return account_id


async def change_role(db: Db, viewer: Viewer, account_id: UUID, user_id: UUID, role: str) -> Member:
    """Give a member another role; ownership only by owners, and never without an owner left."""
    viewer.require("members.manage", account_id)
    members = await _locked(db, account_id)
    member = members.get(user_id)
    acting = members.get(viewer.user_id)
    if member is None or acting is None:
        raise NotFound
    if not may_set_role(acting.role, member.role, role):
        raise RoleTooHigh
    if role != OWNER:
        _keep_an_owner(members, member)
    before, member.role = member.role, role
    audit(
        db, "member.role_changed", "user", user_id,
        account_id=account_id, before=before, after=role,
    )  # fmt: skip
    _look_again(db, account_id, user_id)
    return member


async def remove_member(db: Db, viewer: Viewer, account_id: UUID, user_id: UUID) -> None:
    """Take a member out of an account; anybody may leave, the last owner may not."""
    if account_id not in viewer.accounts:
        raise NotFound
    members = await _locked(db, account_id)
    member = members.get(user_id)
    acting = members.get(viewer.user_id)
    if acting is None or member is None:
        raise NotFound
    if user_id != viewer.user_id:
        if not viewer.may("members.manage", account_id):
            raise PermissionMissing
        if not may_set_role(acting.role, member.role, None):
            raise RoleTooHigh
    _keep_an_owner(members, member)
    await db.delete(member)
    audit(db, "member.removed", "user", user_id, account_id=account_id, role=member.role)
    _look_again(db, account_id, user_id)


async def suspend_user(db: Db, viewer: Viewer, user_id: UUID, reason: str) -> User:
    """Shut a user out at once: sessions, tokens and mailed links end. Publishes UserSuspended."""
    user = await _subject_of_staff(db, viewer, user_id)
    advance(db, user, USER_STATES, "suspend", note=reason)
    await close_links(db, user.id)
    await end_sessions(db, user.id, reason="user_suspended")
    audit(db, "user.suspended", "user", user.id, reason=reason)
    db.publish(UserSuspended(user.id))
    return user


async def resume_user(db: Db, viewer: Viewer, user_id: UUID) -> User:
    """Let a suspended user log in again; what was ended stays ended. Publishes UserResumed."""
    user = await _subject_of_staff(db, viewer, user_id)
    advance(db, user, USER_STATES, "resume")
    audit(db, "user.resumed", "user", user.id)
    db.publish(UserResumed(user.id))
    return user


async def _subject_of_staff(db: Db, viewer: Viewer, user_id: UUID) -> User:
    viewer.require_staff("customers.edit")
    if user_id == viewer.user_id:
        raise OwnLogin
    user = await db.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    if viewer.staff_role != OWNER and await db.get(StaffMember, user_id) is not None:
        raise StaffProtected
    return user


async def _locked(db: Db, account_id: UUID) -> dict[UUID, Member]:
    """An account's members, as they stand under the account's lock."""
    await db.get_one(Account, account_id, with_for_update=True)
    rows = await db.scalars(
        select(Member)
        .where(Member.account_id == account_id)
        .execution_options(populate_existing=True)
    )
    return {row.user_id: row for row in rows}


def _keep_an_owner(members: dict[UUID, Member], leaving: Member) -> None:
    owners = [each for each in members.values() if each.role == OWNER]
    if owners == [leaving]:
        raise LastOwner


def _look_again(db: Db, account_id: UUID, user_id: UUID) -> None:
    """Open pages refetch; the member's own stream ends, as it listens for other accounts now."""
    for topic in account_topic(account_id, "account", account_id):
        db.announce(topic)
    db.announce(Topic(f"user:{user_id}", "session", user_id))
