"""A house with toy events and jobs, on a database that holds only the platform's tables."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine
from tools.servers import Server

from skypanel.app.models import PLATFORM
from skypanel.platform.clock import FrozenClock
from skypanel.platform.crypto import Sealer, parse_keys
from skypanel.platform.db import Base, Db
from skypanel.platform.events import Event, Topic
from skypanel.platform.house import House, Plan
from skypanel.platform.jobs import job
from skypanel.platform.outside import Unknown
from tests.kept import empty

START = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
TOY_TABLES = """
create table toy_payments (id uuid primary key, state text not null, captures int not null);
create table toy_receipts (payment_id uuid primary key);
"""


@dataclass(frozen=True, slots=True)
class Approved(Event):
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class Settled(Event):
    payment_id: UUID


class Vendor:
    """An outside system that does a thing once per key, and can lose its answers."""

    def __init__(self) -> None:
        self.done: dict[UUID, int] = {}
        self.calls = 0
        self.lost_answers = 0

    async def capture(self, key: UUID) -> None:
        self.calls += 1
        self.done.setdefault(key, len(self.done))
        if self.lost_answers:
            self.lost_answers -= 1
            raise Unknown("vendor", "the answer was lost")

    async def close(self) -> None:
        """Nothing is open."""


async def begin(db: Db, payment_id: UUID) -> None:
    await db.run("insert into toy_payments values (%(id)s, 'approved', 0)", id=payment_id)
    db.publish(Approved(payment_id))


@job(attempts_max=3, backoff_seconds=60)
async def settle(house: House, payment_id: UUID) -> None:
    await house.vendors.capture(payment_id)
    async with house.transaction() as db:
        changed = await db.run(
            "update toy_payments set state = 'settled', captures = captures + 1"
            " where id = %(id)s and state = 'approved'",
            id=payment_id,
        )
        if changed:
            db.publish(Settled(payment_id))


@job()
async def send_receipt(db: Db, payment_id: UUID) -> None:
    await db.run("insert into toy_receipts values (%(id)s)", id=payment_id)


@job(attempts_max=1)
async def crash(db: Db, payment_id: UUID) -> None:
    await db.run("insert into toy_receipts values (%(id)s)", id=payment_id)
    raise RuntimeError("boom")


@pytest.fixture(scope="session")
def platform_database(worker_id: str) -> Iterator[str]:
    import importlib

    server = Server(os.environ["SKYPANEL_TEST_SERVER_URL"])
    name = f"platform_{worker_id}_{os.getpid()}"
    dsn = server.create_database(name)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(SchemaManager.get_schema().encode())
        connection.execute(TOY_TABLES.encode())
    for module in PLATFORM:
        importlib.import_module(f"skypanel.platform.{module}")
    tables = [
        table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("skypanel.platform.")
        for table in (mapper.local_table,)
    ]
    engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://", 1))
    Base.metadata.create_all(engine, tables=tables)  # type: ignore[arg-type]
    engine.dispose()
    yield dsn
    server.drop_database(name)


@pytest.fixture
async def house(platform_database: str) -> AsyncIterator[House]:
    empty(platform_database)
    made = House(
        Plan(
            dsn=platform_database,
            public_url="http://localhost:8000",
            sealer=Sealer(parse_keys("t:" + "A" * 43)),
            reactions={Approved: [settle], Settled: [send_receipt]},
            live={Settled: lambda event: [Topic("staff", "payment", event.payment_id)]},
            jobs=[settle, send_receipt, crash],
            authenticate=_nobody,
            vendors=lambda _: Vendor(),
            clock=FrozenClock(START),
            name="skypanel platform test",
        )
    )
    await made.open()
    yield made
    await made.close()


async def _nobody(_house: House, _read: object, _connection: object) -> None:
    return None


async def one(house: House, sql: str, *parameters: object) -> object:
    """One value out of the database."""
    async with house.pool.connection() as connection:
        row = await (await connection.execute(sql.encode(), parameters or None)).fetchone()
    assert row is not None
    return row[0]
