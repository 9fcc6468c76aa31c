"""Hypervisors as staff see them: what is given out, what is sold and free, when it fills."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from skypanel.catalog.jobs import sample_capacity
from skypanel.catalog.rules import address_points, forecast
from skypanel.integrations.virtfusion.simulator.faults import Fault
from tests.orders.shop import Shop, ok

DAY = date(2026, 3, 1)


def days(values: list[int]) -> list[tuple[date, int]]:
    return [(DAY + timedelta(days=index), value) for index, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "left", "state", "full"),
    [
        ([10, 20, 30, 40, 50, 60, 70], 100, "growing", 10),
        ([10, 20, 30, 40, 50, 60, 70], 0, "full", 0),
        ([10, 20, 30, 40, 50, 60, 70], None, "unlimited", None),
        ([10, 20, 30, 40, 50, 60], 100, "thin", None),
        ([70, 60, 50, 40, 30, 20, 10], 100, "steady", None),
        ([50] * 30, 100, "steady", None),
        ([], 100, "thin", None),
    ],
)
def test_a_forecast_says_only_what_its_days_say(
    values: list[int], left: int | None, state: str, full: int | None
) -> None:
    found = forecast(days(values), left)
    assert (found.state, found.full_in_days, found.known_days) == (state, full, len(values))


def test_days_that_jump_about_make_no_sure_line() -> None:
    jumping = forecast(days([0, 90, 10, 80, 0, 99, 20, 95]), 100)
    straight = forecast(days([0, 10, 20, 31, 40, 50, 60, 70]), 100)
    assert (jumping.sure, straight.sure) == (False, True)


def test_gaps_count_as_time_that_passed() -> None:
    points = [(DAY + timedelta(days=day), day * 10) for day in (0, 1, 2, 10, 11, 12, 20)]
    assert forecast(points, 100).full_in_days == 10


def test_a_new_block_of_addresses_is_not_servers_that_left() -> None:
    falling = [100, 99, 98, 97, 350, 349, 348]
    assert [used for _, used in address_points(days(falling))] == [0, 1, 2]


async def shown(shop: Shop) -> dict[str, dict[str, Any]]:
    page = await ok(shop.staff.http.get("/api/v1/admin/hypervisors"))
    return {group["name"]: group for group in page["groups"]}


async def test_the_page_shows_what_was_read_and_asks_nobody(shop: Shop) -> None:
    await shop.see_through(await shop.bought())
    await shop.world.house.queue.tick(sample_capacity)
    calls = len(shop.world.virtfusion.calls)
    groups = await shown(shop)
    assert len(shop.world.virtfusion.calls) == calls
    place = groups["Falkenstein"]
    assert [host["name"] for host in place["hosts"]] == ["fsn-hv1", "fsn-hv2"]
    assert sum(host["servers_used"] for host in place["hosts"]) == 54
    assert {store["name"] for store in place["hosts"][0]["stores"]} == {
        "Local (Default mountpoint)",
        "NVMe pool",
    }
    plans = {plan["name"]: (plan["sold"], plan["free_known"]) for plan in place["plans"]}
    assert plans == {"VPS 1G": (1, True), "VPS 16G": (0, True)}
    assert {each["state"] for each in place["forecasts"]} == {"thin"}
    assert [host["open"] for host in groups["Helsinki"]["hosts"]] == [True, False]
    assert {each["of"]: each["state"] for each in groups["Ashburn"]["forecasts"]}


async def test_days_become_a_forecast(shop: Shop) -> None:
    hosts = shop.world.virtfusion.tables.hypervisors
    for _ in range(10):
        await shop.world.house.queue.tick(sample_capacity)
        await shop.world.pass_time(days=1)
        hosts[8].taken_memory_mb += 1024
    shop.staff = await shop.world.log_in(shop.world.browser(), shop.staff.email)
    place = (await shown(shop))["Ashburn"]
    assert len(place["days"]) == 10
    [memory] = [each for each in place["forecasts"] if each["of"] == "memory"]
    left = place["days"][-1]["memory_mib_left"]
    assert memory["state"] == "growing"
    assert memory["full_in_days"] == -(-left // 1024)
    assert memory["sure"]


async def test_a_group_that_does_not_answer_keeps_its_hosts_and_has_a_gap(shop: Shop) -> None:
    await shop.world.house.queue.tick(sample_capacity)
    before = await shown(shop)
    await shop.world.pass_time(days=1)
    shop.world.virtfusion.faults.set(Fault("unavailable", "getHypervisorGroupResources"))
    await shop.world.house.queue.tick(sample_capacity)
    shop.staff = await shop.world.log_in(shop.world.browser(), shop.staff.email)
    after = await shown(shop)
    assert after == before


async def test_staff_have_them_read_now_and_a_host_that_is_gone_goes(shop: Shop) -> None:
    await shop.world.house.queue.tick(sample_capacity)
    del shop.world.virtfusion.tables.hypervisors[5]
    await shop.world.pass_time(minutes=1)
    answer = await shop.staff.http.post("/api/v1/admin/hypervisors/read")
    assert answer.status_code == 202
    await shop.world.drain()
    place = (await shown(shop))["Falkenstein"]
    assert [host["name"] for host in place["hosts"]] == ["fsn-hv1"]


async def test_customers_do_not_see_the_hosts_machines(shop: Shop) -> None:
    answer = await shop.person.http.get("/api/v1/admin/hypervisors")
    assert answer.status_code == 404
