"""Connections come back to the pool in whatever state they are."""

from __future__ import annotations

import asyncio

import pytest
from psycopg import AsyncConnection

from skypanel.platform.house import House
from tests.dying import cut_off


async def asked(connection: AsyncConnection) -> None:
    """Something was asked and the answer never fetched."""
    await connection.set_autocommit(False)
    connection.pgconn.send_query(b"select pg_sleep(0.01)")


async def copying(connection: AsyncConnection) -> None:
    """Cut off in the middle of a COPY."""
    await connection.set_autocommit(False)
    await connection.execute("create temp table if not exists heap (n int)")

    async def copy() -> None:
        async with connection.cursor() as cursor, cursor.copy("copy heap from stdin") as rows:
            await rows.write_row((1,))

    await cut_off(copy(), 1)


@pytest.fixture
async def taken(house: House) -> list[AsyncConnection]:
    """Every connection that there may be."""
    return [await house.pool.getconn() for _ in range(house.pool.max_size)]


@pytest.mark.parametrize("leave", [asked, copying])
async def test_a_connection_that_cannot_be_rolled_back_leaves_its_place_to_another(
    house: House, taken: list[AsyncConnection], leave: object
) -> None:
    assert callable(leave)
    for connection in taken:
        await leave(connection)
        await house.pool.putconn(connection)
    again = [await house.pool.getconn() for _ in range(house.pool.max_size)]
    for connection in again:
        await (await connection.execute("select 1")).fetchone()
        await house.pool.putconn(connection)


async def test_whoever_is_cut_off_while_giving_back_gives_back(
    house: House, taken: list[AsyncConnection]
) -> None:
    for connection in taken:
        await connection.set_autocommit(False)
        await connection.execute("select 1")
        with_rollback = asyncio.ensure_future(house.pool.putconn(connection))
        await asyncio.sleep(0)
        with_rollback.cancel()
        with pytest.raises(asyncio.CancelledError):
            await with_rollback
    for _ in range(house.pool.max_size):
        await house.pool.getconn()
