"""Another password: shown only after its job ended, once, for a day."""

from __future__ import annotations

from typing import Any

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.servers.jobs import forget_old_passwords, run
from tests.orders.shop import ok
from tests.provisioning.test_crashes import dying_once
from tests.servers.owned import Owned

BEATS = [
    (run, "_begin"),
    (VirtFusion, "reset_password"),
    (VirtFusion, "queue_item"),
    (run, "_record"),
]


async def reset(owned: Owned) -> dict[str, Any]:
    answer = await owned.http.post(f"{owned.path}/password/reset")
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_a_password_is_shown_only_once_its_job_ended(owned: Owned) -> None:
    first = await ok(owned.http.post(f"{owned.path}/password/reveal"))
    owned.shop.world.virtfusion.timing.password_seconds = 10
    assert (await reset(owned))["about"] == "of root"
    await owned.shop.drain()
    seen = await owned.look()
    assert seen["active_task"]["kind"] == "reset_password"
    assert not seen["password_available"]
    assert (await owned.http.post(f"{owned.path}/password/reveal")).status_code == 410
    assert (await owned.see_through())["state"] == "done"
    shown = await ok(owned.http.post(f"{owned.path}/password/reveal"))
    assert shown["user"] == "root"
    assert shown["password"] not in ("", first["password"])
    assert (await owned.http.post(f"{owned.path}/password/reveal")).status_code == 410
    for table in ("audit_entries", "procrastinate_jobs", "state_changes", "server_tasks"):
        traces = await owned.shop.world.rows(
            f"select 1 from {table} t where t::text like %s", f"%{shown['password']}%"
        )
        assert traces == [], table
    await owned.shop.drain()
    assert await owned.mails("server_password_reset") == 1


async def test_a_reset_that_fails_leaves_the_old_password(owned: Owned) -> None:
    owned.shop.fault("fail_job", "resetServerPassword")
    await reset(owned)
    ended = await owned.see_through()
    assert ended["state"] == "failed"
    assert "old password still counts" in ended["error"]
    assert (await owned.look())["password_available"], "the first one is still to be seen"
    assert await owned.shop.world.rows("select 1 from server_tasks where sealed is not null") == []
    assert await owned.mails("server_password_reset") == 0


async def test_a_password_nobody_heard_is_set_anew(owned: Owned) -> None:
    owned.shop.fault("lose_answer", "resetServerPassword")
    await reset(owned)
    assert (await owned.see_through())["state"] == "done"
    calls = [call.operation for call in owned.shop.world.virtfusion.calls]
    assert calls.count("resetServerPassword") == 2
    assert (await owned.look())["password_available"]


async def test_a_job_that_is_no_longer_kept_shows_no_password(owned: Owned) -> None:
    owned.shop.world.virtfusion.timing.password_seconds = 10
    await ok(owned.http.post(f"{owned.path}/password/reveal"))
    await reset(owned)
    await owned.shop.drain()
    owned.shop.world.virtfusion.tables.queue.clear()
    ended = await owned.see_through()
    assert "no password that may be wrong" in ended["error"]
    assert not (await owned.look())["password_available"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "beat"), BEATS, ids=[name for _, name in BEATS])
async def test_a_crash_at_any_beat_ends_with_a_password(
    owned: Owned, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str, after: bool
) -> None:
    await ok(owned.http.post(f"{owned.path}/password/reveal"))
    calls = [0]
    monkeypatch.setattr(owner, beat, dying_once(getattr(owner, beat), calls, after=after))
    await reset(owned)
    assert (await owned.see_through(100))["state"] == "done"
    assert calls[0] >= 1
    assert (await ok(owned.http.post(f"{owned.path}/password/reveal")))["password"]


async def test_a_server_that_is_off_can_not_be_asked(owned: Owned) -> None:
    await owned.ask("poweroff")
    await owned.see_through()
    assert "reset_password" not in (await owned.look())["can"]
    refused = await owned.http.post(f"{owned.path}/password/reset")
    assert (refused.status_code, refused.json()["code"]) == (409, "verb_not_allowed")


async def test_a_reset_password_is_gone_after_a_day(owned: Owned) -> None:
    await reset(owned)
    await owned.see_through()
    await owned.shop.world.pass_time(hours=25)
    await owned.shop.world.house.queue.tick(forget_old_passwords)
    assert await owned.shop.world.rows("select 1 from server_secrets") == []
