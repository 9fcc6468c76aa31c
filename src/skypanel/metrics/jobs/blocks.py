"""Giving bought blocks at the panel: look, ask once, and where an answer was lost look again."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing
from skypanel.metrics import actions, queries
from skypanel.metrics.actions import ToAdd
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import OutsideError, Refused, Unavailable

log = structlog.get_logger()
CALL_SECONDS: Final = 70
BATCH: Final = 50


@job(queue="servers")
async def add_block(house: House, purchase_id: UUID) -> None:
    """Bring a bought block to the panel: three beats, and never twice."""
    async with house.transaction() as db:
        wanted = await actions.begin_visit(db, purchase_id)
    if wanted is None:
        return
    try:
        panel = await Vendors.of(house).virtfusion()
        async with asyncio.timeout(CALL_SECONDS):
            blocks = await panel.traffic_blocks(wanted.virtfusion_ref)
    except Missing:
        await _give_back(house, purchase_id, "The server is no longer at the panel.")
        return
    except (OutsideError, TimeoutError) as error:
        # Only a look failed: whether the block is there is as clear as it was before.
        await _put_off(house, purchase_id, error, unclear=wanted.asked)
        return
    ours = [
        each.id
        for each in blocks.assigned
        if (each.period_number, each.gb) == (wanted.number, wanted.gb)
        and each.id not in wanted.known_refs
    ]
    if wanted.asked and ours:
        await _finish(house, purchase_id, ours[0])
    elif wanted.is_over:
        await _give_back(house, purchase_id, "The period ended before it could be added.")
    else:
        await _ask(house, purchase_id, panel, wanted, [each.id for each in blocks.assigned])


async def _ask(
    house: House, purchase_id: UUID, panel: VirtFusion, wanted: ToAdd, known: list[int]
) -> None:
    async with house.transaction() as db:
        if not await actions.note_asking(db, purchase_id, known):
            return
    try:
        async with asyncio.timeout(CALL_SECONDS):
            await panel.add_traffic_block(wanted.virtfusion_ref, wanted.number, wanted.gb)
    except Refused as error:
        await _give_back(house, purchase_id, f"The panel refused: {error.message}")
    except Unavailable as error:
        await _put_off(house, purchase_id, error, unclear=False)
    except (OutsideError, TimeoutError) as error:
        await _put_off(house, purchase_id, error, unclear=True)
    else:
        await _finish(house, purchase_id, None)


async def _finish(house: House, purchase_id: UUID, block_ref: int | None) -> None:
    async with house.transaction() as db:
        await actions.finish_purchase(db, purchase_id, block_ref)


async def _give_back(house: House, purchase_id: UUID, reason: str) -> None:
    async with house.transaction() as db:
        await actions.give_back(db, purchase_id, reason)


async def _put_off(house: House, purchase_id: UUID, error: Exception, *, unclear: bool) -> None:
    log.warning("a bought block is not there yet", purchase=str(purchase_id), error=str(error))
    async with house.transaction() as db:
        await actions.put_off(db, purchase_id, str(error), unclear=unclear)


@timer("* * * * *")
async def follow_blocks(house: House) -> None:
    """Purchases that are not settled are looked after, whatever was lost."""
    for purchase_id in await queries.due_purchases(house.read(), BATCH):
        try:
            await add_block.run(house, purchase_id)
        except Exception:
            log.exception("a bought block was not followed", purchase=str(purchase_id))
