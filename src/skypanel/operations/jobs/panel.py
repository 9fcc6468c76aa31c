"""The panel's servers beside ours, every hour: what differs is a finding.

The list only raises suspicion; each suspect is asked for alone. If the list or any answer fails,
nothing is opened and nothing closed: an outage never reads as "gone".
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import structlog

from skypanel.findings.actions import Look
from skypanel.findings.rules import Area, Found
from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing, Server
from skypanel.operations.rules import (
    PANEL_CHECKS,
    SIZE,
    AtPanel,
    Ours,
    Seen,
    Suspect,
    measured,
    suspects,
    verdict,
)
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.jobs import timer
from skypanel.platform.outside import OutsideError
from skypanel.provisioning import queries as provisioning

log = structlog.get_logger()
ASKED_MAX: Final = 400  # calls of one look; what is left stands as it stood


@timer("23 * * * *", queue="provisioning")
async def compare_panel(house: House) -> None:
    """Compare every server of the panel with ours."""
    try:
        found, spare = await _compare(house)
    except OutsideError as error:
        log.warning("the panel could not be compared", error=str(error))
        async with house.transaction() as db:
            look = Look(db, Area.PANEL)
            await look.begin()
            for check in PANEL_CHECKS:
                await look.record_failure(check, str(error))
            await look.end()
        return
    async with house.transaction() as db:
        look = Look(db, Area.PANEL)
        await look.begin()
        for check in PANEL_CHECKS:
            await look.record(check, found[check], spare=spare[check])
        await look.end()


async def _compare(house: House) -> tuple[dict[str, list[Found]], dict[str, set[str]]]:
    """What each check finds, and the subjects that it did not look at."""
    panel = await Vendors.of(house).virtfusion(patient=True)
    listed = [
        AtPanel(one.id, one.user_id, one.suspended, one.name) for one in await panel.servers()
    ]
    # Ours are read after the list: what was made meanwhile is known by now.
    read = house.read()
    ours = await read_ours(read)
    creating = set(await provisioning.CREATING.all(read))
    asked: dict[int, Seen | None] = {}
    found: dict[str, list[Found]] = defaultdict(list)
    spare: dict[str, set[str]] = defaultdict(set)
    looked_at = {each.server_id for each in measured(ours, read.now)}
    spare[SIZE] = {str(each.server_id) for each in ours if each.server_id not in looked_at}
    for suspect in suspects(listed, ours, creating, read.now):
        if suspect.ref not in asked and len(asked) >= ASKED_MAX:
            spare[suspect.check].add(suspect.subject[1])
            continue
        await _believe(panel, suspect, asked, found)
    return found, spare


async def _believe(
    panel: VirtFusion,
    suspect: Suspect,
    asked: dict[int, Seen | None],
    found: dict[str, list[Found]],
) -> None:
    if suspect.ref not in asked:
        asked[suspect.ref] = await ask(panel, suspect.ref)
    said = verdict(suspect, asked[suspect.ref])
    if said is not None:
        found[suspect.check].append(said)


async def read_ours(read: Read) -> list[Ours]:
    """Every server of ours that has one at the panel."""
    return [Ours(*row) for row in await provisioning.panel_side(read)]


async def ask(panel: VirtFusion, ref: int) -> Seen | None:
    """One server as it is now; nothing only when the panel itself says that there is none."""
    try:
        return seen(await panel.server(ref))
    except Missing:
        return None


def seen(server: Server) -> Seen:
    return Seen(
        ref=server.id,
        owner_ref=server.user_id,
        suspended=server.suspended,
        deleting=server.deleting,
        name=server.name,
        ipv4=next(iter(server.ipv4), ""),
        size={
            "vcpu": server.vcpu,
            "memory_mib": server.memory_mib,
            "disk_gib": server.disk_gib,
        },
    )
