"""The database: one pool of psycopg connections, a unit of work for doors, a reader for questions.

`Db` is opened at a door and committed at that door before the answer leaves. `Reader` runs the
compiled statements of `queries` in autocommit, each on a pooled connection, without a session.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import CHAR, BigInteger, DateTime, LargeBinary, MetaData, NullPool, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, mapped_column

from skypanel.platform.authority import SYSTEM, Actor
from skypanel.platform.errors import Busy
from skypanel.platform.ids import new_id

if TYPE_CHECKING:
    from skypanel.platform.events import Event, Topic
    from skypanel.platform.house import House

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of every domain; joined across domains by foreign key only."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: DateTime(timezone=True),
        UUID: Uuid(as_uuid=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        bytes: LargeBinary,
    }


def id_column() -> Any:
    """Primary key: a UUIDv7 made in Python."""
    return mapped_column(Uuid(as_uuid=True), primary_key=True, default=new_id)


def minor_column(*, nullable: bool = False) -> Any:
    """An amount in minor units."""
    return mapped_column(BigInteger, nullable=nullable)


def currency_column() -> Any:
    """An ISO 4217 code."""
    return mapped_column(CHAR(3))


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """Sizes and time limits of the connections of one process."""

    size_min: int = 2
    size_max: int = 10
    wait_seconds: float = 5.0
    statement_seconds: float = 15.0
    lock_seconds: float = 5.0
    idle_in_transaction_seconds: float = 20.0
    lifetime_seconds: float = 3600.0
    idle_seconds: float = 300.0

    def options(self) -> str:
        """Limits that PostgreSQL itself holds every statement to."""
        return " ".join(
            f"-c {name}={int(seconds * 1000)}"
            for name, seconds in (
                ("statement_timeout", self.statement_seconds),
                ("lock_timeout", self.lock_seconds),
                ("idle_in_transaction_session_timeout", self.idle_in_transaction_seconds),
            )
        )


class Pool(AsyncConnectionPool[psycopg.AsyncConnection[tuple[Any, ...]]]):
    """Connections that read by default: a unit of work turns autocommit off for itself.

    It is turned on again here, on the way back; the pool's own `reset` would hand every returned
    connection to a task of its own.
    """

    async def getconn(
        self,
        timeout: float | None = None,  # noqa: ASYNC109 - psycopg_pool's own
    ) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        try:
            return await super().getconn(timeout)
        except PoolTimeout:
            raise Busy(retry_after_seconds=1) from None

    async def putconn(self, conn: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        try:
            if not conn.closed and not conn.autocommit:
                if conn.pgconn.transaction_status != TransactionStatus.IDLE:
                    await conn.rollback()
                await conn.set_autocommit(True)
        except BaseException as error:
            conn.pgconn.finish()  # the pool opens another one in its place
            if not isinstance(error, psycopg.Error):
                raise
        finally:
            await super().putconn(conn)


async def _read_by_default(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)


def make_pool(dsn: str, limits: PoolLimits, name: str) -> Pool:
    """A closed pool; `await pool.open()` connects it."""
    return Pool(
        dsn,
        kwargs={
            "options": limits.options() + " -c timezone=UTC",
            "application_name": name,
            "row_factory": tuple_row,
        },
        min_size=limits.size_min,
        max_size=limits.size_max,
        timeout=limits.wait_seconds,
        max_lifetime=limits.lifetime_seconds,
        max_idle=limits.idle_seconds,
        configure=_read_by_default,
        close_returns=True,
        open=False,
        name=name,
    )


def make_engine(pool: Pool) -> AsyncEngine:
    """SQLAlchemy on that same pool: it takes a connection per unit of work and gives it back."""

    async def connect() -> psycopg.AsyncConnection[Any]:
        connection = await pool.getconn()
        await connection.set_autocommit(False)
        return connection

    return create_async_engine(
        "postgresql+psycopg://",
        poolclass=NullPool,
        async_creator=connect,
        use_native_hstore=False,
        pool_reset_on_return=None,
    )


class Statement(Protocol):
    """A compiled statement: its text and the parameters it was built with."""

    @property
    def sql(self) -> bytes: ...

    @property
    def defaults(self) -> Mapping[str, Any]: ...


class Read(Protocol):
    """What a query needs: the instant, and a way to run a compiled statement."""

    @property
    def now(self) -> datetime: ...

    async def rows(
        self, statement: Statement, parameters: Mapping[str, Any]
    ) -> Sequence[tuple[Any, ...]]: ...


class Reader:
    """Reads outside any transaction: each statement sees what is committed when it runs."""

    __slots__ = ("_house", "_pool", "_seen_now")

    def __init__(self, house: House) -> None:
        self._house = house
        self._pool = house.pool
        self._seen_now: datetime | None = None

    @property
    def now(self) -> datetime:
        if self._seen_now is None:
            self._seen_now = self._house.clock.now()
        return self._seen_now

    async def rows(
        self, statement: Statement, parameters: Mapping[str, Any]
    ) -> Sequence[tuple[Any, ...]]:
        connection = await self._pool.getconn()
        try:
            cursor = await connection.execute(statement.sql, {**statement.defaults, **parameters})
            return await cursor.fetchall()
        finally:
            await self._pool.putconn(connection)


class HeldReader(Reader):
    """A reader that keeps its connection from one statement to the next, until it is released.

    For doors that only read: what they wait for is the database alone.
    """

    __slots__ = ("_connection",)

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None

    async def rows(
        self, statement: Statement, parameters: Mapping[str, Any]
    ) -> Sequence[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = await self._pool.getconn()
        cursor = await self._connection.execute(statement.sql, {**statement.defaults, **parameters})
        return await cursor.fetchall()

    async def release(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._pool.putconn(connection)


class Db(AsyncSession):
    """One unit of work: a session, the instant it happens at, who does it, what must follow.

    Events and live topics are written when the door commits: in this transaction, all or nothing.
    """

    def __init__(self, house: House, actor: Actor = SYSTEM) -> None:
        super().__init__(house.engine, expire_on_commit=False)
        self.house = house
        self.actor = actor
        self.now = house.clock.now()
        self._driver: psycopg.AsyncConnection[Any] | None = None
        self._events: list[Event] = []
        self._topics: dict[Topic, None] = {}
        self._last: list[tuple[bytes, dict[str, Any]]] = []

    def publish(self, event: Event) -> None:
        """Tell whoever stands above: one job per reaction, written with this transaction."""
        self._events.append(event)

    def announce(self, topic: Topic) -> None:
        """Let live pages look again at something that no event tells of."""
        self._topics[topic] = None

    async def driver(self) -> psycopg.AsyncConnection[Any]:
        """The psycopg connection of this transaction, with everything pending written to it."""
        if not self.sync_session._is_clean():  # noqa: SLF001 - `new`, `dirty` build sets each time
            await self.flush()
        if self._driver is None:
            raw = await (await self.connection()).get_raw_connection()
            self._driver = raw.driver_connection
        assert self._driver is not None
        return self._driver

    async def rows(
        self, statement: Statement, parameters: Mapping[str, Any]
    ) -> Sequence[tuple[Any, ...]]:
        """Run a compiled statement inside this transaction (`Read`)."""
        connection = await self.driver()
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(statement.sql, {**statement.defaults, **parameters})
            return await cursor.fetchall() if cursor.description else []

    async def run(self, sql: str, **parameters: Any) -> int:
        """Run one hand-written statement inside this transaction; how many rows it touched."""
        connection = await self.driver()
        cursor = await connection.execute(sql.encode(), parameters)
        return cursor.rowcount

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that may fail alone: what it wrote, published and kept goes with it."""
        events, topics, last = len(self._events), dict(self._topics), len(self._last)
        try:
            async with self.begin_nested():
                await self.connection()  # the SAVEPOINT is sent now: statements of the driver count
                yield
                await self.flush()
        except BaseException:
            del self._events[events:], self._last[last:]
            self._topics = topics
            raise

    def later(self, sql: bytes, parameters: dict[str, Any]) -> None:
        """Keep a statement until the door commits: all that are kept go in one round trip."""
        self._last.append((sql, parameters))

    async def settle(self) -> None:
        """Write what was kept and what follows from the published events. Called by the door."""
        events, self._events = self._events, []
        self.house.queue.react(self, events)
        for event in events:
            self._topics.update(dict.fromkeys(self.house.topics_of(event)))
        if self._topics:
            self.house.relay.announce(self, self._topics)
        if not self._last:
            await self.flush()
            return
        connection = await self.driver()
        async with connection.pipeline():
            for sql, parameters in self._last:
                await connection.execute(sql, parameters)
        self._topics, self._last = {}, []


@asynccontextmanager
async def transaction(house: House, actor: Actor = SYSTEM) -> AsyncIterator[Db]:
    """Open a unit of work; commit it if the block ends well, else leave nothing behind."""
    async with Db(house, actor) as db:
        try:
            yield db
            await db.settle()
            await db.commit()
        except BaseException:
            await db.rollback()
            raise
