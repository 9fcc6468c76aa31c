"""Facts that identity tells."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class UserRegistered(Event):
    user_id: UUID
    confirmation_id: UUID


@dataclass(frozen=True, slots=True)
class RegistrationRepeated(Event):
    user_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordResetRequested(Event):
    user_id: UUID
    confirmation_id: UUID


@dataclass(frozen=True, slots=True)
class EmailChangeRequested(Event):
    user_id: UUID
    confirmation_id: UUID


@dataclass(frozen=True, slots=True)
class EmailChanged(Event):
    user_id: UUID
    old_email: str


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    user_id: UUID


@dataclass(frozen=True, slots=True)
class InvitationSent(Event):
    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class UserSuspended(Event):
    user_id: UUID


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    session_id: UUID
    user_id: UUID
