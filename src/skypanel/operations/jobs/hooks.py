"""What the panel told is a hint: the server is looked at, and only that is believed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.types import Missing
from skypanel.operations import actions
from skypanel.operations.queries import HOOK, OWN
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer

POWER: Final = {True: "running", False: "stopped"}


@job(queue="provisioning")
async def read_hook(house: House, hook_id: UUID) -> None:
    """Look at the server that a hook names; an outage is tried again and means nothing."""
    read = house.read()
    hook = await HOOK.one(read, id=hook_id)
    if hook is None or hook["read_at"] is not None:
        return
    ref = hook["server_ref"]
    ours = None if ref is None else await OWN.one(read, ref=ref)
    power, gone = None, False
    if ours is not None:
        panel = await Vendors.of(house).virtfusion()
        try:
            seen = await panel.server(ref, live=True)
        except Missing:
            gone = True
        else:
            power = None if seen.live is None else POWER[seen.live.running]
    async with house.transaction() as db:
        await actions.note_hook(db, hook_id, ours=ours, power=power, gone=gone)


@timer("29 4 * * *")
async def forget_hook_bodies(db: Db) -> None:
    """Bodies of hooks are kept a week."""
    await actions.forget_hooks(db)
