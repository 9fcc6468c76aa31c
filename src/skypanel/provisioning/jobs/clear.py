"""Orders whose server could not be made: look at the panel, delete, see it gone, give back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import COMPLETE, Missing
from skypanel.orders.rules import OrderSettings
from skypanel.platform.errors import Refusal
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import OutsideError
from skypanel.provisioning import actions, queries
from skypanel.provisioning.actions import Clearing
from skypanel.provisioning.rules import CALL_SECONDS, may_be_ours
from skypanel.servers.queries import known_refs

log = structlog.get_logger()
BATCH: Final = 50
QUIET: Final = timedelta(minutes=5)  # a creation that was asked for may take so long to show
ON_ITS_WAY: Final = "A creation was asked for a moment ago; it is looked whether it shows."
DELETING: Final = "The panel is deleting its server."
SEVERAL: Final = "Several panel servers could be this one: {}. Delete those that are nobody's."


@job(queue="provisioning")
async def clear_order(house: House, order_id: UUID) -> None:
    """Bring an order that is given up to its end: only the panel's plain no lets money go back."""
    async with house.transaction() as db:
        clearing = await actions.claim_clearing(db, order_id)
    if clearing is None:
        return
    try:
        async with asyncio.timeout(CALL_SECONDS):
            why = await _clear(house, clearing)
    except (OutsideError, TimeoutError) as error:
        why = f"The panel did not say how it is: {str(error) or 'no answer in time'}"
    try:
        async with house.transaction() as db:
            if why:
                await actions.note_clearing(db, order_id, why)
            else:
                await actions.finish_clearing(db, order_id)
    except Refusal as refusal:
        async with house.transaction() as db:
            await actions.note_clearing(db, order_id, refusal.text)


async def _clear(house: House, clearing: Clearing) -> str:
    """Why the panel may still have a server for it; nothing once it has none."""
    panel = await Vendors.of(house).virtfusion()
    ref = clearing.virtfusion_ref
    if ref is None:
        if clearing.asked_at is None or clearing.user_ref is None:
            return ""  # nobody ever asked for one
        if house.clock.now() - clearing.asked_at < QUIET:
            return ON_ITS_WAY
        found = await _strays(house, panel, clearing)
        if len(found) > 1:
            return SEVERAL.format(", ".join(map(str, found)))
        if not found:
            return ""
        ref = found[0]
        async with house.transaction() as db:
            await actions.bind_stray(db, clearing, ref)
    try:
        if not (await panel.server(ref)).deleting:
            await panel.delete_server(ref)
        await panel.server(ref)
    except Missing:
        return ""
    return DELETING


async def _strays(house: House, panel: VirtFusion, clearing: Clearing) -> list[int]:
    """Servers of the account's panel user that nobody knows and that may be this order's."""
    assert clearing.user_ref is not None
    try:
        listed = await panel.servers_of(clearing.user_ref)
    except Missing:
        return []  # the panel has no such user
    known = await known_refs(house.read(), clearing.panel_id)
    return [one.id for one in listed if one.id not in known and may_be_ours(clearing.plan, one)]


@timer("* * * * * */30")
async def converge_clearings(house: House) -> None:
    """Orders that are given up are looked at again, whatever was lost."""
    read = house.read()
    for order_id in await queries.clearings_due(read, BATCH):
        await clear_order.run(house, order_id)


@timer("*/5 * * * *")
async def refund_unserved(house: House) -> None:
    """Orders without a server for as long as the settings say are refunded by themselves."""
    wanted = await house.settings.get(OrderSettings)
    if not wanted.refund_failed_after_hours:
        return
    hours = wanted.refund_failed_after_hours
    reason = f"No server could be made within {hours} hours."
    for order_id in await queries.unserved(house.read(), timedelta(hours=hours), BATCH):
        try:
            if await _stands_after_all(house, order_id):
                continue
            async with house.transaction() as db:
                await actions.give_up_order(db, order_id, reason, wanted.refund_failed_to)
        except (Refusal, OutsideError) as error:
            log.warning("an order was not refunded", order=str(order_id), error=str(error))
        except Exception:
            # One broken order must not keep the others; it is tried again at each tick.
            log.exception("an order could not be refunded", order=str(order_id))


async def _stands_after_all(house: House, order_id: UUID) -> bool:
    """Whether its server was installed since we gave up: then it goes on instead."""
    found = await queries.of_order(house.read(), order_id)
    if found is None or found["virtfusion_ref"] is None:
        return False
    panel = await Vendors.of(house).virtfusion(patient=True)
    try:
        seen = await panel.server(found["virtfusion_ref"])
    except Missing:
        return False
    if seen.build_failed or seen.commission_status != COMPLETE or seen.state != "complete":
        return False
    async with house.transaction() as db:
        await actions.resume(db, found["id"])
    return True
