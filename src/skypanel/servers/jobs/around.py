"""Copies, firewall and reverse names; and looking at what surrounds a server."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job
from skypanel.platform.outside import OutsideError, Refused
from skypanel.servers import actions, queries
from skypanel.servers.jobs.kinds import Asked, Going, Heard, Kind, NotDone, Over, Verdict
from skypanel.servers.models import ServerTask

log = structlog.get_logger()
UNPROCESSABLE: Final = 422
LOOKS_FOR_BACKUP: Final = 5
BACKUP_LOST: Final = "The panel began the backup and no longer lists it, so it failed. Try again."
BACKUP_HOUR: Final = 750  # polls, five seconds apart at last
BACKUP_TOO_LONG: Final = "The backup still runs after an hour. See in the panel how it goes on."


async def _list(panel: VirtFusion, asked: Asked) -> dict[str, Any]:
    return {"known": [one.id for one in await panel.backups(asked.ref)]}


async def _start_backup(panel: VirtFusion, asked: Asked) -> Verdict:
    try:
        await panel.start_backup(asked.ref)
    except Refused as error:
        if error.status == UNPROCESSABLE and asked.asks > 1:
            return Heard()  # one runs: it is the one whose answer was lost
        raise
    return Heard()


async def _look_for_backup(panel: VirtFusion, asked: Asked) -> Verdict:
    if any(one.id not in asked.before["known"] for one in await panel.backups(asked.ref)):
        return Heard()
    # It may be listed only after a while: better to wait than to begin two.
    return Going() if asked.polls < LOOKS_FOR_BACKUP else NotDone()


async def _follow_backup(panel: VirtFusion, asked: Asked) -> Verdict:
    new = [one for one in await panel.backups(asked.ref) if one.id not in asked.before["known"]]
    if not new:
        lost = asked.polls >= LOOKS_FOR_BACKUP * 4
        return Over(BACKUP_LOST) if lost else Going(note="Waiting for the panel to begin.")
    return Over() if new[0].complete else Going(note="The copy is being written.")


async def _see(db: Db, task: ServerTask, _over: Over) -> None:
    await actions.see_again(db, task.server_id)


BACKUP: Final = Kind(
    prepare=_list,
    ask=_start_backup,
    look=_look_for_backup,
    follow=_follow_backup,
    over=_see,
    polls_max=BACKUP_HOUR,
    too_long=BACKUP_TOO_LONG,
)


async def _set_firewall(panel: VirtFusion, asked: Asked) -> Verdict:
    """Rules first: what is turned on is what was asked for."""
    rulesets = asked.wish["rulesets"]
    if rulesets is not None:
        await panel.set_rulesets(asked.ref, list(rulesets))
    await panel.switch_firewall(asked.ref, on=asked.wish["on"])
    return Over()


async def _set_reverse_name(panel: VirtFusion, asked: Asked) -> Verdict:
    await panel.set_reverse_name(asked.wish["address"], asked.wish["name"])
    return Over()


async def _repeat(_panel: VirtFusion, _asked: Asked) -> Verdict:
    """Saying it twice changes nothing, so a lost answer is asked for again."""
    return NotDone()


FIREWALL: Final = Kind(ask=_set_firewall, look=_repeat, follow=_repeat, over=_see)
REVERSE_DNS: Final = Kind(ask=_set_reverse_name, look=_repeat, follow=_repeat, over=_see)


@job(queue="servers")
async def look_at_server(house: House, server_id: UUID) -> None:
    """Ask the panel how a server's network and storage are; an outage changes nothing known."""
    ref = await queries.panel_ref(house.read(), server_id)
    if ref is None:
        return
    facts: dict[str, Any] | None = None
    trouble: str | None = None
    try:
        panel = await Vendors.of(house).virtfusion()
        facts = await _facts(panel, ref)
    except Missing:
        trouble = "The server no longer exists at the panel."
    except OutsideError as error:
        log.warning("a server could not be looked at", server=str(server_id), error=str(error))
        trouble = "The panel does not answer right now."
    async with house.transaction() as db:
        await actions.note_sight(db, server_id, facts, trouble)


async def _facts(panel: VirtFusion, ref: int) -> dict[str, Any]:
    parts = await panel.parts(ref)
    return {
        "ipv4": [
            {
                "address": one.address,
                "gateway": one.gateway,
                "netmask": one.netmask,
                "reverse_name": one.reverse_name,
            }
            for one in parts.addresses
        ],
        "ipv6": [{"subnet": one.subnet, "gateway": one.gateway} for one in parts.subnets],
        "disks": [
            {
                "drive": one.drive,
                "capacity_gib": one.capacity_gib,
                "primary": one.primary,
                "ready": one.ready,
            }
            for one in parts.disks
        ],
        "backup_plan": parts.backup_plan,
        "backups": await _backups(panel, ref),
        "firewall": await _firewall(panel, ref),
    }


async def _backups(panel: VirtFusion, ref: int) -> list[dict[str, Any]] | None:
    """The copies; nothing where the token may not see them."""
    try:
        found = await panel.backups(ref)
    except Refused:
        return None
    return [
        {
            "id": one.id,
            "state": _backup_state(one.deleting, one.restoring, one.complete),
            "place": one.place,
            "created_at": one.created_at and one.created_at.isoformat(),
            "kept_until_at": one.kept_until_at and one.kept_until_at.isoformat(),
        }
        for one in found
    ]


def _backup_state(deleting: bool, restoring: bool, complete: bool) -> str:
    if deleting:
        return "deleting"
    if restoring:
        return "restoring"
    return "complete" if complete else "running"


async def _firewall(panel: VirtFusion, ref: int) -> dict[str, Any] | None:
    """The firewall; nothing where the token may not see it."""
    try:
        found = await panel.firewall(ref)
    except Refused:
        return None
    return {"enabled": found.enabled, "rules": [dict(rule) for rule in found.rules if rule]}
