"""A fresh system on the same server: asked once, never built twice, its end always known."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.servers.jobs import run, run_task, wake_stuck_tasks
from skypanel.services.actions import hold
from skypanel.services.rules import Hold
from tests.orders.shop import KEY, ok
from tests.provisioning.test_crashes import dying_once
from tests.servers.owned import Owned

BEATS = [
    (run, "_begin"),
    (VirtFusion, "server"),
    (VirtFusion, "ssh_key_ids"),
    (run, "_note_before"),
    (VirtFusion, "build"),
    (run, "_record"),
]


async def builds(owned: Owned) -> int:
    """Installations that the panel accepted, the first one left out."""
    return owned.asked("buildServer") - 1


async def begun(owned: Owned, **changes: Any) -> dict[str, Any]:
    await owned.shop.world.pass_time(minutes=5)
    answer = await owned.reinstall(**changes)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_a_server_is_reinstalled_and_its_new_password_shown_once(owned: Owned) -> None:
    old = await ok(owned.http.post(f"{owned.path}/password/reveal"))
    before = await owned.look()
    owned.shop.world.virtfusion.timing.build_seconds = 30
    task = await begun(owned)
    await owned.shop.drain(2)
    seen = await owned.look()
    about = f"{seen['image']['name']} as fresh.example.com"
    assert (task["kind"], task["about"]) == ("reinstall", about)
    assert (seen["state"], seen["hostname"]) == ("installing", "fresh.example.com")
    assert seen["image"]["name"].startswith("Ubuntu")
    assert seen["active_task"]["note"] == f"Installing {seen['image']['name']}."
    assert not seen["password_available"]
    assert "reinstall" not in seen["can"]
    ended = await owned.see_through()
    assert (ended["state"], ended["error"], ended["note"]) == ("done", None, None)
    seen = await owned.look()
    assert (seen["state"], seen["power"], seen["ipv4"]) == ("ready", "running", before["ipv4"])
    shown = await ok(owned.http.post(f"{owned.path}/password/reveal"))
    assert shown["user"] == seen["image"]["default_user"]
    assert shown["password"] != old["password"]
    assert (await owned.http.post(f"{owned.path}/password/reveal")).status_code == 410
    assert owned.panel.hostname == "fresh.example.com"
    await owned.shop.drain()
    assert await owned.mails("server_reinstalled") == 1
    assert await builds(owned) == 1
    trail = await owned.shop.world.rows(
        "select actor_name, detail->>'about' from audit_entries where verb = 'server.reinstall'"
    )
    assert trail == [("Ada Byron", about)]


async def test_the_old_password_is_gone_with_the_old_system(owned: Owned) -> None:
    assert (await owned.look())["password_available"]
    await begun(owned, password_login=False, new_ssh_key={"name": "laptop", "public_key": KEY})
    assert (await owned.see_through())["state"] == "done"
    assert not (await owned.look())["password_available"]
    assert len(owned.panel.ssh_key_ids) == 1
    kept = (await ok(owned.http.get("/api/v1/ssh-keys")))["items"]
    assert [key["name"] for key in kept] == ["laptop"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"confirm": "web-1"}, 422, "name_not_typed"),
        ({"confirm": ""}, 422, "name_not_typed"),
        ({"hostname": "no spaces"}, 422, "hostname_invalid"),
        ({"password_login": False}, 422, "login_method_missing"),
        ({"ssh_key_ids": ["0199f000-0000-7000-8000-000000000000"]}, 422, "key_unknown"),
        ({"image_id": "0199f000-0000-7000-8000-000000000000"}, 409, "image_not_installable"),
    ],
)
async def test_what_is_not_right_is_refused_and_nothing_done(
    owned: Owned, changes: dict[str, Any], status: int, code: str
) -> None:
    refused = await owned.reinstall(**changes)
    body = refused.json()
    said = body["errors"][0]["code"] if body.get("errors") else body["code"]
    assert (refused.status_code, said) == (status, code)
    assert await owned.shop.world.rows("select 1 from server_tasks") == []


async def test_only_systems_of_the_servers_own_plan_are_offered(owned: Owned) -> None:
    everything = (await ok(owned.http.get("/api/v1/images")))["items"]
    offered = (await ok(owned.http.get(f"{owned.path}/images")))["items"]
    assert {each["id"] for each in offered} <= {each["id"] for each in everything}
    await owned.shop.world.rows(
        "delete from package_templates using panel_templates t, images i"
        " where t.id = package_templates.template_id and i.template_id = t.id and i.family = 'Ubuntu'"
    )
    left = (await ok(owned.http.get(f"{owned.path}/images")))["items"]
    assert left
    assert "Ubuntu" not in {each["family"] for each in left}
    ubuntu = next(each for each in everything if each["family"] == "Ubuntu")
    debian = left[0]
    assert (await owned.reinstall(image_id=ubuntu["id"])).status_code == 409
    assert (await owned.reinstall(image_id=debian["id"])).status_code == 202


async def test_a_held_service_is_not_reinstalled(owned: Owned) -> None:
    service = (await owned.look())["service_id"]
    task = await begun(owned)
    async with owned.shop.world.house.transaction() as db:
        await hold(db, service, Hold.STAFF, "Looked at")
    ended = await owned.see_through()
    assert (ended["id"], ended["state"]) == (task["id"], "failed")
    assert "not active" in ended["error"]
    assert await builds(owned) == 0
    refused = await owned.reinstall()
    assert (refused.status_code, refused.json()["code"]) == (409, "verb_not_allowed")


async def test_a_failed_installation_leaves_a_way_out(owned: Owned) -> None:
    owned.shop.fault("fail_build", "buildServer")
    await begun(owned)
    ended = await owned.see_through()
    assert ended["state"] == "failed"
    assert "Reinstall it again" in ended["error"]
    seen = await owned.look()
    assert (seen["state"], seen["password_available"]) == ("failed", False)
    assert "reinstall" in seen["can"]
    assert "start" not in seen["can"]
    assert await owned.shop.world.rows("select 1 from server_tasks where sealed is not null") == []
    await owned.shop.drain()
    assert await owned.mails("reinstall_failed") == 1
    again = await owned.reinstall(confirm="fresh.example.com")
    assert again.status_code == 202, again.text
    assert (await owned.see_through())["state"] == "done"
    assert (await owned.look())["state"] == "ready"


@pytest.mark.parametrize(
    ("operation", "fault", "times"),
    [
        ("buildServer", "lock", 3),
        ("buildServer", "rate_limit", 2),
        ("buildServer", "unavailable", 1),
        ("getServer", "unavailable", 5),
        ("getServer", "revoked_token", 4),
        ("any", "unavailable", 9),
        ("listUserSshKeys", "lose_answer", 2),
    ],
)
async def test_faults_are_survived(owned: Owned, operation: str, fault: str, times: int) -> None:
    await owned.shop.world.pass_time(minutes=5)
    wish = {"new_ssh_key": {"name": "laptop", "public_key": KEY}}
    assert (await owned.reinstall(**wish)).status_code == 202
    owned.shop.fault(fault, operation, times=times)
    ended = await owned.see_through(200)
    assert (ended["state"], ended["error"]) == ("done", None)
    assert (await owned.look())["state"] == "ready"
    assert await builds(owned) == 1


@pytest.mark.parametrize("build_seconds", [0, 40])
async def test_a_lost_answer_is_looked_up_and_never_repeated(
    owned: Owned, build_seconds: int
) -> None:
    owned.shop.world.virtfusion.timing.build_seconds = build_seconds
    owned.shop.fault("lose_answer", "buildServer")
    await begun(owned)
    ended = await owned.see_through(100)
    assert (ended["state"], ended["error"]) == ("done", None)
    seen = await owned.look()
    assert (seen["state"], seen["password_available"]) == ("ready", False)
    assert "Reset the password" in seen["message"]
    calls = [call.operation for call in owned.shop.world.virtfusion.calls]
    assert calls.count("buildServer") == 2  # the first one made the server


async def test_a_refusal_is_told_and_the_server_stays(owned: Owned) -> None:
    owned.shop.fault("refuse", "buildServer")
    await begun(owned)
    ended = await owned.see_through()
    assert ended["error"] == "The panel refused: The panel was told to refuse this call."
    seen = await owned.look()
    assert (seen["state"], seen["hostname"]) == ("ready", "web-1.example.com")
    assert seen["password_available"], "the old system and its password still count"


async def test_one_of_many_at_once_wins(owned: Owned) -> None:
    await owned.shop.world.pass_time(minutes=5)
    answers = await asyncio.gather(*(owned.reinstall() for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [202, 409, 409, 409]
    task = await owned.task()
    house = owned.shop.world.house
    await asyncio.gather(*(run_task.run(house, task["id"]) for _ in range(3)))
    assert (await owned.see_through())["state"] == "done"
    assert await builds(owned) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "beat"), BEATS, ids=[name for _, name in BEATS])
async def test_a_crash_at_any_beat_builds_once(
    owned: Owned, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str, after: bool
) -> None:
    calls = [0]
    await owned.shop.world.pass_time(minutes=5)
    wish = {"password_login": False, "new_ssh_key": {"name": "k", "public_key": KEY}}
    assert (await owned.reinstall(**wish)).status_code == 202
    monkeypatch.setattr(owner, beat, dying_once(getattr(owner, beat), calls, after=after))
    assert (await owned.see_through(100))["state"] == "done"
    assert calls[0] >= 1, "the beat was never reached"
    seen = await owned.look()
    assert (seen["state"], seen["hostname"]) == ("ready", "fresh.example.com")
    assert await builds(owned) == 1


async def test_a_lost_job_is_woken(owned: Owned) -> None:
    await begun(owned)
    await owned.shop.world.rows("delete from procrastinate_jobs where status = 'todo'")
    await owned.shop.world.pass_time(minutes=2)
    await owned.shop.world.house.queue.tick(wake_stuck_tasks)
    assert (await owned.see_through())["state"] == "done"


async def test_a_server_that_is_gone_is_said_to_be(owned: Owned) -> None:
    owned.shop.world.virtfusion.timing.build_seconds = 30
    await begun(owned)
    await owned.shop.drain()
    owned.shop.world.virtfusion.tables.servers.clear()
    ended = await owned.see_through()
    assert ended["error"] == "The server no longer exists at the panel."
    assert (await owned.look())["state"] == "failed"
