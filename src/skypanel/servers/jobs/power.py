"""Start, restart, shut down, power off."""

from __future__ import annotations

from typing import Final

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing, Outcome, Power
from skypanel.servers.jobs.kinds import Asked, Going, Heard, Kind, NotDone, Over, Verdict, power_of
from skypanel.servers.rules import WANTED_POWER

POWER: Final = {
    "start": Power.BOOT,
    "restart": Power.RESTART,
    "shutdown": Power.SHUTDOWN,
    "poweroff": Power.POWEROFF,
}
POLLS_MAX: Final = 150
IGNORED: Final = " Its system may ignore the request: power it off."


async def _ask(panel: VirtFusion, asked: Asked) -> Verdict:
    return Heard(queue_ref=await panel.power(asked.ref, POWER[asked.kind]))


async def _look(panel: VirtFusion, asked: Asked) -> Verdict:
    server = await panel.server(asked.ref, live=True)
    if server.busy or server.live is None:
        return Going()
    power = power_of(server)
    if asked.kind == "restart" and power == "running":
        # A second restart would cut off a guest that did restart: its owner decides.
        said = "The panel's answer was lost. The server runs; restart it again if it did not."
        return Over(said, power)
    return Over(power=power) if power == WANTED_POWER[asked.kind] else NotDone()


async def _follow(panel: VirtFusion, asked: Asked) -> Verdict:
    assert asked.queue_ref is not None
    try:
        item = await panel.queue_item(asked.queue_ref)
        outcome, progress = item.outcome, item.progress_percent
    except Missing:
        outcome, progress = Outcome.DONE, 100  # no longer kept: its power tells how it ended
    if outcome is Outcome.PENDING:
        return Going(progress)
    power = power_of(await panel.server(asked.ref, live=True))
    if outcome is Outcome.FAILED:
        return Over("The panel could not do this.", power)
    if power in (WANTED_POWER[asked.kind], "unknown"):
        return Over(power=power)
    if asked.polls < POLLS_MAX // 5:
        return Going(95, "Waiting for the system.")  # a guest takes its time to shut down
    return Over(f"The server is still {power}.{IGNORED * (asked.kind == 'shutdown')}", power)


POWER_KIND: Final = Kind(ask=_ask, look=_look, follow=_follow, polls_max=POLLS_MAX)
