"""What staff asked to be done about a finding: looked at once more, then done, then told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from skypanel.findings import actions as findings
from skypanel.findings.queries import get_finding
from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing
from skypanel.operations.errors import RepairOvertaken
from skypanel.operations.jobs.panel import ask, read_ours
from skypanel.operations.queries import PACKAGE_OF
from skypanel.operations.rules import Ours, Seen
from skypanel.platform.errors import Refusal
from skypanel.platform.house import House
from skypanel.platform.jobs import job
from skypanel.platform.outside import OutsideError
from skypanel.provisioning.actions import make_again
from skypanel.servers.actions import note_panel_name, note_standing, take_panel_name
from skypanel.servers.rules import panel_name
from skypanel.services.actions import terminate

CALL_SECONDS: Final = 70
LOST: Final = "The panel no longer has its server."


@job(queue="provisioning")
async def repair_finding(house: House, finding_id: UUID) -> None:
    """Do what was asked, if it is still so; run again after a kill it finds what is done.

    A lost answer is told as such: staff ask again, and the look before each call makes that safe.
    """
    finding = await get_finding(house.read(), finding_id)
    if finding["repair_state"] != "asked":
        return
    try:
        async with asyncio.timeout(CALL_SECONDS):
            panel = await Vendors.of(house).virtfusion()
            note = await REPAIRS[finding["repair"]](house, panel, finding)
    except (OutsideError, Refusal) as error:
        done, note = False, str(error)
    except TimeoutError:
        done, note = False, "No answer in time; look again before you repeat it."
    else:
        done = True
    async with house.transaction() as db:
        await findings.end_repair(db, finding_id, done=done, note=note)


async def _ours(house: House, finding: Mapping[str, Any]) -> Ours:
    for each in await read_ours(house.read()):
        if str(each.server_id) == finding["subject_id"]:
            return each
    raise RepairOvertaken("Our server has no server at the panel any more.")


async def _seen(panel: VirtFusion, ref: int) -> Seen:
    found = await ask(panel, ref)
    if found is None:
        raise RepairOvertaken("The panel has no such server any more.")
    return found


async def _suspend(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    one = await _ours(house, finding)
    if one.service_state not in ("suspended", "terminated"):
        raise RepairOvertaken(f"Its service is {one.service_state} by now.")
    if not (await _seen(panel, one.ref)).suspended:
        await panel.suspend(one.ref)
    return "Suspended at the panel."


async def _unsuspend(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    one = await _ours(house, finding)
    if one.service_state != "active":
        raise RepairOvertaken(f"Its service is {one.service_state} by now.")
    if (await _seen(panel, one.ref)).suspended:
        await panel.unsuspend(one.ref)
    return "Not suspended at the panel any more."


async def _delete(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    """Delete at the panel what is nobody's, or what nobody pays for any more."""
    ref = int(finding["facts"]["panel_server"])
    known = next((each for each in await read_ours(house.read()) if each.ref == ref), None)
    if known is not None and not known.is_over:
        raise RepairOvertaken("It belongs to a service by now.")
    found = await ask(panel, ref)
    if found is not None and not found.deleting:
        if found.name != finding["facts"]["called"]:
            raise RepairOvertaken(f"The panel's server {ref} is called {found.name} by now.")
        try:
            await panel.delete_server(ref)
        except Missing:
            return "It was gone already."
    return "Deleted at the panel."


async def _lost(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> Ours:
    """Our server, if the panel still says that it has none."""
    one = await _ours(house, finding)
    if await ask(panel, one.ref) is not None:
        raise RepairOvertaken("The panel has it again.")
    return one


async def _make_again(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    one = await _lost(house, panel, finding)
    if one.service_state != "active":
        raise RepairOvertaken(f"Its service is {one.service_state}: nothing is paid for.")
    async with house.transaction() as db:
        await make_again(db, one.server_id, LOST)
    return "It is being made again."


async def _end_service(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    one = await _lost(house, panel, finding)
    async with house.transaction() as db:
        await terminate(db, one.service_id, LOST)
        await note_standing(db, one.server_id, "gone")
    return "Its service has ended."


async def _give_back(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    """Give a server back to its account's user at the panel."""
    one = await _ours(house, finding)
    if one.owner_ref is None:
        raise RepairOvertaken("Its account has no user at the panel any more.")
    if (await _seen(panel, one.ref)).owner_ref != one.owner_ref:
        await panel.change_owner(one.ref, one.owner_ref)
    if (await _seen(panel, one.ref)).owner_ref != one.owner_ref:
        raise RepairOvertaken("The panel took it and still names another owner. Look there.")
    return "Its owner at the panel is its account again."


async def _resize(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    """Give a server the size that was sold; a disk never shrinks."""
    one = await _ours(house, finding)
    if one.is_over or not one.plan:
        raise RepairOvertaken("It has ended, or is getting another size.")
    package_ref = await PACKAGE_OF.one(house.read(), service=one.service_id)
    if package_ref is None:
        raise RepairOvertaken("Its plan has no package at the panel any more.")
    seen = await _seen(panel, one.ref)
    if any(seen.size[name] != one.plan[name] for name in seen.size):
        await panel.change_package(one.ref, package_ref)
        seen = await _seen(panel, one.ref)
    left = [name for name in seen.size if seen.size[name] != one.plan[name]]
    if left == ["disk_gib"]:
        return "It has the size that was sold, but for its larger disk: a disk never shrinks."
    if left:
        raise RepairOvertaken("The package at the panel is not what was sold. Look at its sizes.")
    return "It has the size that was sold; memory and cores count from its next restart."


async def _tell_name(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    """Have the panel call a server as its customer does."""
    one = await _ours(house, finding)
    name = panel_name(one.label)
    if (await _seen(panel, one.ref)).name != name:
        await panel.rename(one.ref, name)
        if (await _seen(panel, one.ref)).name != name:
            raise RepairOvertaken("The panel took it and still calls it otherwise. Look there.")
    async with house.transaction() as db:
        await note_panel_name(db, one.server_id, name)
    return f"The panel calls it {name} again."


async def _take_name(house: House, panel: VirtFusion, finding: Mapping[str, Any]) -> str:
    """Call a server as the panel does."""
    one = await _ours(house, finding)
    name = (await _seen(panel, one.ref)).name.strip()
    if not name:
        raise RepairOvertaken("The panel has no name for it.")
    async with house.transaction() as db:
        await take_panel_name(db, one.server_id, name)
    return f"It is called {name} here too."


Repair = Callable[[House, VirtFusion, Mapping[str, Any]], Awaitable[str]]
REPAIRS: Final[dict[str, Repair]] = {
    "suspend": _suspend,
    "unsuspend": _unsuspend,
    "delete": _delete,
    "make_again": _make_again,
    "end_service": _end_service,
    "give_back": _give_back,
    "resize": _resize,
    "tell_name": _tell_name,
    "take_name": _take_name,
}
