"""Finding out what the panel can do: when its settings have changed, and daily."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import PanelFound, VirtFusionSettings
from skypanel.integrations.virtfusion.capabilities import look
from skypanel.platform.house import House
from skypanel.platform.jobs import timer
from skypanel.platform.outside import OutsideError

log = structlog.get_logger()
LOOKS_EVERY: Final = timedelta(days=1)


@timer("* * * * *")
async def detect_panel(house: House) -> None:
    """Ask for the panel's status page where what we know is of other settings or a day old.

    While it does not answer, what was known stays.
    """
    wanted = await house.settings.get(VirtFusionSettings)
    if not wanted.ready or not _due(await house.settings.get(PanelFound), wanted, house):
        return
    try:
        panel = await Vendors.of(house).virtfusion(patient=True)
        since_7_1, healthy = await look(panel)
    except OutsideError as error:
        log.warning("the panel's version was not found out", error=str(error))
        return
    async with house.transaction() as db:
        found = PanelFound(
            fingerprint=wanted.fingerprint,
            since_7_1=since_7_1,
            healthy=healthy,
            looked_at=db.now.isoformat(),
        )
        await house.settings.put(db, found)


def _due(found: PanelFound, wanted: VirtFusionSettings, house: House) -> bool:
    if found.fingerprint != wanted.fingerprint or not found.looked_at:
        return True
    return datetime.fromisoformat(found.looked_at) + LOOKS_EVERY <= house.clock.now()
