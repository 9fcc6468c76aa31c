"""The ledger can be proved: balances are rebuilt from entries, and each figure leads to its cause."""

from __future__ import annotations

from uuid import UUID, uuid4

from skypanel.ledger.actions import book, post, prove
from skypanel.ledger.jobs import prove_balances
from skypanel.platform.money import Money
from tests.invoices.bills import issue, line, pay
from tests.world import World


async def break_(world: World, statement: str, *parameters: object) -> None:
    """Do what the triggers forbid, as somebody with the database's password could."""
    async with world.house.pool.connection() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(statement.encode(), parameters)


async def attention(world: World) -> list[dict[str, object]]:
    staff = await world.staff(f"{uuid4().hex}@host.example")
    home = (await staff.http.get("/api/v1/admin/home")).json()
    return [each for each in home["attention"] if each["kind"] == "ledger_difference"]


async def test_a_ledger_that_agrees_is_proved(world: World) -> None:
    person = await world.customer()
    await pay(world, await issue(world, person, line()))
    await world.house.queue.tick(prove_balances)
    assert await world.rows("select books, differences from ledger_proofs") == [(4, 0)]
    assert await world.rows("select 1 from ledger_differences") == []
    assert await attention(world) == []


async def test_a_broken_balance_is_found_audited_and_told_until_it_is_mended(world: World) -> None:
    person = await world.customer()
    await pay(world, await issue(world, person, line()))
    await break_(world, "update books set balance_minor = balance_minor + 7 where kind = 'revenue'")
    for _ in range(2):  # a second night finds the same difference, not another one
        await world.house.queue.tick(prove_balances)
    found = await world.rows(
        "select recorded_minor, rebuilt_minor, settled_at from ledger_differences"
    )
    assert found == [(1007, 1000, None)]
    audited = await world.rows(
        "select detail->>'book' from audit_entries where verb = 'ledger.difference'"
    )
    assert audited == [("revenue",)]
    [told] = await attention(world)
    assert "revenue EUR" in str(told["title"])
    assert told["subject"]
    await break_(world, "update books set balance_minor = balance_minor - 7 where kind = 'revenue'")
    await world.house.queue.tick(prove_balances)
    assert await world.rows("select 1 from ledger_differences where settled_at is null") == []
    assert await attention(world) == []


async def test_an_entry_without_its_counterpart_is_found(world: World) -> None:
    person = await world.customer()
    await pay(world, await issue(world, person, line()))
    await break_(world, "delete from entries where amount_minor = 1000")
    await world.house.queue.tick(prove_balances)
    found = await world.rows(
        "select book_id is null, recorded_minor, rebuilt_minor from ledger_differences order by 1"
    )
    assert found == [(False, 1000, 0), (True, -1000, 0)]


async def test_every_book_is_rebuilt_when_there_are_more_than_fit_one_batch(
    world: World,
) -> None:
    person = await world.customer()
    await pay(world, await issue(world, person, line()))
    before = prove.BOOKS_AT_ONCE
    prove.BOOKS_AT_ONCE = 1
    try:
        await break_(world, "update books set balance_minor = balance_minor + 1")
        await world.house.queue.tick(prove_balances)
    finally:
        prove.BOOKS_AT_ONCE = before
    assert await world.rows("select books, differences from ledger_proofs") == [(4, 4)]


async def test_from_a_figure_to_its_cause(world: World) -> None:
    person = await world.customer()
    invoice = await pay(world, await issue(world, person, line()))
    staff = await world.staff()

    async def ask(path: str, **params: str) -> dict[str, object]:
        answer = await staff.http.get(f"/api/v1/admin/ledger{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    report = await ask("/trial-balance")
    assert report["proof"] is None
    assert sum(each["balance"]["minor"] for each in report["items"]) == 0  # type: ignore[attr-defined]
    [revenue] = (await ask("/books", kind="revenue", currency="EUR"))["items"]  # type: ignore[misc]
    [owed] = (await ask("/books", kind="receivable", currency="EUR"))["items"]  # type: ignore[misc]
    assert (revenue["balance"]["minor"], revenue["account_id"]) == (1000, None)
    assert (await ask(f"/books/{owed['id']}"))["account_name"] == "Ada Byron"
    [entry] = (await ask(f"/books/{revenue['id']}/entries"))["items"]  # type: ignore[misc]
    assert (entry["amount"]["minor"], entry["balance_after"]["minor"]) == (1000, 1000)
    transfer = await ask(f"/transfers/{entry['transfer_id']}")
    assert transfer["subject"] == {"kind": "invoice", "id": str(invoice.id)}
    legs = {leg["book"]: leg["amount"]["minor"] for leg in transfer["entries"]}  # type: ignore[attr-defined]
    assert legs == {"receivable": -1190, "revenue": 1000, "tax": 190}
    assert (await staff.http.get(f"/api/v1/admin/ledger/transfers/{uuid4()}")).status_code == 404
    asked = await staff.http.post("/api/v1/admin/ledger/proofs")
    assert asked.status_code == 204
    await world.drain()
    assert (await ask("/trial-balance"))["proof"] == {
        "at": "2026-03-02T09:00:00Z",
        "books": 4,
        "differences": 0,
    }


async def test_a_books_entries_come_in_pages(world: World) -> None:
    async with world.house.transaction() as db:
        revenue = await book(db, "revenue", "EUR")
        clearing = await book(db, "paypal_clearing", "EUR")
    for turn in range(3):
        async with world.house.transaction() as db:
            await post(
                db,
                key=f"test:{turn}",
                reason=f"Number {turn}",
                entries=[(revenue.id, Money(5, "EUR")), (clearing.id, Money(-5, "EUR"))],
            )
    staff = await world.staff()
    path = f"/api/v1/admin/ledger/books/{revenue.id}/entries"
    first = (await staff.http.get(path, params={"limit": 2})).json()
    rest = (await staff.http.get(path, params={"cursor": first["next"]})).json()
    assert [each["balance_after"]["minor"] for each in first["items"] + rest["items"]] == [
        15,
        10,
        5,
    ]
    assert rest["next"] is None
    assert UUID(first["items"][0]["transfer_id"])
