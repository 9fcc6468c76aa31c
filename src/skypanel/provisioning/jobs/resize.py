"""A server follows the plan of its service: its size at the panel, asked for in three beats."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.types import Missing, Server
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import OutsideError, Refused, Unavailable
from skypanel.provisioning import queries
from skypanel.provisioning.rules import UNKNOWN_WAIT_SECONDS, has_size, wait_seconds
from skypanel.renewals import actions as renewals
from skypanel.renewals.actions import Resize

log = structlog.get_logger()
BATCH: Final = 100
CALL_SECONDS: Final = 70
ATTEMPTS_MAX: Final = 30


@job(queue="provisioning")
async def resize_server(house: House, change_id: UUID) -> None:
    """A service has another plan: bring its server to that size, once."""
    async with house.transaction() as db:
        wanted = await renewals.claim_resize(db, change_id)
    if wanted is None:
        return
    try:
        async with asyncio.timeout(CALL_SECONDS):
            await _bring(house, wanted)
    except Unavailable as error:
        await _put_off(house, wanted, error, surely_not=True)
    except (Missing, Refused) as error:
        async with house.transaction() as db:
            await renewals.fail_resize(db, change_id, str(error))
    except (OutsideError, TimeoutError) as error:
        log.warning("a resize's outcome is not known", change=str(change_id), error=str(error))
        await _put_off(house, wanted, error, surely_not=False)
    else:
        async with house.transaction() as db:
            await renewals.note_resized(db, change_id)


async def _bring(house: House, wanted: Resize) -> None:
    """Where the panel was asked before, look first: what is done is not asked for again."""
    panel = await Vendors.of(house).virtfusion()
    if wanted.asked_before:
        seen: Server = await panel.server(wanted.virtfusion_ref)
        if has_size(wanted.size, seen.vcpu, seen.memory_mib, seen.disk_gib, seen.traffic_gb):
            return
    await panel.change_package(wanted.virtfusion_ref, wanted.package_ref)


async def _put_off(house: House, wanted: Resize, error: Exception, *, surely_not: bool) -> None:
    """Come back later, not for ever."""
    async with house.transaction() as db:
        if wanted.attempts >= ATTEMPTS_MAX:
            await renewals.fail_resize(db, wanted.change_id, f"The panel did not do it: {error}")
            return
        wait = wait_seconds(wanted.attempts, getattr(error, "retry_after_seconds", None))
        wait = wait if surely_not else max(wait, UNKNOWN_WAIT_SECONDS)
        await renewals.put_off_resize(db, wanted.change_id, str(error), wait, surely_not=surely_not)


@timer("* * * * * */30")
async def converge_sizes(house: House) -> None:
    """Servers that do not have the size of their plan yet are brought to it, whatever was lost."""
    for change_id in await queries.resizes_due(house.read(), BATCH):
        await resize_server.run(house, change_id)
