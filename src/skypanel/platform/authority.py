"""Who asks, and what they may do. Filled in by `identity`, read everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from skypanel.platform.errors import NotFound, PermissionMissing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is behind a change: a user, a staff member, or the system itself."""

    kind: str  # "user" | "staff" | "system"
    id: UUID | None = None
    name: str = ""
    ip: str | None = None
    request_id: str | None = None  # a job's is `job:<id>`, the same each time it is run


SYSTEM = Actor("system", name="SkyPANEL")


@dataclass(frozen=True, slots=True)
class Membership:
    """What a user is in one account."""

    account_id: UUID
    name: str
    currency: str
    role: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The logged-in person behind a request, bound to the session row that let them in."""

    user_id: UUID
    session_id: UUID
    name: str
    email: str
    accounts: Mapping[UUID, Membership] = field(default_factory=dict)
    staff: frozenset[str] = frozenset()
    staff_role: str | None = None

    def may(self, permission: str, account_id: UUID) -> bool:
        member = self.accounts.get(account_id)
        return member is not None and permission in member.permissions

    def require(self, permission: str, account_id: UUID) -> None:
        """Refuse unless the viewer's role in that account allows it.

        A foreign account is not found; a role that is too small is `permission_missing`.
        """
        if account_id not in self.accounts:
            raise NotFound
        if not self.may(permission, account_id):
            raise PermissionMissing

    def visible(self, permission: str, account_id: UUID | None = None) -> list[UUID]:
        """The accounts whose things of this permission the viewer sees.

        Narrowed to one account when asked; a foreign account is not found.
        """
        if account_id is None:
            return [
                key for key, member in self.accounts.items() if permission in member.permissions
            ]
        self.require(permission, account_id)
        return [account_id]

    def require_staff(self, permission: str) -> None:
        """Refuse unless the viewer's staff role allows it; staff doors are hidden from others."""
        if not self.staff:
            raise NotFound
        if permission not in self.staff:
            raise PermissionMissing("Your staff role does not allow this.")
