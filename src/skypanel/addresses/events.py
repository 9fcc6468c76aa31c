"""What happens to extra addresses."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ExtraAddressChanged(Event):
    """An extra address was bought, given, paid back, given back or taken."""

    extra_id: UUID
    server_id: UUID
    account_id: UUID
    state: str
