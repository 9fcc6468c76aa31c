"""Servers that follow the thresholds of their account."""

from __future__ import annotations

from uuid import UUID

from skypanel.metrics import actions
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job
from skypanel.platform.read import FIRST_ID


@job()
async def spread_alert_defaults(house: House, account_id: UUID) -> None:
    """An account set other thresholds: its servers follow, a batch at a time."""
    last = FIRST_ID
    while True:
        async with house.transaction() as db:
            ids = await actions.heirs(db, account_id, last)
            await actions.inherit(db, account_id, ids)
        if not ids:
            return
        last = ids[-1]


@job()
async def inherit_alerts(db: Db, server_id: UUID, account_id: UUID) -> None:
    """A server stands: it follows what its account sets."""
    await actions.inherit(db, account_id, [server_id])
