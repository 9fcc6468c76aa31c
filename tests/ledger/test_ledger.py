"""The ledger refuses what no ledger may hold, whoever asks, and its sums always agree."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import psycopg
import pytest

from skypanel.ledger.actions import book, post
from skypanel.ledger.errors import BalanceTooLow, TransferUnbalanced
from skypanel.platform.money import Money
from tests.world import World


async def house_books(world: World, currency: str = "EUR") -> tuple[UUID, UUID]:
    async with world.house.transaction() as db:
        revenue = await book(db, "revenue", currency)
        clearing = await book(db, "paypal_clearing", currency)
    return revenue.id, clearing.id


async def move(world: World, entries: list[tuple[UUID, Money]], key: str | None = None) -> bool:
    async with world.house.transaction() as db:
        made = await post(db, key=key or f"test:{uuid4()}", reason="Test", entries=entries)
    return made is not None


async def test_a_key_is_posted_once_even_at_the_same_time(world: World) -> None:
    revenue, clearing = await house_books(world)
    entries = [(revenue, Money(5, "EUR")), (clearing, Money(-5, "EUR"))]
    made = await asyncio.gather(*(move(world, entries, "once") for _ in range(8)))
    assert made.count(True) == 1
    assert await world.rows("select sum(abs(amount_minor)) from entries") == [(10,)]


async def test_one_book_per_kind_even_at_the_same_time(world: World) -> None:
    await asyncio.gather(*(house_books(world) for _ in range(8)))
    assert await world.rows("select count(*) from books") == [(2,)]


async def test_transfers_in_opposite_directions_do_not_deadlock(world: World) -> None:
    revenue, clearing = await house_books(world)
    there = [(revenue, Money(5, "EUR")), (clearing, Money(-5, "EUR"))]
    back = [(clearing, Money(5, "EUR")), (revenue, Money(-5, "EUR"))]
    await asyncio.gather(*(move(world, there if turn % 2 else back) for turn in range(30)))
    assert await world.rows("select distinct balance_minor from books") == [(0,)]


async def test_unbalanced_and_foreign_entries_are_refused(world: World) -> None:
    revenue, clearing = await house_books(world)
    dollars, _ = await house_books(world, "USD")
    with pytest.raises(TransferUnbalanced):
        await move(world, [(revenue, Money(5, "EUR")), (clearing, Money(-4, "EUR"))])
    with pytest.raises(TransferUnbalanced):
        await move(world, [(revenue, Money(5, "EUR")), (dollars, Money(-5, "EUR"))])
    with pytest.raises(TransferUnbalanced):
        await move(world, [(revenue, Money(0, "EUR"))])
    assert await world.rows("select 1 from transfers") == []


async def test_a_wallet_does_not_fall_under_its_floor(world: World) -> None:
    person = await world.customer()
    async with world.house.transaction() as db:
        wallet = await book(db, "wallet", "EUR", person.account_id)
    revenue, _ = await house_books(world)
    with pytest.raises(BalanceTooLow):
        await move(world, [(wallet.id, Money(-1, "EUR")), (revenue, Money(1, "EUR"))])


INSERT_ENTRY = (
    "insert into entries (id, transfer_id, book_id, amount_minor, currency, balance_after_minor, at)"
    " values (gen_random_uuid(), %s, %s, %s, %s, 0, now())"
)
INSERT_TRANSFER = (
    "insert into transfers (id, key, reason, actor_kind, at)"
    " values (%s, 'raw', 'raw', 'system', now())"
)


async def test_the_database_itself_refuses_an_unbalanced_transfer(world: World) -> None:
    revenue, clearing = await house_books(world)
    for amounts, currency in (((5, -4), "EUR"), ((5, -5), "USD"), ((), "EUR")):
        with pytest.raises(psycopg.errors.CheckViolation):
            async with world.house.pool.connection() as connection, connection.transaction():
                transfer = uuid4()
                await connection.execute(INSERT_TRANSFER, (transfer,))
                for each, minor in zip((revenue, clearing), amounts, strict=False):
                    await connection.execute(INSERT_ENTRY, (transfer, each, minor, currency))
    assert await world.rows("select 1 from transfers") == []


@pytest.mark.parametrize(
    "statement",
    [
        "update entries set amount_minor = 7",
        "delete from entries",
        "truncate entries",
        "update transfers set reason = 'another'",
        "delete from transfers",
        "truncate transfers cascade",
        "update books set balance_minor = balance_minor + 1",
        "update books set currency = 'USD'",
        "delete from books",
        "truncate books cascade",
        (
            "insert into books (id, kind, currency, balance_minor, created_at)"
            " values (gen_random_uuid(), 'tax', 'EUR', 5, now())"
        ),
    ],
)
async def test_what_was_written_stays(world: World, statement: str) -> None:
    revenue, clearing = await house_books(world)
    await move(world, [(revenue, Money(5, "EUR")), (clearing, Money(-5, "EUR"))])
    with pytest.raises((psycopg.errors.RestrictViolation, psycopg.errors.CheckViolation)):
        await world.rows(statement)


async def test_trial_balance_for_staff(world: World) -> None:
    revenue, clearing = await house_books(world)
    await move(world, [(revenue, Money(5, "EUR")), (clearing, Money(-5, "EUR"))])
    staff = await world.staff()
    answer = await staff.http.get("/api/v1/admin/ledger/trial-balance")
    euro = {"currency": "EUR"}
    assert answer.json()["items"] == [
        {
            "book": "paypal_clearing",
            "currency": "EUR",
            "books": 1,
            "debit": {"minor": 5, **euro},
            "credit": {"minor": 0, **euro},
            "balance": {"minor": -5, **euro},
        },
        {
            "book": "revenue",
            "currency": "EUR",
            "books": 1,
            "debit": {"minor": 0, **euro},
            "credit": {"minor": 5, **euro},
            "balance": {"minor": 5, **euro},
        },
    ]
    customer = await world.customer()
    hidden = await customer.http.get("/api/v1/admin/ledger/trial-balance")
    assert hidden.status_code == 404
