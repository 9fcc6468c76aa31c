"""The company's clock, turned: one row that every process of a sandbox reads.

Production has no such clock: a house that is no sandbox never looks at the row. It only ever
turns forward, so a late reader cannot turn it back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import structlog
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, Db

if TYPE_CHECKING:
    from skypanel.platform.house import House

log = structlog.get_logger()
TAG = "clock"
READ = b"select ahead from turned_clock"
TURN = """
insert into turned_clock (id, ahead) values (1, %(ahead)s)
on conflict (id) do update set ahead = greatest(turned_clock.ahead, excluded.ahead)
"""


class TurnedClock(Base):
    """How far the company is ahead of the machine."""

    __tablename__ = "turned_clock"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ahead: Mapped[timedelta]
    __table_args__ = (CheckConstraint("id = 1", "one"),)


async def follow(house: House) -> None:
    """Take over how far the company's clock is turned by now.

    Without a database the clock stays as it is; when one is found again it is asked anew.
    """
    try:
        async with await psycopg.AsyncConnection.connect(house.dsn) as connection:
            row = await (await connection.execute(READ)).fetchone()
    except psycopg.Error as error:
        log.warning("the company's clock could not be read", error=str(error))
        return
    if row is not None:
        house.clock.offset = max(house.clock.offset, row[0])


async def turn(db: Db, until: datetime) -> timedelta:
    """Turn the company forward in this transaction; every process follows its commit.

    How far is told by the clock itself at one instant: word of an earlier turn may come in between
    `db.now` and now, and its span must not count twice.
    """
    clock = db.house.clock
    span = max(until - clock.now(), timedelta(0))
    ahead = clock.offset + span
    await db.run(TURN, ahead=ahead)
    db.house.relay.changed(db, TAG)
    return span
