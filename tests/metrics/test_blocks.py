"""Extra traffic: paid once, given once, or paid back whole; whatever the panel does."""

from __future__ import annotations

from typing import Any

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.metrics.jobs import blocks as jobs
from skypanel.metrics.jobs import follow_blocks
from skypanel.metrics.rules import TrafficBlockSettings
from skypanel.operations.jobs import check_invariants
from tests.metrics.conftest import Sampled
from tests.orders.shop import ok
from tests.provisioning.test_crashes import dying_once

PRICE = 250


class Buyer(Sampled):
    """Somebody whose server may have more traffic."""

    async def buy(self, quoted: int | None = None) -> Any:
        offer = (await self.traffic())["offer"]
        wish = {"quoted_minor": offer["total"]["minor"] if quoted is None else quoted}
        return await self.http.post(f"{self.path}/traffic-blocks", json=wish)

    async def balance(self) -> int:
        account = self.shop.person.account_id
        wallet = await ok(self.http.get(f"/api/v1/wallet?account_id={account}"))
        return int(wallet["balance"]["minor"])

    def given(self) -> list[int]:
        return [one.gb for one in self.world.virtfusion.tables.traffic_blocks.values()]

    async def settle(self, minutes: int = 10) -> dict[str, Any]:
        """Let jobs and timers do their work until the purchase has ended."""
        for _ in range(minutes * 2):
            await self.shop.drain()
            await self.world.house.queue.tick(follow_blocks)
            [purchase, *_] = (await self.traffic())["purchases"]
            if purchase["state"] in ("done", "refunded"):
                return purchase
            await self.world.pass_time(seconds=30)
        raise AssertionError(f"it never ended: {purchase}")


@pytest.fixture
async def buyer(sampled: Sampled) -> Buyer:
    house = sampled.world.house
    async with house.transaction() as db:
        await house.settings.put(db, TrafficBlockSettings(block_gb=500, prices=("EUR 2.50",)))
    house.cache.clear()
    await sampled.round()
    await sampled.shop.deposit(10_000)
    return Buyer(sampled.shop, await ok(sampled.http.get(sampled.path)))


async def test_a_block_is_paid_and_added(buyer: Buyer) -> None:
    traffic = await buyer.traffic()
    assert traffic["can"] == ["buy_block"]
    total = traffic["offer"]["total"]["minor"]
    assert total >= PRICE
    before = await buyer.balance()
    bought = await buyer.buy()
    assert bought.status_code == 202, bought.text
    assert bought.json()["can"] == []
    assert await buyer.balance() == before - total
    purchase = await buyer.settle()
    assert purchase["state"] == "done"
    assert buyer.given() == [500]
    invoice = await ok(buyer.http.get(f"/api/v1/invoices/{purchase['invoice_id']}"))
    assert (invoice["state"], invoice["total"]["minor"]) == ("paid", total)
    await buyer.round()
    [period] = (await buyer.traffic())["periods"]
    assert period["allowed_gb"] == 1500
    assert (await buyer.buy()).status_code == 202, "and another"
    await buyer.settle()
    assert buyer.given() == [500, 500]


async def test_two_at_once_are_one(buyer: Buyer) -> None:
    assert (await buyer.buy()).status_code == 202
    again = await buyer.http.post(f"{buyer.path}/traffic-blocks", json={"quoted_minor": 298})
    assert (again.status_code, again.json()["code"]) == (409, "block_under_way")
    await buyer.settle()
    assert buyer.given() == [500]


async def test_what_is_not_sold_is_refused(buyer: Buyer) -> None:
    changed = await buyer.buy(quoted=1)
    assert (changed.status_code, changed.json()["code"]) == (409, "block_price_changed")
    await buyer.world.rows("update traffic_periods set limit_gb = 0")
    assert (await buyer.traffic())["offer"] is None
    answer = await buyer.http.post(f"{buyer.path}/traffic-blocks", json={"quoted_minor": 298})
    assert (answer.status_code, answer.json()["code"]) == (409, "block_not_sold")
    assert await buyer.world.rows("select 1 from block_purchases") == []


async def test_without_money_nothing_happens(buyer: Buyer) -> None:
    house = buyer.world.house
    async with house.transaction() as db:
        await house.settings.put(db, TrafficBlockSettings(block_gb=500, prices=("EUR 900",)))
    house.cache.clear()
    short = await buyer.buy()
    assert (short.status_code, short.json()["code"]) == (409, "balance_short")
    assert await buyer.world.rows("select 1 from block_purchases") == []
    [(count,)] = await buyer.world.rows("select count(*) from invoices where state <> 'paid'")
    assert count == 0


async def test_those_who_may_not_pay_may_not_buy(buyer: Buyer) -> None:
    total = (await buyer.traffic())["offer"]["total"]["minor"]
    await buyer.world.rows("update members set role = 'technical'")
    assert (await buyer.traffic())["can"] == []
    refused = await buyer.buy(quoted=total)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    stranger = await buyer.world.customer("eve@example.com", "Eve Else")
    hidden = await stranger.http.post(f"{buyer.path}/traffic-blocks", json={"quoted_minor": total})
    assert hidden.status_code == 404


async def test_a_refusal_pays_all_of_it_back(buyer: Buyer) -> None:
    before = await buyer.balance()
    buyer.shop.fault("refuse", "addTrafficBlock")
    await buyer.buy()
    purchase = await buyer.settle()
    assert purchase["state"] == "refunded"
    assert "refused" in purchase["error"]
    assert await buyer.balance() == before
    assert buyer.given() == []
    notes = await buyer.world.rows("select 1 from invoices where kind = 'credit_note'")
    assert len(notes) == 1


async def test_a_server_that_is_gone_pays_back(buyer: Buyer) -> None:
    before = await buyer.balance()
    await buyer.buy()
    buyer.world.virtfusion.tables.servers.clear()
    assert (await buyer.settle())["state"] == "refunded"
    assert await buyer.balance() == before


@pytest.mark.parametrize(
    ("fault", "operation", "times"),
    [
        ("lose_answer", "addTrafficBlock", 1),
        ("unavailable", "addTrafficBlock", 2),
        ("rate_limit", "addTrafficBlock", 1),
        ("unavailable", "listTrafficBlocks", 9),
        ("lose_answer", "listTrafficBlocks", 9),
        ("unavailable", "any", 9),
    ],
)
async def test_faults_are_survived(buyer: Buyer, fault: str, operation: str, times: int) -> None:
    before = await buyer.balance()
    total = (await buyer.traffic())["offer"]["total"]["minor"]
    buyer.shop.fault(fault, operation, times=times)
    await buyer.buy()
    assert (await buyer.settle(60))["state"] == "done"
    assert buyer.given() == [500]
    assert await buyer.balance() == before - total


BEATS = [
    (jobs.actions, "begin_visit"),
    (VirtFusion, "traffic_blocks"),
    (jobs.actions, "note_asking"),
    (VirtFusion, "add_traffic_block"),
    (jobs.actions, "finish_purchase"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "beat"), BEATS, ids=[name for _, name in BEATS])
async def test_a_crash_at_any_beat_gives_one_block(
    buyer: Buyer, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str, after: bool
) -> None:
    calls = [0]
    monkeypatch.setattr(owner, beat, dying_once(getattr(owner, beat), calls, after=after))
    before = await buyer.balance()
    total = (await buyer.traffic())["offer"]["total"]["minor"]
    await buyer.buy()
    assert (await buyer.settle(60))["state"] == "done"
    assert calls[0] >= 1
    assert buyer.given() == [500]
    assert await buyer.balance() == before - total


async def test_a_period_that_ends_first_pays_back(buyer: Buyer) -> None:
    before = await buyer.balance()
    buyer.shop.fault("unavailable", "any", times=None)
    await buyer.buy()
    await buyer.shop.drain()
    await buyer.world.pass_time(days=40)
    await buyer.again()
    buyer.world.virtfusion.faults.clear()
    assert (await buyer.settle(30))["state"] == "refunded"
    assert buyer.given() == []
    assert await buyer.balance() == before


async def test_one_that_is_not_settled_is_a_finding(buyer: Buyer) -> None:
    buyer.shop.fault("unavailable", "any", times=None)
    await buyer.buy()
    await buyer.shop.drain()
    await buyer.world.pass_time(hours=2)
    await buyer.world.house.queue.tick(check_invariants)
    found = await buyer.world.rows("select check_name from findings where closed_at is null")
    assert ("bought_blocks_added",) in found


@pytest.mark.parametrize("price", ["4.90", "EUR", "EUR 0", "EUR 1.234", "XX 1", "EUR -1", "EUR x"])
def test_a_price_that_cannot_be_read_is_refused(price: str) -> None:
    with pytest.raises(ValueError, match="such as EUR"):
        TrafficBlockSettings(block_gb=1, prices=(price,))
