"""Extra addresses of servers that run: paid to the day, given once, given back at the end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.operations.jobs import check_invariants
from skypanel.servers.jobs import run
from tests.addresses.buyer import Buyer
from tests.orders.shop import ok
from tests.provisioning.test_crashes import dying_once


async def test_an_address_is_paid_to_the_day_and_billed_from_then_on(buyer: Buyer) -> None:
    """2 March to 2 April has 31 days; on 12 March 21 are left: 1.02 of 1.50."""
    await buyer.days(10)
    await buyer.shop.deposit(1000)
    shown = await buyer.extras()
    [offer] = shown["offers"]
    assert (offer["days_left"], offer["days_whole"], offer["periods_ahead"]) == (21, 31, 0)
    assert (offer["total"]["minor"], shown["can"], shown["refusal"]) == (102, ["buy"], None)
    wrong = await buyer.buy(quoted_minor=101)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "quote_changed")
    bought = await buyer.buy()
    assert bought.status_code == 202, bought.text
    assert bought.json()["extras"][0]["state"] == "adding"
    twice = await buyer.buy()
    assert (twice.status_code, twice.json()["code"]) == (409, "address_under_way")
    given = await buyer.settle("active")
    assert buyer.panel.ipv4[1:] == [given["address"]]
    assert await buyer.wallet() == 1000 - 102
    assert await buyer.billed() == [(1, True)]
    assert await buyer.mails("extra_address") == 1
    task = await buyer.task()
    assert (task["kind"], task["state"], task["about"]) == ("add_address", "done", given["address"])
    await buyer.shop.world.log_in(buyer.shop.staff.http, buyer.shop.staff.email)
    staff = await ok(buyer.shop.staff.http.get(f"/api/v1/admin{buyer.path[7:]}/extra-addresses"))
    assert (staff["extras"][0]["address"], staff["can"]) == (given["address"], [])
    history = await ok(buyer.http.get(f"{buyer.path}/history"))
    assert {"server.buy_address", "server.add_address"} <= {e["verb"] for e in history["items"]}
    await buyer.days(15)
    lines = "select description, net_minor from invoice_lines order by invoice_id desc, position"
    rows = await buyer.shop.world.rows(lines)
    assert [minor for _, minor in rows[:2]] == [499, 150]


async def test_what_the_wallet_does_not_hold_is_paid_first_or_given_up(buyer: Buyer) -> None:
    bought = await buyer.buy()
    row = bought.json()["extras"][0]
    assert (row["state"], row["can"]) == ("awaiting_payment", ["cancel"])
    dropped = await ok(buyer.http.post(f"/api/v1/extra-addresses/{row['id']}/cancel"))
    assert dropped["extras"][0]["state"] == "cancelled"
    await buyer.buy()
    await buyer.days(2)
    assert (await buyer.latest())["state"] == "expired"
    row = (await buyer.buy()).json()["extras"][0]
    await buyer.shop.deposit(1000)
    paid = await buyer.http.post(
        "/api/v1/payments", json={"invoice_id": row["invoice_id"], "gateway": "wallet"}
    )
    assert paid.status_code == 201, paid.text
    await buyer.settle("active")
    assert len(buyer.panel.ipv4) == 2
    assert await buyer.shop.world.rows("select count(*) from invoices where state = 'void'") == [
        (2,)
    ]


@pytest.mark.parametrize("fault", ["lose_answer", "unavailable", "rate_limit", "lock"])
async def test_whatever_is_lost_it_is_given_once(buyer: Buyer, fault: str) -> None:
    await buyer.shop.deposit(1000)
    buyer.shop.fault(fault, "addServerIpv4Quantity")
    await buyer.buy()
    given = await buyer.settle("active")
    assert buyer.panel.ipv4[1:] == [given["address"]]


@pytest.mark.parametrize(
    ("owner", "beat"),
    [(run, "_begin"), (VirtFusion, "parts"), (VirtFusion, "add_addresses"), (run, "_record")],
    ids=["begin", "parts", "add", "record"],
)
async def test_a_crash_at_any_beat_gives_one(
    buyer: Buyer, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str
) -> None:
    await buyer.shop.deposit(1000)
    calls = [0]
    monkeypatch.setattr(owner, beat, dying_once(getattr(owner, beat), calls, after=True))
    await buyer.buy()
    given = await buyer.settle("active", times=100)
    assert calls[0] >= 1
    assert buyer.panel.ipv4[1:] == [given["address"]]
    assert await buyer.billed() == [(1, True)]


async def test_an_answer_lost_for_hours_is_looked_for_and_not_asked_again(buyer: Buyer) -> None:
    """The panel gave it and then went away: its task ends, a later one finds the address."""
    await buyer.shop.deposit(1000)
    buyer.shop.fault("lose_answer", "addServerIpv4Quantity")
    await buyer.buy()
    await buyer.shop.drain()
    [(state, unclear)] = await buyer.shop.world.rows(
        "select state, unclear from server_tasks where kind = 'add_address'"
    )
    assert (state, unclear) == ("running", True)
    await buyer.shop.world.rows(
        "update server_tasks set state = 'failed', finished_at = now(), error = 'Silent'"
        " where kind = 'add_address'"
    )
    given = await buyer.settle("active")
    assert buyer.panel.ipv4[1:] == [given["address"]]
    assert buyer.asked("addServerIpv4Quantity") <= 1


async def test_what_the_panel_refuses_is_paid_back_and_told_to_staff(buyer: Buyer) -> None:
    await buyer.shop.deposit(1000)
    buyer.shop.fault("refuse", "addServerIpv4Quantity")
    await buyer.buy()
    refused = await buyer.settle("refunded")
    assert "panel refused" in refused["error"]
    assert await buyer.wallet() == 1000
    assert len(buyer.panel.ipv4) == 1
    assert await buyer.billed() == []
    assert await buyer.mails("extra_address") == 1
    await buyer.shop.world.house.queue.tick(check_invariants)
    found = await buyer.shop.world.rows("select check_name from findings where closed_at is null")
    assert ("bought_addresses_given",) in found
    await buyer.buy()
    await buyer.settle("active")


async def test_given_back_it_stays_until_what_is_paid_is_over(buyer: Buyer) -> None:
    await buyer.shop.deposit(1000)
    await buyer.buy()
    address = (await buyer.settle("active"))["address"]
    await buyer.days(26)  # the next invoice is there, with the address on it
    assert address in (await buyer.extras())["returnable"]
    left = await buyer.give_back(address)
    assert left.status_code == 200, left.text
    row = left.json()["extras"][0]
    assert (row["state"], row["ends_at"][:10], row["can"]) == ("leaving", "2026-04-02", ["keep"])
    assert await buyer.billed() == [(1, False)]
    again = await buyer.give_back(address)
    assert again.status_code == 422
    kept = await ok(buyer.http.post(f"/api/v1/extra-addresses/{row['id']}/keep"))
    assert kept["extras"][0]["state"] == "active"
    assert await buyer.billed() == [(1, True)]
    await buyer.give_back(address)
    buyer.shop.fault("lose_answer", "removeServerIpv4")
    await buyer.days(7)
    assert (await buyer.settle("gone"))["address"] == address
    assert buyer.panel.ipv4[1:] == []
    billed = await buyer.shop.world.rows(
        "select i.state, i.total_minor from renewals r join invoices i on i.id = r.invoice_id"
        " where r.state <> 'void'"
    )
    assert [minor for _, minor in billed] == [499]


@pytest.mark.parametrize("buyer", [2], indirect=True)
async def test_addresses_that_came_with_the_order_are_given_back_one_by_one(buyer: Buyer) -> None:
    assert (await buyer.http.post(f"{buyer.path}/sight")).status_code == 202
    await buyer.shop.drain()
    first, *more = buyer.panel.ipv4
    shown = await buyer.extras()
    assert (len(more), shown["returnable"]) == (2, more)
    assert (await buyer.give_back(first)).status_code == 422
    await buyer.give_back(more[0])
    assert await buyer.billed() == [(1, True)]
    assert (await buyer.extras())["returnable"] == [more[1]]
    await buyer.give_back(more[1])
    assert await buyer.billed() == [(1, False)]
    await buyer.days(32)
    assert buyer.panel.ipv4 == [first]


async def test_who_may_and_when(buyer: Buyer) -> None:
    world = buyer.shop.world
    stranger = await world.customer("eve@example.com", "Eve")
    assert (await stranger.http.get(f"{buyer.path}/extra-addresses")).status_code == 404
    wish = {"addon_id": buyer.addon_id, "quoted_minor": 150}
    path = f"{buyer.path}/extra-addresses"
    assert (await stranger.http.post(path, json=wish)).status_code == 404
    other = await buyer.buy(addon_id=str(stranger.account_id))
    assert (other.status_code, other.json()["code"]) == (409, "address_not_sold")
    await buyer.shop.deposit(5000)
    first, second = await asyncio.gather(buyer.buy(), buyer.buy())
    assert sorted((first.status_code, second.status_code)) == [202, 409]
    await buyer.settle("active")
    service = f"/api/v1/services/{buyer.service_id}"
    await ok(buyer.http.post(f"{service}/cancel", json={"at_period_end": True}))
    refused = await buyer.buy()
    assert (refused.status_code, refused.json()["code"]) == (409, "address_not_possible")
    assert "Keep it first" in refused.json()["message"]
    row = (await buyer.extras())["extras"][0]
    assert (
        await stranger.http.post(f"/api/v1/extra-addresses/{row['id']}/keep")
    ).status_code == 404
