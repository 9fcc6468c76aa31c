"""Users and what proves that an address and a password are theirs."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from skypanel.identity.actions.sessions import end_sessions
from skypanel.identity.actions.trail import audit
from skypanel.identity.errors import EmailTaken, LinkSpent
from skypanel.identity.events import (
    EmailChanged,
    EmailChangeRequested,
    PasswordChanged,
    PasswordResetRequested,
    RegistrationRepeated,
    UserInvited,
    UserRegistered,
)
from skypanel.identity.models import Account, Confirmation, Member, StaffMember, User
from skypanel.identity.rules.roles import OWNER, STAFF_ROLES
from skypanel.identity.rules.tokens import (
    CONFIRMATION_LASTS,
    EMAIL,
    INVITATION_LASTS,
    RESET,
    VERIFY,
    confirmation_id,
    confirmation_matches,
    email_key,
)
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.ids import new_id


async def hold_address(db: Db, email: str) -> User | None:
    """The user of an address, locked; nobody else can take the address in this transaction."""
    key = email_key(email)
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"address:{key}", 0))))
    return await db.scalar(select(User).where(User.email == key).with_for_update())


async def create_user(
    db: Db,
    *,
    name: str,
    email: str,
    password_hash: str,
    language: str = "en",
    time_zone: str = "UTC",
) -> User:
    """A new user whose address is not confirmed yet; the caller holds the address."""
    user = User(
        id=new_id(),
        name=name,
        email=email_key(email),
        password_hash=password_hash,
        language=language,
        time_zone=time_zone,
        state="active",
        created_at=db.now,
        password_changed_at=db.now,
    )
    db.add(user)
    await db.flush()
    audit(db, "user.registered", "user", user.id)
    return user


async def open_account(db: Db, *, name: str, currency: str, owner_id: UUID) -> Account:
    """A new account that pays in `currency` (ISO 4217), with its owner."""
    account = Account(id=new_id(), name=name, currency=currency, state="active", created_at=db.now)
    db.add(account)
    await db.flush()
    db.add(Member(account_id=account.id, user_id=owner_id, role=OWNER, joined_at=db.now))
    audit(db, "account.opened", "account", account.id, account_id=account.id)
    return account


async def rename_account(db: Db, account_id: UUID, name: str) -> None:
    """Give an account another name; the caller audits it with the rest of the profile."""
    account = await db.get_one(Account, account_id, with_for_update=True)
    account.name = name


async def ask_address_confirmed(db: Db, user: User, password_hash: str) -> None:
    """Mail a new user the link that makes the address theirs. Publishes UserRegistered.

    The link brings the password of the sign-up it answers: see `Confirmation`.
    """
    link = await _link(db, user, VERIFY, user.email, password_hash=password_hash)
    db.publish(UserRegistered(user.id, link.id))


async def repeat_registration(db: Db, user: User, password_hash: str) -> None:
    """Somebody signed up with a known address; its owner learns it, the visitor does not.

    Publishes RegistrationRepeated, or UserRegistered again while the address is unconfirmed.
    """
    audit(db, "user.registration_repeated", "user", user.id)
    if user.email_verified_at is None:
        await ask_address_confirmed(db, user, password_hash)
    else:
        db.publish(RegistrationRepeated(user.id))


async def resend_confirmation(db: Db, email: str) -> None:
    """Mail the sign-up's link again, if there is a sign-up that waits for it."""
    user = await hold_address(db, email)
    audit(db, "user.confirmation_requested", "user", user.id if user else None)
    if user is None or user.email_verified_at is not None or user.state != "active":
        return
    newest = await db.scalar(
        select(Confirmation.password_hash)
        .where(Confirmation.user_id == user.id, Confirmation.purpose == VERIFY)
        .order_by(Confirmation.id.desc())
        .limit(1)
    )
    await ask_address_confirmed(db, user, newest or user.password_hash)


async def request_password_reset(db: Db, email: str) -> None:
    """Mail a link that sets a new password, if anybody has the address."""
    user = await hold_address(db, email)
    audit(db, "user.password_reset_requested", "user", user.id if user else None)
    if user is None or user.state != "active":
        return
    link = await _link(db, user, RESET, user.email)
    db.publish(PasswordResetRequested(user.id, link.id))


async def invite_known(db: Db, user: User) -> None:
    """Mail somebody who was a customer before a link to set a first password.

    It lasts as long as an invitation; following it proves the address. Who has such a link gets no
    second one. Publishes UserInvited.
    """
    open_link = select(Confirmation.id).where(
        Confirmation.user_id == user.id,
        Confirmation.purpose == RESET,
        Confirmation.used_at.is_(None),
        Confirmation.expires_at > db.now,
    )
    if await db.scalar(open_link.limit(1)) is not None:
        return
    link = await _link(db, user, RESET, user.email, lasts=INVITATION_LASTS)
    audit(db, "user.invited", "user", user.id)
    db.publish(UserInvited(user.id, link.id))


async def request_email_change(db: Db, user_id: UUID, email: str) -> None:
    """Mail a link to the new address; the old one holds until it is followed.

    An address that somebody has gets no link, and the asker is not told.
    """
    user = await db.get_one(User, user_id, with_for_update=True)
    taken = await hold_address(db, email)
    audit(db, "user.email_change_requested", "user", user.id)
    if taken is None:
        link = await _link(db, user, EMAIL, email_key(email))
        db.publish(EmailChangeRequested(user.id, link.id))


async def confirm_address(db: Db, token: str) -> User:
    """The sign-up's link was followed: the address is theirs, its password counts."""
    link, user = await _spend(db, token, VERIFY)
    user.email_verified_at = user.email_verified_at or db.now
    if link.password_hash is not None:
        user.password_hash = link.password_hash
    audit(db, "user.email_confirmed", "user", user.id)
    return user


async def confirm_email_change(db: Db, token: str) -> User:
    """The new address replaces the old one, which is told. Publishes EmailChanged."""
    link, user = await _spend(db, token, EMAIL)
    taken = await hold_address(db, link.email)
    if taken is not None and taken.id != user.id:
        raise EmailTaken
    old = user.email
    user.email = link.email
    await close_links(db, user.id)  # links that went to the old address
    audit(db, "user.email_changed", "user", user.id, before=old, after=user.email)
    db.publish(EmailChanged(user.id, old))
    return user


async def reset_password(db: Db, token: str, password_hash: str) -> User:
    """A new password by a mailed link: it proves the address too, and ends every session."""
    _, user = await _spend(db, token, RESET)
    user.email_verified_at = user.email_verified_at or db.now
    await set_password(db, user, password_hash, reason="password_reset")
    return user


async def change_password(db: Db, user_id: UUID, password_hash: str, *, keep_session: UUID) -> None:
    """Replace the password; every other session ends. Publishes PasswordChanged."""
    user = await db.get_one(User, user_id, with_for_update=True)
    await set_password(db, user, password_hash, reason="password_changed", keep=keep_session)


async def set_password(
    db: Db, user: User, password_hash: str, *, reason: str, keep: UUID | None = None
) -> None:
    """Store a password's hash and end what the old one let in. Publishes PasswordChanged."""
    user.password_hash = password_hash
    user.password_changed_at = db.now
    await close_links(db, user.id)
    await end_sessions(db, user.id, reason=reason, keep=keep)
    audit(db, f"user.{reason}", "user", user.id)
    db.publish(PasswordChanged(user.id))


async def edit_user(db: Db, user_id: UUID, changes: dict[str, str]) -> None:
    """Change a user's own name, language or zone."""
    user = await db.get_one(User, user_id, with_for_update=True)
    for column, value in changes.items():
        setattr(user, column, value)
    audit(db, "user.edited", "user", user.id, fields=sorted(changes))


async def create_staff(db: Db, *, name: str, email: str, password_hash: str, role: str) -> User:
    """Make somebody staff: a new user with a confirmed address, or a known one appointed.

    A known user keeps name and password.
    """
    if role not in STAFF_ROLES:
        raise FieldRefusal("role", f"Use one of: {', '.join(STAFF_ROLES)}.", "role_unknown")
    user = await hold_address(db, email)
    if user is None:
        user = await create_user(db, name=name, email=email, password_hash=password_hash)
    user.email_verified_at = user.email_verified_at or db.now
    appointed = await db.get(StaffMember, user.id, with_for_update=True)
    if appointed is None:
        db.add(StaffMember(user_id=user.id, role=role, created_at=db.now))
    else:
        appointed.role = role
    audit(db, "staff.appointed", "user", user.id, role=role)
    return user


async def close_links(db: Db, user_id: UUID) -> None:
    """Let every link that was mailed to a user lead nowhere."""
    await db.execute(
        update(Confirmation)
        .where(Confirmation.user_id == user_id, Confirmation.used_at.is_(None))
        .values(used_at=db.now)
        .execution_options(synchronize_session=False)
    )


async def _link(
    db: Db,
    user: User,
    purpose: str,
    email: str,
    *,
    password_hash: str | None = None,
    lasts: timedelta | None = None,
) -> Confirmation:
    link = Confirmation(
        id=new_id(),
        user_id=user.id,
        purpose=purpose,
        version=1,
        email=email,
        password_hash=password_hash,
        created_at=db.now,
        expires_at=db.now + (lasts or CONFIRMATION_LASTS[purpose]),
    )
    db.add(link)
    await db.flush()
    return link


async def _spend(db: Db, token: str, purpose: str) -> tuple[Confirmation, User]:
    """Use a link once; with it every other link of its purpose is used up."""
    named = confirmation_id(token)
    link = None if named is None else await db.get(Confirmation, named)
    if link is None or link.purpose != purpose:
        raise LinkSpent
    if not confirmation_matches(db.house.sealer, token, link.id, purpose, link.version):
        raise LinkSpent
    user = await db.get_one(User, link.user_id, with_for_update=True)
    await db.refresh(link)  # two followers of one link meet at the user's lock
    if link.used_at is not None or link.expires_at <= db.now or user.state != "active":
        raise LinkSpent
    await db.execute(
        update(Confirmation)
        .where(
            Confirmation.user_id == user.id,
            Confirmation.purpose == purpose,
            Confirmation.used_at.is_(None),
        )
        .values(used_at=db.now)
        .execution_options(synchronize_session=False)
    )
    return link, user
