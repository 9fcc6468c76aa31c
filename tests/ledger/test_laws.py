"""Whatever is posted: everything sums to zero, and each balance is the sum of its entries."""

from __future__ import annotations

import os
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skypanel.ledger.actions import book, post
from skypanel.ledger.errors import BalanceTooLow, TransferUnbalanced
from skypanel.platform.money import Money
from tests.search import Loop
from tests.world import World

CURRENCIES = ("EUR", "JPY")
KINDS = ("wallet", "receivable", "revenue", "tax", "paypal_clearing")
AMOUNTS = st.integers(-(10**9), 10**9)
TRANSFERS = st.lists(
    st.tuples(
        st.sampled_from(CURRENCIES),
        st.lists(st.tuples(st.sampled_from(KINDS), AMOUNTS), min_size=1, max_size=5),
        st.sampled_from(KINDS),  # takes the rest, so that most transfers balance
        st.integers(0, 3),  # keys repeat now and then
        st.booleans(),
    ),
    max_size=8,
)

EXAMPLES = int(os.environ.get("SKYPANEL_LAW_EXAMPLES", "40"))  # `make prove` searches longer


async def run(world: World, account_id: UUID, transfers: list, keys: str) -> None:
    for currency, parts, rest_kind, key, balanced in transfers:
        try:
            async with world.house.transaction() as db:
                entries = []
                for kind, minor in [*parts, (rest_kind, -sum(minor for _, minor in parts))]:
                    owner = account_id if kind in ("wallet", "receivable") else None
                    held = await book(db, kind, currency, owner)
                    entries.append((held.id, Money(minor, currency)))
                chosen = entries if balanced else entries[:-1]
                await post(db, key=f"{keys}:{key}", reason="Law", entries=chosen)
        except (BalanceTooLow, TransferUnbalanced):
            continue


async def test_sums_agree(world: World) -> None:
    person = await world.customer()
    assert person.account_id is not None
    account_id = person.account_id
    loop = Loop()
    posted: list[int] = []

    async def check() -> None:
        off = await world.rows(
            "select currency, sum(amount_minor) from entries"
            " group by currency having sum(amount_minor) <> 0"
        )
        wrong = await world.rows(
            "select b.kind from books b left join entries e on e.book_id = b.id group by b.id"
            " having b.balance_minor <> coalesce(sum(e.amount_minor), 0)"
        )
        low = await world.rows("select 1 from books where kind = 'wallet' and balance_minor < 0")
        assert (off, wrong, low) == ([], [], [])
        [(count,)] = await world.rows("select count(*) from transfers")
        posted.append(count)

    @settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(TRANSFERS)
    def law(transfers: list) -> None:
        async def once() -> None:
            await run(world, account_id, transfers, str(uuid4()))
            await check()

        loop.do(once())

    await loop.search(law)
    assert max(posted) > 20, "the law saw almost no transfer"
