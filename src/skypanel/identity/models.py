"""Users, accounts and their members, sessions and tokens, staff, audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, currency_column, id_column


class User(Base):
    """A person who logs in. `email` is kept as typed, found by `email_key` (case folded)."""

    __tablename__ = "users"
    id: Mapped[UUID] = id_column()
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    email_verified_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    state: Mapped[str] = mapped_column(String(12), default="active")
    created_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("state in ('active', 'suspended')", "state"),)


class Account(Base):
    """The one who pays: owns servers and invoices, has one currency."""

    __tablename__ = "accounts"
    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(120))
    currency: Mapped[str] = currency_column()
    state: Mapped[str] = mapped_column(String(12), default="active")
    created_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("state in ('active', 'suspended')", "state"),)


class Member(Base):
    """A user in an account, with a role."""

    __tablename__ = "members"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(12))
    joined_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("role in ('owner', 'admin', 'billing', 'technical', 'read_only')", "role"),
    )


class Invitation(Base):
    """A seat offered to an address."""

    __tablename__ = "invitations"
    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_invitations_open",
            "account_id",
            "email_key",
            unique=True,
            postgresql_where=text("accepted_at is null"),
        ),
    )


class Session(Base):
    """A log-in: a browser's cookie or a program's token family is bound to this row."""

    __tablename__ = "sessions"
    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    label: Mapped[str | None] = mapped_column(String(80))
    remember: Mapped[bool] = mapped_column(default=False)
    ip: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("kind in ('browser', 'token')", "kind"),)


class RefreshToken(Base):
    """One link of a token family; using it twice ends the family's session."""

    __tablename__ = "refresh_tokens"
    id: Mapped[UUID] = id_column()
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Confirmation(Base):
    """Something that a person confirms by a mailed link; the token is minted from this row."""

    __tablename__ = "confirmations"
    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("purpose in ('verify', 'reset', 'email')", "purpose"),)


class StaffMember(Base):
    """A user who works for the host, with a staff role."""

    __tablename__ = "staff_members"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what to what, when and from where. Never changed."""

    __tablename__ = "audit_entries"
    id: Mapped[UUID] = id_column()
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str | None] = mapped_column(String(40))
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    ip: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
    __table_args__ = (Index(None, "subject_id", "id"),)


class SigningKey(Base):
    """A key that signs access tokens (EdDSA); the private half is sealed."""

    __tablename__ = "signing_keys"
    kid: Mapped[str] = mapped_column(CHAR(16), primary_key=True)
    public_jwk: Mapped[dict[str, Any]]
    sealed_private: Mapped[bytes]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
