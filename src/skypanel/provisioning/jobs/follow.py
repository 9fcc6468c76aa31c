"""A server at the panel stands as its service does: it runs, is suspended, or is gone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.types import Missing
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import OutsideError
from skypanel.provisioning import queries
from skypanel.servers import actions as servers
from skypanel.servers.actions import Want

log = structlog.get_logger()
BATCH: Final = 100
CALL_SECONDS: Final = 70
ASK_AGAIN: Final = timedelta(seconds=90)


@job(queue="provisioning")
async def follow_service(house: House, service_id: UUID) -> None:
    """A service was suspended, resumed or erased: bring its server after it."""
    server_id = await queries.server_of(house.read(), service_id)
    if server_id is not None:
        await _follow(house, server_id)


@timer("* * * * * */30")
async def converge_services(house: House) -> None:
    """Servers that do not stand as their services do are brought after them, whatever was lost."""
    for server_id in await queries.astray(house.read(), BATCH):
        await _follow(house, server_id)


async def _follow(house: House, server_id: UUID) -> None:
    """Look, ask only for what differs, record what was seen; a lost answer is looked up later."""
    async with house.transaction() as db:
        want = await servers.claim_standing(db, server_id, ASK_AGAIN)
    if want is None:
        return
    try:
        async with asyncio.timeout(CALL_SECONDS):
            await _bring(house, want)
    except (OutsideError, TimeoutError) as error:
        log.warning("a server does not follow its service yet", server=str(server_id),
                    wanted=want.standing, error=str(error))  # fmt: skip
        return
    async with house.transaction() as db:
        await servers.note_standing(db, server_id, want.standing)


async def _bring(house: House, want: Want) -> None:
    panel = await Vendors.of(house).virtfusion()
    try:
        seen = await panel.server(want.virtfusion_ref)
        if want.standing == "gone":
            await panel.delete_server(want.virtfusion_ref)
        elif want.standing == "suspended" and not seen.suspended:
            await panel.suspend(want.virtfusion_ref)
        elif want.standing == "free" and seen.suspended:
            await panel.unsuspend(want.virtfusion_ref)
    except Missing:
        if want.standing != "gone":
            raise
