"""Servers: power in three beats, one task at a time, a password shown once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.servers.jobs import forget_old_passwords, run, run_task, wake_stuck_tasks
from tests.orders.shop import KEY, Shop, ok
from tests.provisioning.test_crashes import dying_once
from tests.servers.owned import Owned

BEATS = [
    (run, "_begin"),
    (VirtFusion, "power"),
    (VirtFusion, "queue_item"),
    (VirtFusion, "server"),
    (run, "_record"),
]


async def test_power_is_asked_followed_and_read_again(owned: Owned) -> None:
    owned.shop.world.virtfusion.timing.power_seconds = 3
    assert {"restart", "shutdown", "poweroff"} <= set((await owned.look())["can"])
    task = await owned.ask("poweroff")
    assert (task["state"], task["actor"]["kind"]) == ("queued", "user")
    await owned.shop.world.drain()
    seen = await owned.look()
    assert seen["active_task"]["state"] == "running"
    assert not {"start", "restart", "poweroff"} & set(seen["can"])
    busy = await owned.http.post(f"{owned.path}/tasks", json={"kind": "restart"})
    assert (busy.status_code, busy.json()["code"]) == (409, "server_busy")
    ended = await owned.see_through()
    assert (ended["state"], ended["progress"], ended["error"]) == ("done", 100, None)
    seen = await owned.look()
    assert (seen["power"], seen["active_task"]) == ("stopped", None)
    assert "start" in seen["can"]
    again = await owned.http.post(f"{owned.path}/tasks", json={"kind": "poweroff"})
    assert again.status_code == 409
    await owned.ask("start")
    assert (await owned.see_through())["state"] == "done"
    assert (await owned.look())["power"] == "running"


async def test_one_of_many_at_once_wins(owned: Owned) -> None:
    answers = await asyncio.gather(
        *(owned.http.post(f"{owned.path}/tasks", json={"kind": "restart"}) for _ in range(6))
    )
    assert sorted(a.status_code for a in answers) == [202] + [409] * 5
    assert (await owned.see_through())["state"] == "done"
    assert owned.asked("restartServer") == 1


@pytest.mark.parametrize(
    ("kind", "operation", "fault", "times"),
    [
        ("poweroff", "poweroffServer", "lock", 3),
        ("poweroff", "poweroffServer", "rate_limit", 2),
        ("poweroff", "poweroffServer", "unavailable", 1),
        ("shutdown", "shutdownServer", "lose_answer", 1),
        ("poweroff", "any", "unavailable", 9),
        ("shutdown", "getQueueItem", "lose_answer", 4),
        ("poweroff", "getServer", "unavailable", 4),
    ],
)
async def test_faults_are_survived(
    owned: Owned, kind: str, operation: str, fault: str, times: int
) -> None:
    owned.shop.fault(fault, operation, times=times)
    await owned.ask(kind)
    ended = await owned.see_through()
    assert (ended["state"], ended["error"]) == ("done", None)
    assert (await owned.look())["power"] == "stopped"
    assert owned.asked(f"{kind}Server") == 1


async def test_a_restart_of_unknown_outcome_is_never_repeated(owned: Owned) -> None:
    owned.shop.fault("lose_answer", "restartServer")
    await owned.ask("restart")
    ended = await owned.see_through()
    assert ended["state"] == "failed"
    assert "answer was lost" in ended["error"]
    assert (await owned.look())["power"] == "running"
    assert owned.asked("restartServer") == 1


async def test_a_refusal_is_told(owned: Owned) -> None:
    owned.shop.fault("refuse", "restartServer")
    await owned.ask("restart")
    ended = await owned.see_through()
    assert ended["state"] == "failed"
    assert "refused" in ended["error"]
    assert (await owned.look())["can"], "the lock is free again"


async def test_a_lost_job_is_woken(owned: Owned) -> None:
    await owned.ask("poweroff")
    await owned.shop.world.rows("delete from procrastinate_jobs where status = 'todo'")
    await owned.shop.world.pass_time(minutes=2)
    await owned.shop.world.house.queue.tick(wake_stuck_tasks)
    assert (await owned.see_through())["state"] == "done"


async def test_twice_the_same_job_asks_once(owned: Owned) -> None:
    task = await owned.ask("restart")
    house = owned.shop.world.house
    await asyncio.gather(*(run_task.run(house, task["id"]) for _ in range(3)))
    assert (await owned.see_through())["state"] == "done"
    assert owned.asked("restartServer") == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "beat"), BEATS, ids=[name for _, name in BEATS])
async def test_a_crash_at_any_beat_asks_once(
    owned: Owned, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str, after: bool
) -> None:
    calls = [0]
    monkeypatch.setattr(owner, beat, dying_once(getattr(owner, beat), calls, after=after))
    await owned.ask("poweroff")
    assert (await owned.see_through())["state"] == "done"
    assert calls[0] >= 1
    assert (await owned.look())["power"] == "stopped"
    assert owned.asked("poweroffServer") == 1


async def test_the_password_is_shown_once(owned: Owned) -> None:
    shown = await ok(owned.http.post(f"{owned.path}/password/reveal"))
    assert shown["user"] == "root"
    assert len(shown["password"]) >= 12
    assert not (await owned.look())["password_available"]
    again = await owned.http.post(f"{owned.path}/password/reveal")
    assert (again.status_code, again.json()["code"]) == (410, "password_gone")
    everything = await owned.shop.world.rows(
        "select count(*) from idempotency_keys where position(%s in convert_from(body, 'UTF8')) > 0",
        shown["password"],
    )
    assert everything == [(0,)]
    traces = await owned.shop.world.rows(
        "select 1 from audit_entries where detail::text like %s", f"%{shown['password']}%"
    )
    assert traces == []


async def test_the_password_is_gone_after_a_day(owned: Owned) -> None:
    await owned.shop.world.pass_time(hours=25)
    await owned.shop.world.log_in(owned.http, owned.shop.person.email)
    seen = await owned.look()
    assert not seen["password_available"]
    assert "reveal_password" not in seen["can"]
    gone = await owned.http.post(f"{owned.path}/password/reveal")
    assert gone.status_code == 410
    await owned.shop.world.house.queue.tick(forget_old_passwords)
    assert await owned.shop.world.rows("select 1 from server_secrets") == []


async def test_a_label_is_changed_and_found(owned: Owned) -> None:
    answer = await owned.http.patch(owned.path, json={"label": "Front door"})
    assert answer.json()["label"] == "Front door"
    found = await ok(owned.http.get("/api/v1/servers?q=front"))
    assert [each["label"] for each in found["items"]] == ["Front door"]
    assert (await ok(owned.http.get("/api/v1/servers?q=%25")))["items"] == []
    for wrong in ("", "   ", "a\u0000b", "x" * 61):
        assert (await owned.http.patch(owned.path, json={"label": wrong})).status_code == 422


async def test_read_only_people_look_and_do_not_touch(owned: Owned) -> None:
    await owned.shop.world.rows("update members set role = 'read_only'")
    assert (await owned.look())["can"] == []
    for path, body in (
        (f"{owned.path}/tasks", {"kind": "restart"}),
        (f"{owned.path}/password/reveal", None),
    ):
        refused = await owned.http.post(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")


async def test_staff_see_all_servers(owned: Owned) -> None:
    found = await ok(owned.shop.staff.http.get("/api/v1/admin/servers?q=web-1"))
    assert [each["account_name"] for each in found["items"]] == ["Ada Byron"]
    await owned.ask("restart")
    whole = await ok(owned.shop.staff.http.get(f"/api/v1/admin{owned.path[7:]}"))
    assert [task["kind"] for task in whole["tasks"]] == ["restart"]


async def test_keys_are_kept(shop: Shop) -> None:
    account = str(shop.person.account_id)
    body = {"account_id": account, "name": "", "public_key": KEY}
    made = await shop.person.http.post("/api/v1/ssh-keys", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["name"] == "ada@lovelace"
    assert made.json()["fingerprint"].startswith("SHA256:")
    again = await shop.person.http.post("/api/v1/ssh-keys", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "ssh_key_known")
    order = await shop.order(ssh_key_ids=[made.json()["id"]], password_login=False)
    assert order["state"] == "awaiting_payment"
    gone = await shop.person.http.delete(f"/api/v1/ssh-keys/{made.json()['id']}")
    assert gone.status_code == 204
    assert (await ok(shop.person.http.get("/api/v1/ssh-keys")))["items"] == []
