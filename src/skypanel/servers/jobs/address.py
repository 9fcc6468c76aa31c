"""One more IPv4 address, or one less: looked for before anything is asked twice."""

from __future__ import annotations

from typing import Any, Final

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.platform.db import Db
from skypanel.platform.outside import Refused
from skypanel.servers import actions
from skypanel.servers.jobs.kinds import Asked, Going, Kind, Lost, NotDone, Over, Verdict
from skypanel.servers.models import ServerTask

LOOKS: Final = 3


async def _addresses(panel: VirtFusion, asked: Asked) -> list[str]:
    return [one.address for one in (await panel.parts(asked.ref)).addresses]


async def _know(panel: VirtFusion, asked: Asked) -> dict[str, Any]:
    """What it has before it is asked; of an earlier task, what it had before that one."""
    return {"known": asked.wish.get("known") or await _addresses(panel, asked)}


async def _new(panel: VirtFusion, asked: Asked) -> str | None:
    """An address that it did not have when it was asked."""
    known = asked.before["known"]
    return next((one for one in await _addresses(panel, asked) if one not in known), None)


async def _add(panel: VirtFusion, asked: Asked) -> Verdict:
    if asked.wish.get("known") is not None:
        there = await _new(panel, asked)
        if there is not None:
            return Over(ipv4=there)
    given = await panel.add_addresses(asked.ref, 1)
    return Over(ipv4=given[0]) if given else Lost()


async def _look(panel: VirtFusion, asked: Asked) -> Verdict:
    there = await _new(panel, asked)
    if there is not None:
        return Over(ipv4=there)
    # It may be listed only after a while: better to wait than to be given two.
    return Going() if asked.polls < LOOKS else NotDone()


async def _follow(_panel: VirtFusion, _asked: Asked) -> Verdict:
    """Nothing is queued for this at the panel."""
    return NotDone()


async def _answered(db: Db, task: ServerTask, over: Over) -> None:
    actions.note_answer(db, task, given=over.ipv4, refused=over.refused)
    await actions.see_again(db, task.server_id)


async def _drop(panel: VirtFusion, asked: Asked) -> Verdict:
    address = asked.wish["address"]
    try:
        await panel.drop_addresses(asked.ref, [address])
    except Refused:
        if address in await _addresses(panel, asked):
            raise
    return Over()


async def _is_gone(panel: VirtFusion, asked: Asked) -> Verdict:
    there = asked.wish["address"] in await _addresses(panel, asked)
    return NotDone() if there else Over()


ADD_ADDRESS: Final = Kind(prepare=_know, ask=_add, look=_look, follow=_follow, over=_answered)
DROP_ADDRESS: Final = Kind(ask=_drop, look=_is_gone, follow=_follow, over=_answered)
