"""Staff's doors to jobs and settings."""

from __future__ import annotations

from uuid import UUID

import pytest
from pydantic import SecretStr
from tests.world import PANEL, TOKEN, World

from skypanel.app.seed import SandboxSettings
from skypanel.integrations.settings import PayPalSettings, SmtpSettings, VirtFusionSettings
from skypanel.operations.queries import queue_figures
from skypanel.platform.ids import new_id

DEFER = (
    "insert into procrastinate_jobs (queue_name, task_name, args)"
    " values ('default', %s, jsonb_build_object('message_id', %s::text)) returning id"
)


async def dead_job(world: World, subject: UUID, name: str = "mail.send") -> int:
    """A job that ran once, failed for good and said why."""
    [(job_id,)] = await world.rows(DEFER, name, str(subject))
    for status in ("doing", "failed"):
        await world.rows(f"update procrastinate_jobs set status = '{status}' where id = %s", job_id)
    await world.rows(
        "insert into job_failures (job_id, attempt, at, kind, message)"
        " values (%s, 8, now(), 'Unavailable', 'smtp: nobody is there')",
        job_id,
    )
    return int(job_id)


async def test_a_dead_job_is_shown_with_its_error_and_retried(world: World) -> None:
    staff = await world.staff()
    subject = new_id()
    job_id = await dead_job(world, subject)
    listed = (await staff.http.get("/api/v1/admin/jobs?state=dead")).json()
    [job] = listed["items"]
    assert job["id"] == job_id
    assert job["error"] == "smtp: nobody is there"
    assert job["subject"] == {"kind": "mail", "id": str(subject)}
    assert job["attempts_max"] == 8
    assert job["can"] == ["retry"]
    assert job["created_at"] <= job["started_at"] <= job["finished_at"]
    one = (await staff.http.get(f"/api/v1/admin/jobs/{job_id}")).json()
    assert one["failures"][0]["kind"] == "Unavailable"
    again = await staff.http.post(f"/api/v1/admin/jobs/{job_id}/retry")
    assert again.status_code == 202, again.text
    assert (again.json()["state"], again.json()["attempts"]) == ("waiting", 0)
    twice = await staff.http.post(f"/api/v1/admin/jobs/{job_id}/retry")
    assert (twice.status_code, twice.json()["code"]) == (409, "job_not_dead")
    await world.drain()
    assert (await staff.http.get(f"/api/v1/admin/jobs/{job_id}")).json()["state"] == "done"
    assert await world.rows(
        "select subject_id, detail ->> 'name' from audit_entries where subject_kind = 'job'"
    ) == [(str(job_id), "mail.send")]


async def test_a_job_this_version_does_not_know_is_not_retried(world: World) -> None:
    staff = await world.staff()
    job_id = await dead_job(world, new_id(), "old.gone")
    one = (await staff.http.get(f"/api/v1/admin/jobs/{job_id}")).json()
    assert (one["can"], one["attempts_max"]) == ([], None)
    refused = await staff.http.post(f"/api/v1/admin/jobs/{job_id}/retry")
    assert refused.status_code == 409
    assert (await staff.http.get("/api/v1/admin/jobs/999999")).status_code == 404


async def test_jobs_page_by_id_and_are_found_by_what_they_are_about(world: World) -> None:
    staff = await world.staff()
    subject = new_id()
    for _ in range(5):
        await world.rows(DEFER, "mail.send", str(new_id()))
    [(wanted,)] = await world.rows(DEFER, "mail.send", str(subject))
    found = (await staff.http.get(f"/api/v1/admin/jobs?subject={subject}")).json()
    assert [job["id"] for job in found["items"]] == [wanted]
    seen: list[int] = []
    path = "/api/v1/admin/jobs?limit=2&name=mail.send"
    cursor = ""
    while True:
        page = (await staff.http.get(path + cursor)).json()
        seen += [job["id"] for job in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == 6
    assert seen == sorted(seen, reverse=True)
    assert (await staff.http.get("/api/v1/admin/jobs?name=none.such")).json()["items"] == []


async def test_the_queues_figures(world: World) -> None:
    await dead_job(world, new_id())
    [(job_id,)] = await world.rows(DEFER, "mail.send", str(new_id()))
    await world.rows(
        "update procrastinate_events set at = now() - interval '90 seconds' where job_id = %s",
        job_id,
    )
    figures = await queue_figures(world.house.read())
    assert (figures.waiting, figures.dead) == (1, 1)
    assert figures.oldest_seconds is not None
    assert 89 < figures.oldest_seconds < 120
    await world.rows(
        "update procrastinate_jobs set scheduled_at = now() + interval '1 hour' where id = %s",
        job_id,
    )
    assert (await queue_figures(world.house.read())).oldest_seconds is None


async def test_settings_are_shown_without_secrets_and_changed_by_field(world: World) -> None:
    staff = await world.staff()
    body = (await staff.http.get("/api/v1/admin/settings")).text
    assert TOKEN not in body
    assert '"virtfusion"' in body
    path = "/api/v1/admin/settings/virtfusion"
    changed = await staff.http.put(path, json={"values": {"base_url": f"{PANEL}/", "token": ""}})
    assert changed.status_code == 200, changed.text
    kept = await world.house.settings.get(VirtFusionSettings)
    assert kept.token.get_secret_value() == TOKEN
    await staff.http.put(path, json={"values": {"token": "t0p-new"}})
    [(fields,), (first,)] = await world.rows(
        "select detail -> 'fields' from audit_entries where subject_kind = 'settings'"
        " order by id desc"
    )
    assert (fields, first) == (["token"], ["base_url"])
    assert await world.rows("select 1 from audit_entries where detail::text like '%%t0p%%'") == []
    assert await world.rows("select 1 from settings where sealed::text like '%%t0p%%'") == []


async def test_a_section_that_stays_the_same_is_no_change(world: World) -> None:
    staff = await world.staff()
    path = "/api/v1/admin/settings/virtfusion"
    await staff.http.put(path, json={"values": {"base_url": PANEL}})
    assert await world.rows("select 1 from audit_entries where subject_kind = 'settings'") == []


@pytest.mark.parametrize(
    ("values", "field"), [({"port": "many"}, "values.port"), ({"colour": "red"}, "values.colour")]
)
async def test_wrong_settings_are_refused_by_field(
    world: World, values: dict[str, object], field: str
) -> None:
    staff = await world.staff()
    refused = await staff.http.put("/api/v1/admin/settings/smtp", json={"values": values})
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert (
        await staff.http.put("/api/v1/admin/settings/nothing", json={"values": {}})
    ).status_code == 404


async def test_a_check_says_whether_the_vendor_lets_us_in(world: World) -> None:
    staff = await world.staff()
    path = "/api/v1/admin/settings/virtfusion/check"
    assert (await staff.http.post(path)).json()["ok"] is True
    async with world.house.transaction() as db:
        await world.house.settings.put(
            db, VirtFusionSettings(base_url=PANEL, token=SecretStr("wrong"))
        )
        stored = await world.house.settings.get(PayPalSettings)
        right = {
            "client_id": world.paypal.client_id,
            "client_secret": SecretStr(world.paypal.client_secret),
        }
        await world.house.settings.put(db, stored.model_copy(update=right))
        await world.house.settings.put(
            db, SmtpSettings(host="127.0.0.1", port=9, security="none", from_address="a@b.example")
        )
    world.house.cache.clear()
    refused = (await staff.http.post(path)).json()
    assert refused["ok"] is False
    assert "wrong" not in refused["message"]
    paypal = (await staff.http.post("/api/v1/admin/settings/paypal/check")).json()
    assert paypal["ok"] is True, paypal
    away = (await staff.http.post("/api/v1/admin/settings/smtp/check")).json()
    assert away["ok"] is False


@pytest.mark.parametrize("path", ["jobs", "settings"])
async def test_the_machine_is_not_there_for_customers(world: World, path: str) -> None:
    person = await world.customer()
    assert (await person.http.get(f"/api/v1/admin/{path}")).status_code == 404
    assert (await world.http.get(f"/api/v1/admin/{path}")).status_code == 401


async def test_support_may_see_jobs_but_not_change_settings(world: World) -> None:
    staff = await world.staff("support@host.example", "support")
    refused = await staff.http.put("/api/v1/admin/settings/smtp", json={"values": {}})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")


async def test_whether_the_sandbox_is_seeded_is_no_setting_of_staff(world: World) -> None:
    staff = await world.staff()
    async with world.house.transaction() as db:
        await world.house.settings.put(db, SandboxSettings(seeded=True))
    listed = (await staff.http.get("/api/v1/admin/settings")).json()["items"]
    assert "brand" in {each["section"] for each in listed}
    assert "sandbox" not in {each["section"] for each in listed}
    asked = {"values": {"seeded": False}}
    answer = await staff.http.put("/api/v1/admin/settings/sandbox", json=asked)
    assert answer.status_code == 404
    assert (await world.house.settings.get(SandboxSettings)).seeded
