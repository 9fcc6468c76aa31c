"""Proving the ledger, every night and whenever staff ask."""

from __future__ import annotations

from skypanel.ledger.actions import prove_books, prove_currencies, record_proof
from skypanel.platform.house import House
from skypanel.platform.jobs import timer
from skypanel.platform.read import FIRST_ID


@timer("41 2 * * *")
async def prove_balances(house: House) -> None:
    """Rebuild every balance from its entries, some hundred books at a time."""
    books = differences = 0
    after = FIRST_ID
    while True:
        async with house.transaction() as db:
            proved = await prove_books(db, after)
        books += proved.books
        differences += proved.differences
        if proved.last is None:
            break
        after = proved.last
    async with house.transaction() as db:
        differences += await prove_currencies(db)
        record_proof(db, books=books, differences=differences)
