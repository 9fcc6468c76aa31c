"""A batch of months of which one may be broken: the others go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog

from skypanel.platform.db import Db
from skypanel.platform.halves import in_halves
from skypanel.usage.rules import Meter

log = structlog.get_logger()


async def in_parts(
    db: Db, meters: Sequence[Meter], do: Callable[[Db, Sequence[Meter]], Awaitable[None]]
) -> int:
    """Do it to all of these months that are not broken; to how many.

    A broken one is left as it was, and a law of the house tells of it (`hours_are_counted`).
    """

    async def broken(meter: Meter, error: Exception) -> None:
        log.error("the hours of a service are broken", service_id=meter.service_id, exc_info=error)

    return await in_halves(db, meters, lambda part: do(db, part), broken)
