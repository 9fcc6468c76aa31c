"""Users, accounts and their members, what lets people in, and the audit trail (`identity.sql`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.identity.rules.roles import (
    ACCOUNT_STATES,
    ROLE_PERMISSIONS,
    STAFF_ROLES,
    USER_STATES,
)
from skypanel.identity.rules.tokens import CONFIRMATION_LASTS
from skypanel.platform.db import Base, currency_column, id_column


def _one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} in ({listed})", column)


class User(Base):
    """A person who logs in; the address is kept in lower case."""

    __tablename__ = "users"
    id: Mapped[UUID] = id_column()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12))
    time_zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    email_verified_at: Mapped[datetime | None]
    password_changed_at: Mapped[datetime]
    __table_args__ = (
        _one_of("state", USER_STATES),
        CheckConstraint("email = lower(email)", "email_lower"),
    )


class Account(Base):
    """Who pays. Its address and tax number are its profile, in customers."""

    __tablename__ = "accounts"
    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(120))
    currency: Mapped[str] = currency_column()
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    __table_args__ = (_one_of("state", ACCOUNT_STATES),)


class Member(Base):
    """What a user is in an account."""

    __tablename__ = "members"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(12))
    joined_at: Mapped[datetime]
    __table_args__ = (_one_of("role", ROLE_PERMISSIONS),)


class Session(Base):
    """A log-in that lasts: a browser's cookie, or a family of refresh tokens."""

    __tablename__ = "sessions"
    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    remembered: Mapped[bool]
    label: Mapped[str | None] = mapped_column(String(120))
    ip: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        Index(None, "user_id", "id"),
        _one_of("kind", ("browser", "token")),
        CheckConstraint("(kind = 'browser') = (token_hash is not null)", "token_hash"),
        CheckConstraint("(ended_at is null) = (end_reason is null)", "ended"),
    )


class RefreshToken(Base):
    """One link in a session's chain of refresh tokens; a second use ends the session."""

    __tablename__ = "refresh_tokens"
    id: Mapped[UUID] = id_column()
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Confirmation(Base):
    """A link that was mailed: confirms an address, resets a password; works once.

    A sign-up's link carries the password chosen with it, so whoever signed up with somebody
    else's address before never has a password that works.
    """

    __tablename__ = "confirmations"
    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str] = mapped_column(String(8))
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    email: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "user_id", "purpose", "id"),
        _one_of("purpose", CONFIRMATION_LASTS),
        CheckConstraint("purpose = 'verify' or password_hash is null", "password"),
    )


class Invitation(Base):
    """A person asked, by mail, to join an account in a role."""

    __tablename__ = "invitations"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "account_id", "id"), _one_of("role", ROLE_PERMISSIONS))


class StaffMember(Base):
    """A user who works for the company; what the role allows is a table in the rules."""

    __tablename__ = "staff_members"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    __table_args__ = (_one_of("role", STAFF_ROLES),)


class AuditEntry(Base):
    """Who did what to what; the database refuses to change or delete it."""

    __tablename__ = "audit_entries"
    id: Mapped[UUID] = id_column()
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str | None] = mapped_column(String(60))
    account_id: Mapped[UUID | None]
    ip: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
    __table_args__ = (
        Index(None, "subject_id", "id"),
        Index(None, "actor_id", "id"),
        Index(None, "account_id", "id"),
    )


class SigningKey(Base):
    """A key pair that signs access tokens; its private half is sealed."""

    __tablename__ = "signing_keys"
    id: Mapped[UUID] = id_column()
    public: Mapped[dict[str, Any]]
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class IdentityLink(Base):
    """A log-in elsewhere that stands for a user: who it is there is `subject`."""

    __tablename__ = "identity_links"
    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    provider: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("provider", "subject"),)


class SignInAttempt(Base):
    """A browser sent elsewhere to be signed in; it comes back once, with what only it has.

    `user_id` where somebody who is logged in wants to link that log-in to themself.
    """

    __tablename__ = "sign_in_attempts"
    id: Mapped[UUID] = id_column()
    state_hash: Mapped[bytes] = mapped_column(unique=True)
    browser_hash: Mapped[bytes]
    nonce: Mapped[str] = mapped_column(String(60))
    to_path: Mapped[str] = mapped_column(String(300))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class UsedSignIn(Base):
    """A token that let somebody in; the same one never does again."""

    __tablename__ = "used_sign_ins"
    jti_hash: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
