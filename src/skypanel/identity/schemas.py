"""What the doors of identity take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from skypanel.identity.rules.places import (
    Email,
    Language,
    Name,
    Password,
    Token,
    TypedEmail,
    Zone,
)
from skypanel.platform.http.fields import Reason

Role = Literal["owner", "admin", "billing", "technical", "read_only"]


class Body(BaseModel):
    """A request's body: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class LogIn(Body):
    email: TypedEmail
    password: Password
    remember: bool = False


class TokenRequest(Body):
    email: TypedEmail
    password: Password
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] | None = None


class RefreshRequest(Body):
    refresh_token: Token


class TokenGrant(BaseModel):
    token_type: Literal["Bearer"]
    access_token: str
    expires_in_seconds: int
    refresh_token: str


class EmailOnly(Body):
    email: Email


class EmailAnswer(BaseModel):
    email: str


class TokenOnly(Body):
    token: Token


class PasswordReset(Body):
    token: Token
    password: Password


class EditMe(Body):
    name: Name | None = None
    language: Language | None = None
    time_zone: Zone | None = None


class ChangePassword(Body):
    current_password: Password
    new_password: Password


class ChangeEmail(Body):
    email: Email
    password: Password


class MembershipView(BaseModel):
    id: UUID
    name: str
    role: Role
    currency: str
    permissions: list[str]


class StaffView(BaseModel):
    role: str
    permissions: list[str]


class Me(BaseModel):
    id: UUID
    email: str
    name: str
    language: str
    time_zone: str
    email_verified: bool
    session_id: UUID
    accounts: list[MembershipView]
    staff: StaffView | None


class SessionView(BaseModel):
    id: UUID
    kind: Literal["browser", "token"]
    label: str | None
    ip: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class Sessions(BaseModel):
    items: list[SessionView]
    next: str | None


class MemberView(BaseModel):
    user_id: UUID
    name: str
    email: str
    role: Role
    joined_at: datetime
    can: list[str]


class Members(BaseModel):
    items: list[MemberView]
    next: str | None


class ChangeRole(Body):
    role: Role


class Invite(Body):
    email: Email
    role: Role


class InvitationView(BaseModel):
    id: UUID
    email: str
    role: Role
    expires_at: datetime


class Invitations(BaseModel):
    items: list[InvitationView]
    next: str | None


class Accepted(BaseModel):
    account_id: UUID


class Suspension(Body):
    reason: Reason


class UserState(BaseModel):
    id: UUID
    state: Literal["active", "suspended"]


class AuditActor(BaseModel):
    kind: str
    id: UUID | None
    name: str


class AuditSubject(BaseModel):
    kind: str
    id: str | None


class AuditView(BaseModel):
    id: UUID
    at: datetime
    actor: AuditActor
    verb: str
    subject: AuditSubject
    account_id: UUID | None
    ip: str | None
    request_id: str | None
    detail: dict[str, Any]


class Trail(BaseModel):
    items: list[AuditView]
    next: str | None


class KeySetView(BaseModel):
    keys: list[dict[str, Any]]


class SignInOffer(BaseModel):
    """Whether one can sign in with the panel's log-in, and what the button says."""

    enabled: bool
    button: str


class IdentityLinkShown(BaseModel):
    """A log-in elsewhere that lets one in here."""

    id: UUID
    provider: str
    account_name: str | None
    created_at: datetime
    used_at: datetime | None


class IdentityLinks(BaseModel):
    items: list[IdentityLinkShown]
    next: str | None
