"""What becomes of services that are billed by the hour and not paid, or have ended."""

from __future__ import annotations

from uuid import UUID

from skypanel.platform.db import Db
from skypanel.services.actions import erase, terminate
from skypanel.usage.actions import hold_unpaid


async def follow_hourly(db: Db, service_id: UUID, step: str) -> None:
    """Suspend, terminate or erase one service; what that is, `queries.hourly_due` said."""
    if step == "suspend":
        await hold_unpaid(db, service_id)
    elif step == "terminate":
        await terminate(db, service_id, "Its hours stayed unpaid.")
    else:
        await erase(db, service_id)
