"""What identity does: users, accounts, sessions, tokens, staff, audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from skypanel.identity.errors import LinkSpent, UserIsSuspended
from skypanel.identity.events import (
    EmailChanged,
    EmailChangeRequested,
    PasswordChanged,
    PasswordResetRequested,
    RegistrationRepeated,
    SessionEnded,
    UserRegistered,
    UserSuspended,
)
from skypanel.identity.models import (
    Account,
    AuditEntry,
    Confirmation,
    Member,
    Session,
    StaffMember,
    User,
)
from skypanel.identity.rules import (
    EMAIL,
    LIFETIMES,
    RESET,
    ROLES,
    SESSION_IDLE,
    SESSION_REMEMBERED,
    STAFF_ROLES,
    VERIFY,
    email_key,
)
from skypanel.platform.crypto import new_token, token_hash
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.ids import new_id


async def audit(
    db: Db,
    verb: str,
    subject_kind: str,
    subject_id: UUID | int | str | None,
    *,
    account_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Write down who did what; `db.actor` says who."""
    db.add(
        AuditEntry(
            at=db.now,
            actor_kind=db.actor.kind,
            actor_id=db.actor.id,
            actor_name=db.actor.name,
            verb=verb,
            subject_kind=subject_kind,
            subject_id=None if subject_id is None else str(subject_id),
            account_id=account_id,
            ip=db.actor.ip,
            request_id=db.actor.request_id,
            detail=detail,
        )
    )


async def find_user(db: Db, email: str) -> User | None:
    """The user of an address, locked."""
    return await db.scalar(select(User).where(User.email_key == email_key(email)).with_for_update())


async def create_user(
    db: Db,
    *,
    name: str,
    email: str,
    password_hash: str,
    language: str = "en",
    time_zone: str = "UTC",
) -> User:
    """A new user whose address is not confirmed yet. The caller has looked that it is new."""
    user = User(
        id=new_id(),
        name=name,
        email=email.strip(),
        email_key=email_key(email),
        password_hash=password_hash,
        language=language,
        time_zone=time_zone,
        created_at=db.now,
    )
    db.add(user)
    await db.flush()
    return user


async def open_account(db: Db, *, name: str, currency: str, owner_id: UUID) -> Account:
    """A new account with its owner."""
    account = Account(id=new_id(), name=name, currency=currency, created_at=db.now)
    db.add(account)
    await db.flush()
    db.add(Member(account_id=account.id, user_id=owner_id, role=ROLES[0], joined_at=db.now))
    await audit(db, "account.opened", "account", account.id, account_id=account.id)
    return account


async def request_confirmation(db: Db, user: User, purpose: str, email: str) -> Confirmation:
    """A link to be mailed; an earlier unused one of the same purpose ends."""
    await db.execute(
        update(Confirmation)
        .where(
            Confirmation.user_id == user.id,
            Confirmation.purpose == purpose,
            Confirmation.used_at.is_(None),
        )
        .values(used_at=db.now)
    )
    row = Confirmation(
        id=new_id(),
        user_id=user.id,
        purpose=purpose,
        email=email,
        created_at=db.now,
        expires_at=db.now + LIFETIMES[purpose],
    )
    db.add(row)
    await db.flush()
    await audit(db, f"confirmation.{purpose}_requested", "user", user.id)
    return row


async def welcome(db: Db, user: User) -> None:
    """Ask a new user to confirm the address; publishes UserRegistered."""
    row = await request_confirmation(db, user, VERIFY, user.email)
    await audit(db, "user.registered", "user", user.id)
    db.publish(UserRegistered(user.id, row.id))


async def repeat_registration(db: Db, user: User) -> None:
    """Somebody registered an address that has an account: tell its owner, nobody else."""
    if user.email_verified_at is None:
        await welcome(db, user)
    else:
        db.publish(RegistrationRepeated(user.id))


async def request_reset(db: Db, user: User) -> None:
    """Mail a link that sets a new password."""
    row = await request_confirmation(db, user, RESET, user.email)
    db.publish(PasswordResetRequested(user.id, row.id))


async def request_email_change(db: Db, user_id: UUID, email: str) -> None:
    """Mail a link to the new address; nothing changes until it is followed."""
    user = await db.get_one(User, user_id, with_for_update=True)
    row = await request_confirmation(db, user, EMAIL, email.strip())
    if await db.scalar(select(User.id).where(User.email_key == email_key(email))) is None:
        db.publish(EmailChangeRequested(user.id, row.id))


async def _spend(db: Db, confirmation_id: UUID | None, purpose: str) -> tuple[Confirmation, User]:
    row = (
        await db.get(Confirmation, confirmation_id, with_for_update=True)
        if confirmation_id
        else None
    )
    if row is None or row.purpose != purpose or row.used_at or row.expires_at <= db.now:
        raise LinkSpent
    user = await db.get_one(User, row.user_id, with_for_update=True)
    if user.state != "active":
        raise LinkSpent
    row.used_at = db.now
    return row, user


async def confirm_email(db: Db, confirmation_id: UUID | None) -> User:
    """The address of a new user is theirs."""
    _, user = await _spend(db, confirmation_id, VERIFY)
    user.email_verified_at = user.email_verified_at or db.now
    await audit(db, "user.email_confirmed", "user", user.id)
    return user


async def confirm_email_change(db: Db, confirmation_id: UUID | None) -> User:
    """The new address replaces the old one, which is told. Publishes EmailChanged."""
    row, user = await _spend(db, confirmation_id, EMAIL)
    if await db.scalar(select(User.id).where(User.email_key == email_key(row.email))):
        raise LinkSpent
    old = user.email
    user.email, user.email_key, user.email_verified_at = row.email, email_key(row.email), db.now
    await audit(db, "user.email_changed", "user", user.id)
    db.publish(EmailChanged(user.id, old))
    return user


async def reset_password(db: Db, confirmation_id: UUID | None, password_hash: str) -> User:
    """A new password by mailed link: proves the address and ends every session."""
    _, user = await _spend(db, confirmation_id, RESET)
    user.email_verified_at = user.email_verified_at or db.now
    await set_password(db, user.id, password_hash, keep_session=None)
    return user


async def set_password(
    db: Db, user_id: UUID, password_hash: str, *, keep_session: UUID | None
) -> None:
    """Replace a password and end all other sessions. Publishes PasswordChanged."""
    user = await db.get_one(User, user_id, with_for_update=True)
    user.password_hash = password_hash
    await end_sessions(db, user_id, keep=keep_session)
    await audit(db, "user.password_changed", "user", user_id)
    db.publish(PasswordChanged(user_id))


async def open_session(
    db: Db, user: User, *, kind: str, remember: bool, user_agent: str | None, label: str | None
) -> tuple[Session, str]:
    """A log-in; the opaque token is answered once, only its hash is kept."""
    if user.state != "active":
        raise UserIsSuspended
    token = new_token()
    session = Session(
        id=new_id(),
        user_id=user.id,
        kind=kind,
        token_hash=token_hash(token) if kind == "browser" else None,
        label=label,
        remember=remember,
        ip=db.actor.ip,
        user_agent=(user_agent or "")[:300] or None,
        created_at=db.now,
        last_seen_at=db.now,
        expires_at=session_end(db.now, remember=remember),
    )
    db.add(session)
    await db.flush()
    await audit(db, "session.opened", "session", session.id, by=str(user.id), kind=kind)
    return session, token


def session_end(now: datetime, *, remember: bool) -> datetime:
    """When a session ends unless it is used again."""
    return now + (SESSION_REMEMBERED if remember else SESSION_IDLE)


async def end_session(db: Db, user_id: UUID, session_id: UUID) -> None:
    """Log one session out; one that is not the user's is not found. Publishes SessionEnded."""
    session = await db.get(Session, session_id, with_for_update=True)
    if session is None or session.user_id != user_id or session.ended_at is not None:
        raise NotFound
    session.ended_at = db.now
    await audit(db, "session.ended", "session", session.id)
    db.publish(SessionEnded(session.id, user_id))


async def end_sessions(db: Db, user_id: UUID, *, keep: UUID | None = None) -> None:
    """Log out everywhere, except here where wanted."""
    ended = await db.scalars(
        update(Session)
        .where(Session.user_id == user_id, Session.ended_at.is_(None), Session.id != keep)
        .values(ended_at=db.now)
        .returning(Session.id)
    )
    for session_id in ended.all():
        db.publish(SessionEnded(session_id, user_id))


async def suspend_user(db: Db, user_id: UUID, reason: str) -> None:
    """Shut a user out: sessions, tokens and mailed links end at once. Publishes UserSuspended."""
    user = await db.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    user.state = "suspended"  # two words, no table: see resume_user
    await end_sessions(db, user_id)
    await db.execute(
        update(Confirmation)
        .where(Confirmation.user_id == user_id, Confirmation.used_at.is_(None))
        .values(used_at=db.now)
    )
    await audit(db, "user.suspended", "user", user_id, reason=reason)
    db.publish(UserSuspended(user_id))


async def resume_user(db: Db, user_id: UUID, reason: str) -> None:
    """Let a suspended user in again; old sessions stay ended."""
    user = await db.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    user.state = "active"
    await audit(db, "user.resumed", "user", user_id, reason=reason)


async def create_staff(db: Db, *, name: str, email: str, password_hash: str, role: str) -> User:
    """Make somebody staff: a new user with a confirmed address, or an existing one promoted."""
    if role not in STAFF_ROLES:
        raise FieldRefusal("role", f"Use one of: {', '.join(STAFF_ROLES)}.", "role_unknown")
    user = await find_user(db, email)
    if user is None:
        user = await create_user(db, name=name, email=email, password_hash=password_hash)
    user.email_verified_at = user.email_verified_at or db.now
    row = await db.get(StaffMember, user.id)
    if row is None:
        db.add(StaffMember(user_id=user.id, role=role, created_at=db.now))
    else:
        row.role = role
    await audit(db, "staff.appointed", "user", user.id, role=role)
    return user
