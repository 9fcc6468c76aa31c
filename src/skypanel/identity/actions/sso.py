"""Signing in with the panel's log-in, and linking it to a user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from skypanel.identity.actions.sessions import admit_known
from skypanel.identity.actions.trail import audit
from skypanel.identity.errors import LinkNotYours, LinkTaken, SignInNotGenuine, SignInNotLinked
from skypanel.identity.models import IdentityLink, Member, SignInAttempt, UsedSignIn, User
from skypanel.identity.rules.sso import (
    ATTEMPT_LASTS,
    PROVIDER,
    SignedIn,
    account_of_relation,
    local_path,
)
from skypanel.platform.crypto import new_token, token_hash
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id

MAY_LINK = ("owner", "admin")


@dataclass(frozen=True, slots=True)
class Begun:
    """What goes to the panel, and what stays with the browser."""

    state: str
    nonce: str
    browser: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that came back: for what, and for whom it was begun."""

    nonce: str
    to_path: str
    user_id: UUID | None


async def begin_sign_in(db: Db, to: str, user_id: UUID | None) -> Begun:
    """Write down that this browser is sent to the panel; with a user, to link it."""
    begun = Begun(new_token(), new_token()[:43], new_token())
    db.add(
        SignInAttempt(
            id=new_id(),
            state_hash=token_hash(begun.state),
            browser_hash=token_hash(begun.browser),
            nonce=begun.nonce,
            to_path=local_path(to)[:300],
            user_id=user_id,
            created_at=db.now,
            expires_at=db.now + ATTEMPT_LASTS,
        )
    )
    await db.flush()
    return begun


async def use_attempt(db: Db, state: str, browser: str) -> Attempt | None:
    """The attempt that this browser began, used up by this; nothing when it is not its own."""
    row = await db.scalar(
        select(SignInAttempt).where(SignInAttempt.state_hash == token_hash(state)).with_for_update()
    )
    if row is None or row.used_at is not None or row.expires_at <= db.now:
        return None
    if not compare_digest(row.browser_hash, token_hash(browser)):
        return None
    row.used_at = db.now
    return Attempt(row.nonce, row.to_path, row.user_id)


async def _take(db: Db, said: SignedIn) -> None:
    """Each token counts once, whichever attempt it comes with. Refuses `sso_not_genuine`."""
    used = insert(UsedSignIn).values(
        jti_hash=token_hash(said.jti), expires_at=datetime.fromtimestamp(said.expires_at, UTC)
    )
    new = await db.scalar(used.on_conflict_do_nothing().returning(UsedSignIn.jti_hash))
    if new is None:
        raise SignInNotGenuine


async def let_in(db: Db, said: SignedIn) -> User:
    """The user that the panel's log-in stands for, locked.

    Refuses `sso_not_linked`, `sso_not_genuine` for a token that came before, `user_suspended` and
    `email_unverified`.
    """
    await _take(db, said)
    link = await db.scalar(
        select(IdentityLink)
        .where(IdentityLink.provider == PROVIDER, IdentityLink.subject == said.subject)
        .with_for_update()
    )
    if link is None:
        raise SignInNotLinked
    user = await admit_known(db, link.user_id)
    link.used_at = db.now
    audit(db, "session.signed_in", "user", user.id, provider=PROVIDER, link=str(link.id))
    return user


async def link_identity(db: Db, user_id: UUID, said: SignedIn) -> UUID:
    """Let the panel's log-in stand for this user, who showed that both are theirs.

    The panel's user is an account's; who links it must own or administer that account. Refuses
    `sso_link_not_yours` and `sso_link_taken`.
    """
    await _take(db, said)
    account_id = account_of_relation(said.subject)
    role = None
    if account_id is not None:
        member = await db.get(Member, (account_id, user_id))
        role = None if member is None else member.role
    if role not in MAY_LINK:
        raise LinkNotYours
    made = insert(IdentityLink).values(
        id=new_id(), user_id=user_id, provider=PROVIDER, subject=said.subject, created_at=db.now
    )
    await db.execute(made.on_conflict_do_nothing(index_elements=["provider", "subject"]))
    link = await db.scalar(
        select(IdentityLink).where(
            IdentityLink.provider == PROVIDER, IdentityLink.subject == said.subject
        )
    )
    assert link is not None
    if link.user_id != user_id:
        raise LinkTaken
    audit(db, "identity_link.make", "identity_link", link.id, account_id=account_id,
          provider=PROVIDER)  # fmt: skip
    return link.id


async def unlink_identity(db: Db, user_id: UUID, link_id: UUID) -> None:
    """The panel's log-in does not let this user in any more."""
    link = await db.get(IdentityLink, link_id, with_for_update=True)
    if link is None or link.user_id != user_id:
        raise NotFound
    await db.delete(link)
    audit(db, "identity_link.drop", "identity_link", link_id, provider=link.provider)


async def forget_sign_ins(db: Db) -> None:
    """Attempts and tokens whose time is over are dropped."""
    await db.execute(delete(SignInAttempt).where(SignInAttempt.expires_at < db.now))
    await db.execute(delete(UsedSignIn).where(UsedSignIn.expires_at < db.now - 2 * ATTEMPT_LASTS))
