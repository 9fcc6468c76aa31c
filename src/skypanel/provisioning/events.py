"""What provisioning tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ProvisionResumed(Event):
    """Staff want a stopped creation tried again."""

    provision_id: UUID
    order_id: UUID
    account_id: UUID
