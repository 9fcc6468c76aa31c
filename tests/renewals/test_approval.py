"""A run that waits for staff does nothing beyond their approval, and then each thing once."""

from __future__ import annotations

from datetime import timedelta

from skypanel.operations.jobs import check_invariants
from tests.orders.shop import Shop, ok
from tests.renewals.calendar import acts, days, running, tick
from tests.world import World

GATE, APPROVALS = "/api/v1/admin/billing-run/gate", "/api/v1/admin/billing-run/approvals"
REASON = "We look at each week first."


async def asked(shop: Shop, *, needed: bool) -> None:
    await again(shop)
    await ok(shop.staff.http.put(GATE, json={"needed": needed, "reason": REASON}))


async def again(shop: Shop) -> None:
    """Weeks go by between the visits of staff."""
    shop.staff = await shop.world.log_in(shop.world.browser(), shop.staff.email)


async def approve(shop: Shop, count: int) -> None:
    await again(shop)
    preview = await ok(shop.staff.http.get(f"/api/v1/admin/billing-run/preview?days={count}"))
    wish = {"until": preview["until"], "reason": REASON}
    await ok(shop.staff.http.post(APPROVALS, json=wish))


async def waiting(shop: Shop) -> list[str]:
    await again(shop)
    await shop.world.house.queue.tick(check_invariants)
    health = await ok(shop.staff.http.get("/api/v1/admin/health"))
    wanted = ("run_is_approved", "coming_period")
    return [
        found["text"]
        for check in health["checks"]
        if check["name"] in wanted
        for found in check["findings"]
    ]


async def steps(world: World) -> list[str]:
    return [step for step, *_ in await acts(world)]


async def test_by_itself_unless_it_is_asked_to_wait(shop: Shop) -> None:
    gate = await ok(shop.staff.http.get(GATE))
    assert gate == {
        "needed": False, "approved_until": None, "approved_at": None, "approved_by": None,
        "reason": None,
    }  # fmt: skip
    await running(shop)
    await days(shop.world, 26)
    assert await steps(shop.world) == ["issue"]


async def test_nothing_is_done_that_nobody_approved(shop: Shop) -> None:
    world = shop.world
    await running(shop)
    await asked(shop, needed=True)
    await days(world, 26)
    assert await steps(world) == []
    [text] = await waiting(shop)
    assert text.startswith("1 service waits for an approval of the billing run")
    await approve(shop, 1)
    await tick(world)
    assert await steps(world) == ["issue"]
    assert await waiting(shop) == []
    await days(world, 8)
    assert await steps(world) == ["issue"]  # what fell due after that day waits again
    assert len(await waiting(shop)) == 1
    await asked(shop, needed=False)
    await tick(world)
    assert await steps(world) == ["issue", "remind", "collect", "roll"]  # late, each once
    assert await world.rows("select count(*) from renewals") == [(1,)]
    assert await waiting(shop) == []


async def test_exactly_what_was_approved(shop: Shop) -> None:
    """Approved up to the instant of an act it is done, up to a moment before it is not."""
    world = shop.world
    await running(shop)
    await asked(shop, needed=True)
    [(next_at,)] = await world.rows("select next_at from schedules")
    wish = {"reason": REASON, "until": (next_at - timedelta(seconds=1)).isoformat()}
    await ok(shop.staff.http.post(APPROVALS, json=wish))
    await days(world, 40)
    assert await steps(world) == []
    assert (await ok_gate(shop))["approved_by"] == "Olga Owner"
    await world.rows("update run_gates set approved_until = %s", next_at)
    await tick(world)
    assert await steps(world) == ["issue"]


async def ok_gate(shop: Shop) -> dict[str, object]:
    await again(shop)
    return await ok(shop.staff.http.get(GATE))


async def test_an_approval_is_bounded_reasoned_audited_and_never_shrinks(shop: Shop) -> None:
    world = shop.world
    now = world.clock.now()
    for until in (now - timedelta(days=1), now + timedelta(days=93)):
        wish = {"until": until.isoformat(), "reason": REASON}
        refused = await shop.staff.http.post(APPROVALS, json=wish)
        assert refused.json()["code"] == "approval_out_of_reach"
    bare = {"until": now.isoformat(), "reason": ""}
    assert (await shop.staff.http.post(APPROVALS, json=bare)).status_code == 422
    await approve(shop, 30)
    far = (await ok_gate(shop))["approved_until"]
    await approve(shop, 7)
    assert (await ok_gate(shop))["approved_until"] == far
    engineer = await world.staff("eva@host.example", "engineer")
    wish = {"until": now.isoformat(), "reason": REASON}
    assert (await engineer.http.post(APPROVALS, json=wish)).status_code == 403
    told = await world.rows("select verb from audit_entries where verb = 'run.approve'")
    assert len(told) == 2
