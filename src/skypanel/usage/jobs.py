"""What the hours make of services that come back; the run of hours is the billing run's."""

from __future__ import annotations

from uuid import UUID

from skypanel.platform.db import Db
from skypanel.platform.jobs import job
from skypanel.usage import actions


@job(queue="renewals")
async def resume(db: Db, service_id: UUID) -> None:
    """A service came back."""
    await actions.resume(db, service_id)
