"""Facts about people that others react to. Ids only: mail looks up what it writes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class UserRegistered(Event):
    """Somebody signed up, or asked again for the link that confirms the address."""

    user_id: UUID
    confirmation_id: UUID


@dataclass(frozen=True, slots=True)
class RegistrationRepeated(Event):
    """Somebody signed up with an address that has a confirmed login already."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordResetRequested(Event):
    user_id: UUID
    confirmation_id: UUID


@dataclass(frozen=True, slots=True)
class EmailChangeRequested(Event):
    """A new address waits to be confirmed at that address; the old one holds until then."""

    user_id: UUID
    confirmation_id: UUID


@dataclass(frozen=True, slots=True)
class EmailChanged(Event):
    """The login has a new address; the old one is told."""

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
class UserResumed(Event):
    user_id: UUID


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    """A session lets nobody in any more; the user's open pages look who they are."""

    session_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class UserInvited(Event):
    """Somebody whose servers were taken over may set a first password."""

    user_id: UUID
    confirmation_id: UUID
