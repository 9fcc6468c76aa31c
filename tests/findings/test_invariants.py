"""Each law holds in a normal world, is seen broken when it is broken by hand, and heals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from skypanel.findings.rules import FOUND_MAX
from skypanel.operations.jobs import check_invariants
from skypanel.operations.queries import CHECKS
from skypanel.renewals.jobs import bill_due_services
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import days, running, tick
from tests.world import World


async def look(world: World) -> None:
    await world.house.queue.tick(check_invariants)


async def states(shop: Shop) -> dict[str, str]:
    health = await ok(shop.staff.http.get("/api/v1/admin/health"))
    return {check["name"]: check["state"] for check in health["checks"]}


async def findings(shop: Shop, check: str) -> list[dict[str, Any]]:
    health = await ok(shop.staff.http.get("/api/v1/admin/health"))
    [found] = [each["findings"] for each in health["checks"] if each["name"] == check]
    return found  # type: ignore[no-any-return]


async def by_hand(world: World, *statements: str) -> None:
    """Past every trigger: what no code of ours does."""
    async with world.house.pool.connection() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement.encode())


async def run_once(world: World) -> None:
    """The billing run as its timer starts it: a job of the queue."""
    async with world.house.transaction() as db:
        world.house.queue.enqueue(db, bill_due_services)
    await world.drain(hurry=True)


async def normal(shop: Shop) -> UUID:
    """A bought server, a renewal paid, a run just ended: nothing is wrong."""
    service_id = await running(shop)
    await shop.deposit(5000)
    await days(shop.world, 32)
    await run_once(shop.world)
    shop.staff = await shop.world.log_in(shop.world.browser(), shop.staff.email)
    return service_id


NEW_RENEWAL = """
insert into renewals (id, service_id, account_id, number, invoice_id, state, period_starts_at,
    period_ends_at, due_on, total_minor, currency, done, billed_at)
select '0199f000-0000-7000-8000-0000000000aa', service_id, account_id, number + 7, null, 'free',
    period_starts_at + interval '1 day', period_ends_at + interval '1 day', due_on, total_minor,
    currency, done, billed_at
from renewals order by id limit 1
"""
LAST = "(select max(id) from procrastinate_jobs where task_name = 'renewals.bill_due_services')"
OVERDUE = """
update procrastinate_jobs set status = 'todo', scheduled_at = now() - interval '6 minutes'
where id = 1
"""
BROKEN: list[tuple[str, list[str], list[str]]] = [
    (
        "ledger_sums_to_zero",
        ["update books set balance_minor = balance_minor + 1 where kind = 'revenue'"],
        ["update books set balance_minor = balance_minor - 1 where kind = 'revenue'"],
    ),
    (
        "money_has_its_place",
        ["update transfers set subject_id = null where subject_kind = 'payment'"],
        ["update transfers t set subject_id = p.id from payments p where t.at = p.settled_at and t.subject_kind = 'payment'"],
    ),
    (
        "paid_order_served",
        ["update orders set state = 'paid'"],
        ["update orders set state = 'active'"],
    ),
    (
        "panel_answers",
        [
            ("insert into vendor_gates (vendor, level, seen_at, failures, failing_since_at, shut_at)"
            " values ('virtfusion', 0, now(), 7, now(), now())")
        ],
        ["update vendor_gates set shut_at = null"],
    ),
    ("one_charge_per_period", [NEW_RENEWAL], ["delete from renewals where state = 'free'"]),
    (
        "coming_period",
        ["update schedules set parked_at = '2026-04-01', parked_because = 'by hand'"],
        ["update schedules set parked_at = null, parked_because = null"],
    ),
    (
        "coming_period",
        ["update schedules set next_at = next_at - interval '90 days'"],
        ["update schedules set next_at = next_at + interval '90 days'"],
    ),
    (
        "run_is_approved",
        ["insert into run_gates (id, needed) values (1, true)",
         "update schedules set next_at = next_at - interval '90 days'"],
        ["update schedules set next_at = next_at + interval '90 days'"],
    ),
    (
        "hours_are_counted",
        ["update services set cycle = 'hourly'"],
        ["update services set cycle = 'monthly'"],
    ),
    (
        "prepaid_usage_is_open_months",
        ["insert into books (id, kind, currency, account_id, balance_minor, created_at) select gen_random_uuid(), 'prepaid_usage', 'EUR', id, 7, now() from accounts"],
        ["delete from books where kind = 'prepaid_usage'"],
    ),
    (
        "active_service_has_server",
        ["update servers set standing = 'gone'"],
        ["update servers set standing = 'free'"],
    ),
    (
        "no_dead_job",
        ["update procrastinate_jobs set status = 'failed' where id = 1"],
        ["update procrastinate_jobs set status = 'succeeded' where id = 1"],
    ),
    (
        "queue_moves",
        [OVERDUE],
        ["update procrastinate_jobs set status = 'succeeded' where id = 1"],
    ),
    (
        "billing_run_runs",
        [f"update procrastinate_events set at = at - interval '11 minutes' where job_id = {LAST}"],
        [f"update procrastinate_events set at = at + interval '11 minutes' where job_id = {LAST}"],
    ),
]  # fmt: skip


async def test_every_law_holds_in_a_normal_world(shop: Shop) -> None:
    assert set((await states(shop)).values()) == {"unchecked"}
    await normal(shop)
    await look(shop.world)
    health = await ok(shop.staff.http.get("/api/v1/admin/health"))
    assert {each["name"]: each["findings"] for each in health["checks"] if each["findings"]} == {}
    assert {each["state"] for each in health["checks"]} == {"holds"}
    assert health["late"] is False


@pytest.mark.parametrize(("check", "crime", "amends"), BROKEN, ids=lambda each: str(each)[:40])
async def test_a_broken_law_is_seen_and_its_mending_too(
    shop: Shop, check: str, crime: list[str], amends: list[str]
) -> None:
    await normal(shop)
    await look(shop.world)
    await by_hand(shop.world, *crime)
    await look(shop.world)
    assert (await states(shop))[check] == "broken"
    await by_hand(shop.world, *amends)
    await look(shop.world)
    assert set((await states(shop)).values()) == {"holds"}


async def test_a_proved_difference_is_a_finding(shop: Shop) -> None:
    await normal(shop)
    queue = shop.world.house.queue
    prove = queue.jobs["ledger.prove_balances"]
    await by_hand(shop.world, "update books set balance_minor = balance_minor + 1"
                              " where kind in ('revenue', 'wallet')")  # fmt: skip
    await queue.tick(prove)
    await look(shop.world)
    assert len(await findings(shop, "balances_are_proved")) == 2
    await by_hand(shop.world, "update books set balance_minor = balance_minor - 1"
                              " where kind in ('revenue', 'wallet')")  # fmt: skip
    await queue.tick(prove)
    await look(shop.world)
    assert set((await states(shop)).values()) == {"holds"}


def test_each_law_is_broken_above_or_with_its_metrics() -> None:
    elsewhere = {
        "balances_are_proved",
        "samples_on_time",
        "panel_tells_load",
        "bought_blocks_added",
        "bought_addresses_given",
    }
    assert {check for check, *_ in BROKEN} | elsewhere == {check.name for check in CHECKS}


async def test_it_opens_once_is_told_once_and_closes_by_itself(shop: Shop) -> None:
    world = shop.world
    await normal(shop)
    await by_hand(world, "update procrastinate_jobs set status = 'failed' where id in (1, 2)")
    for _ in range(3):
        await look(world)
        await world.pass_time(minutes=5)
    await world.drain(hurry=True)
    rows = await world.rows("select opened_at, closed_at, digest_id from findings")
    assert [closed for _, closed, _ in rows] == [None, None]
    assert len({opened for opened, _, _ in rows}) == 1
    assert len({digest for _, _, digest in rows}) == 1
    told = await world.rows("select \"to\" from mail_messages where kind = 'findings'")
    assert told == [("owner@host.example",)]
    await by_hand(world, "update procrastinate_jobs set status = 'succeeded' where id in (1, 2)")
    await look(world)
    assert await world.rows("select 1 from findings where closed_at is null") == []


async def test_what_flaps_is_one_finding(shop: Shop) -> None:
    world = shop.world
    await normal(shop)
    for status in ("failed", "succeeded", "failed", "succeeded", "failed"):
        await by_hand(world, f"update procrastinate_jobs set status = '{status}' where id = 1")
        await look(world)
        await world.pass_time(minutes=5)
    assert len(await world.rows("select 1 from findings")) == 1
    await by_hand(world, "update procrastinate_jobs set status = 'succeeded' where id = 1")
    await look(world)
    await world.pass_time(hours=2)
    await by_hand(world, "update procrastinate_jobs set status = 'failed' where id = 1")
    await look(world)
    assert len(await world.rows("select 1 from findings")) == 2


async def test_a_timer_that_died_is_made_good_by_its_next_run(shop: Shop) -> None:
    world = shop.world
    await normal(shop)
    timed = (
        "insert into procrastinate_jobs (queue_name, task_name, args, status)"
        " values (%(queue)s, 'provisioning.converge', '{\"timestamp\": 1}', %(status)s)"
    )
    async with world.house.transaction() as db:
        await db.run(timed, queue="timers", status="failed")
    await look(world)
    assert len(await findings(shop, "no_dead_job")) == 1
    async with world.house.transaction() as db:
        await db.run(timed, queue="timers", status="succeeded")
    await look(world)
    assert await findings(shop, "no_dead_job") == []


async def test_staff_take_note_with_a_reason(shop: Shop) -> None:
    world = shop.world
    await normal(shop)
    await by_hand(world, "update procrastinate_jobs set status = 'failed' where id = 1")
    await look(world)
    [found] = await findings(shop, "no_dead_job")
    door = f"/api/v1/admin/findings/{found['id']}/acknowledge"
    support = await world.staff("sam@host.example", "support")
    refused = await support.http.post(door, json={"reason": "It is me."})
    assert refused.status_code == 403, refused.text
    assert (await shop.staff.http.post(door, json={"reason": ""})).status_code == 422
    answer = await ok(shop.staff.http.post(door, json={"reason": "Known, waits for Monday."}))
    assert answer["can"] == []
    assert answer["acknowledged_by"] == "Olga Owner"
    assert (await states(shop))["no_dead_job"] == "known"
    await look(world)
    assert (await states(shop))["no_dead_job"] == "known"
    [(reason,)] = await world.rows(
        "select detail->>'reason' from audit_entries where verb = 'finding.acknowledge'"
    )
    assert reason == "Known, waits for Monday."
    await by_hand(world, "update procrastinate_jobs set status = 'succeeded' where id = 1")
    await look(world)
    gone = await shop.staff.http.post(door, json={"reason": "Too late."})
    assert gone.json()["code"] == "finding_closed"


async def test_what_cannot_be_checked_is_said_and_the_others_go_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = shop.world
    await normal(shop)
    await by_hand(world, "update procrastinate_jobs set status = 'failed' where id = 1")
    await look(world)
    [dead] = [check for check in CHECKS if check.name == "no_dead_job"]
    monkeypatch.setattr(dead, "sql", b"select nothing from nowhere")
    await look(world)
    seen = await states(shop)
    assert seen["no_dead_job"] == "unchecked"
    assert seen["coming_period"] == "holds"
    assert len(await findings(shop, "no_dead_job")) == 1  # it stands: nobody saw that it is right


async def test_a_flood_is_cut_and_closes_nothing(shop: Shop) -> None:
    world = shop.world
    await normal(shop)
    flood = f"""
        insert into procrastinate_jobs (queue_name, task_name, priority, args, status)
        select 'default', 'flood', 0, '{{}}', 'failed' from generate_series(1, {FOUND_MAX + 20})
    """
    await by_hand(world, flood)
    await look(world)
    await by_hand(world, "delete from procrastinate_jobs where id in"
                         " (select id from procrastinate_jobs where task_name = 'flood' limit 5)")  # fmt: skip
    await look(world)
    assert len(await world.rows("select 1 from findings where closed_at is null")) > FOUND_MAX
    await by_hand(world, "delete from procrastinate_jobs where task_name = 'flood'")
    await look(world)
    assert await world.rows("select 1 from findings where closed_at is null") == []


async def test_staff_may_ask_for_a_look_and_read_the_history(shop: Shop) -> None:
    world = shop.world
    await normal(shop)
    asked = await shop.staff.http.post("/api/v1/admin/health/check")
    assert asked.status_code == 202
    await by_hand(world, "update procrastinate_jobs set status = 'failed' where id = 1")
    await world.drain()
    assert (await states(shop))["no_dead_job"] == "broken"
    page = await ok(shop.staff.http.get("/api/v1/admin/findings?state=open&check=no_dead_job"))
    assert [each["subject"] for each in page["items"]] == [{"kind": "job", "id": "1"}]
    assert (await ok(shop.staff.http.get("/api/v1/admin/findings?state=closed")))["items"] == []
    figures = (await world.http.get("/metrics")).text
    assert 'skypanel_findings{check="no_dead_job",known="no"} 1.0' in figures
    assert 'skypanel_findings{check="queue_moves",known="no"} 0.0' in figures


async def test_nobody_looks_any_more_and_the_page_says_so(shop: Shop) -> None:
    await look(shop.world)
    await by_hand(shop.world, "update check_looks set tried_at = now() - interval '16 minutes'")
    assert (await ok(shop.staff.http.get("/api/v1/admin/health")))["late"] is True


async def test_the_company_clock_alone_makes_nobody_late(shop: Shop) -> None:
    await look(shop.world)
    await tick(shop.world)
    await shop.world.pass_time(hours=3)
    assert (await ok(shop.staff.http.get("/api/v1/admin/health")))["late"] is False
