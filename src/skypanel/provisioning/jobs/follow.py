"""A server at the panel stands as its service does: it runs, is suspended, or is gone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing, Power
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
            stands = await _bring(house, want)
    except (OutsideError, TimeoutError) as error:
        log.warning("a server does not follow its service yet", server=str(server_id),
                    wanted=want.standing, error=str(error))  # fmt: skip
        return
    async with house.transaction() as db:
        if stands:
            await servers.note_standing(db, server_id, want.standing)
        else:
            await servers.look_again(db, server_id, ASK_AGAIN)


async def _bring(house: House, want: Want) -> bool:
    """Ask for what differs; whether the panel, looked at again, has it so.

    A deletion is over when the panel says that there is no such server, a suspension when the
    guest stands still: some panels leave it running.
    """
    panel = await Vendors.of(house).virtfusion()
    ref = want.virtfusion_ref
    try:
        seen = await panel.server(ref)
        if want.standing == "gone":
            if not seen.deleting:
                await panel.delete_server(ref)
            await panel.server(ref)
            return False
        if want.standing == "suspended":
            if not seen.suspended:
                await panel.suspend(ref)
            return await _stands_still(panel, ref)
        if seen.suspended:
            await panel.unsuspend(ref)
        return not (await panel.server(ref)).suspended
    except Missing:
        if want.standing != "gone":
            raise
        return True


async def _stands_still(panel: VirtFusion, ref: int) -> bool:
    """Whether a suspended server is stopped too; one that runs on is powered off."""
    seen = await panel.server(ref, live=True)
    if seen.live is not None and seen.live.running and not seen.busy:
        await panel.power(ref, Power.POWEROFF)
        seen = await panel.server(ref, live=True)
    return seen.suspended and (seen.live is None or not seen.live.running)
