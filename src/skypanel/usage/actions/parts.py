"""A batch of which one part may be broken: the others go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import psycopg
import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from skypanel.platform.db import Db
from skypanel.platform.errors import Busy, Refusal
from skypanel.usage.rules import Meter

log = structlog.get_logger()
BROKEN = (
    SQLAlchemyError,
    psycopg.Error,
    Refusal,
    ValueError,
    TypeError,
    LookupError,
    AssertionError,
)


async def in_parts(
    db: Db, meters: Sequence[Meter], do: Callable[[Db, Sequence[Meter]], Awaitable[None]]
) -> int:
    """Do it to all of these months that are not broken; to how many.

    A batch that fails is halved until the broken month is found; it is left as it was, and a law
    of the house tells of it (`hours_are_counted`).
    """
    try:
        async with db.savepoint():
            await do(db, meters)
    except (OperationalError, psycopg.OperationalError, Busy):
        raise  # the database, not the account
    except BROKEN:
        if len(meters) > 1:
            half = len(meters) // 2
            return await in_parts(db, meters[:half], do) + await in_parts(db, meters[half:], do)
        log.exception("the hours of a service are broken", service_id=meters[0].service_id)
        return 0
    return len(meters)
