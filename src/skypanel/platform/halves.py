"""A batch of which one part may be broken: the others go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import psycopg
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from skypanel.platform.db import Db
from skypanel.platform.errors import Busy, Refusal

T = TypeVar("T")
BROKEN = (
    SQLAlchemyError,
    psycopg.Error,
    Refusal,
    ValueError,
    TypeError,
    LookupError,
    AssertionError,
)


async def in_halves(
    db: Db,
    batch: Sequence[T],
    do: Callable[[Sequence[T]], Awaitable[None]],
    broken: Callable[[T, Exception], Awaitable[None]],
) -> int:
    """Do it to all of a batch that is not broken; to how many.

    A batch that fails is undone and halved until the broken one is found, of which `broken` is
    told. When the database itself is away or busy nothing is blamed on anybody: it raises.
    """
    try:
        async with db.savepoint():
            await do(batch)
    except (OperationalError, psycopg.OperationalError, Busy):
        raise
    except BROKEN as error:
        if len(batch) > 1:
            half = len(batch) // 2
            first = await in_halves(db, batch[:half], do, broken)
            return first + await in_halves(db, batch[half:], do, broken)
        await broken(batch[0], error)
        return 0
    return len(batch)
