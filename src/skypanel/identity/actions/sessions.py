"""Sessions: a log-in that lasts, and the chain of refresh tokens of programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from skypanel.identity.actions.trail import audit
from skypanel.identity.errors import EmailUnverified, LoginFailed, UserIsSuspended
from skypanel.identity.events import SessionEnded
from skypanel.identity.models import Account, Member, RefreshToken, Session, SigningKey, StaffMember
from skypanel.identity.models import User as UserRow
from skypanel.identity.rules.tokens import (
    KEYS_TAG,
    REFRESH_TOKEN,
    SESSION_REMEMBERED,
    AccessToken,
    new_signing_key,
    open_signing_key,
    sign_access_token,
)
from skypanel.platform.crypto import new_token, token_hash
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id

USER_AGENT_CHARACTERS_MAX = 300


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a program gets: shown once, only the refresh token's hash is kept."""

    access_token: str
    refresh_token: str


async def admit(
    db: Db, user_id: UUID, password_hash: str, *, fresh_hash: str | None = None
) -> UserRow:
    """The user, locked, if the password that was checked still counts and may log in.

    `fresh_hash` replaces a hash that was made with other costs than today's. Refuses
    `login_failed`, `user_suspended` and `email_unverified`.
    """
    user = await db.get(UserRow, user_id, with_for_update=True)
    if user is None or user.password_hash != password_hash:
        raise LoginFailed
    await _check_may_enter(db, user)
    user.password_hash = fresh_hash or password_hash
    return user


async def admit_known(db: Db, user_id: UUID) -> UserRow:
    """The user, locked, whom somebody else vouched for, if they may log in.

    Refuses `login_failed`, `user_suspended` and `email_unverified`.
    """
    user = await db.get(UserRow, user_id, with_for_update=True)
    if user is None:
        raise LoginFailed
    await _check_may_enter(db, user)
    return user


async def _check_may_enter(db: Db, user: UserRow) -> None:
    if user.state != "active" or not await _has_a_place(db, user.id):
        raise UserIsSuspended
    if user.email_verified_at is None:
        raise EmailUnverified


async def _has_a_place(db: Db, user_id: UUID) -> bool:
    """False for a user all of whose accounts are suspended, unless they are staff."""
    if await db.get(StaffMember, user_id) is not None:
        return True
    states = (
        await db.scalars(
            select(Account.state)
            .join(Member, Member.account_id == Account.id)
            .where(Member.user_id == user_id)
        )
    ).all()
    return not states or "active" in states


async def start_session(
    db: Db, user: UserRow, *, kind: str, remembered: bool, user_agent: str, label: str | None = None
) -> tuple[Session, str]:
    """Let an admitted user in; the cookie's token (256 bits) is answered once.

    `kind` is `browser` or `token`; a token session lasts through its refresh tokens.
    """
    token = new_token()
    session = Session(
        id=new_id(),
        user_id=user.id,
        kind=kind,
        token_hash=token_hash(token) if kind == "browser" else None,
        remembered=remembered,
        label=label,
        ip=db.actor.ip or "",
        user_agent=user_agent[:USER_AGENT_CHARACTERS_MAX],
        created_at=db.now,
        last_seen_at=db.now,
        expires_at=db.now + SESSION_REMEMBERED,
    )
    db.add(session)
    await db.flush()
    audit(db, "session.started", "session", session.id, kind=kind)
    return session, token


async def grant_tokens(db: Db, session: Session) -> Tokens:
    """An access token of ten minutes and the next refresh token of a token session."""
    refresh = new_token()
    db.add(RefreshToken(session_id=session.id, token_hash=token_hash(refresh), created_at=db.now))
    session.expires_at = db.now + REFRESH_TOKEN
    session.last_seen_at = db.now
    access = sign_access_token(
        open_signing_key(db.house.sealer, *await _signing_key(db)),
        AccessToken(session.user_id, session.id),
        issuer=db.house.public_url,
        now=db.now,
    )
    return Tokens(access, refresh)


async def refresh_tokens(db: Db, refresh_token: str) -> Tokens | None:
    """Rotate a refresh token; None when it is not valid.

    One that was used before was stolen, from us or from its owner: the session ends with it.
    """
    known = await db.scalar(
        select(RefreshToken)
        .where(RefreshToken.token_hash == token_hash(refresh_token))
        .with_for_update()
    )
    if known is None:
        return None
    session = await db.get_one(Session, known.session_id, with_for_update=True)
    if session.ended_at is not None or session.expires_at <= db.now:
        return None
    if known.used_at is not None:
        audit(db, "session.refresh_token_reused", "session", session.id)
        await _end(db, session, "refresh_token_reused")
        return None
    user = await db.get_one(UserRow, session.user_id)
    if user.state != "active" or not await _has_a_place(db, user.id):
        return None
    known.used_at = db.now
    return await grant_tokens(db, session)


async def end_session(db: Db, user_id: UUID, session_id: UUID, *, reason: str) -> None:
    """Log one session of a user out; one that is not theirs is not found."""
    session = await db.get(Session, session_id, with_for_update=True)
    if session is None or session.user_id != user_id or session.ended_at is not None:
        raise NotFound
    await _end(db, session, reason)


async def end_sessions(db: Db, user_id: UUID, *, reason: str, keep: UUID | None = None) -> None:
    """Log a user out everywhere, but for the session to keep. Publishes SessionEnded for each."""
    live = select(Session).where(Session.user_id == user_id, Session.ended_at.is_(None))
    if keep is not None:
        live = live.where(Session.id != keep)
    for session in await db.scalars(live.order_by(Session.id).with_for_update()):
        await _end(db, session, reason)


async def _end(db: Db, session: Session, reason: str) -> None:
    session.ended_at = db.now
    session.end_reason = reason
    await db.execute(
        update(RefreshToken)
        .where(RefreshToken.session_id == session.id, RefreshToken.used_at.is_(None))
        .values(used_at=db.now)
        .execution_options(synchronize_session=False)
    )
    audit(db, "session.ended", "session", session.id, reason=reason)
    db.publish(SessionEnded(session.id, session.user_id))


async def carry_sessions(db: Db, span: timedelta) -> None:
    """The company's clock is turned: who is logged in stays so. Only a sandbox does this."""
    await db.execute(
        update(Session)
        .where(Session.ended_at.is_(None), Session.expires_at > db.now)
        .values(expires_at=Session.expires_at + span, last_seen_at=Session.last_seen_at + span)
        .execution_options(synchronize_session=False)
    )


async def _signing_key(db: Db) -> tuple[UUID, bytes]:
    """The newest signing key, sealed; made at first use, once for all processes."""
    newest = select(SigningKey.id, SigningKey.sealed).order_by(SigningKey.id.desc()).limit(1)
    row = (await db.execute(newest)).one_or_none()
    if row is None:
        await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(KEYS_TAG, 0))))
        row = (await db.execute(newest)).one_or_none()
    if row is None:
        key_id = new_id()
        public, sealed = new_signing_key(db.house.sealer, key_id)
        db.add(SigningKey(id=key_id, public=public, sealed=sealed, created_at=db.now))
        audit(db, "signing_key.made", "signing_key", key_id)
        db.house.relay.changed(db, KEYS_TAG)
        return key_id, sealed
    return row.id, row.sealed
