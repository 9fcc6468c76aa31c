"""Alerts: raised once, cleared once, told once, never by a gap."""

from __future__ import annotations

from typing import Any

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Live
from tests.metrics.conftest import Sampled
from tests.orders.shop import ok


class Guest:
    """What the hypervisor tells, as a test wants it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cpu = 10.0
        self.running = True
        self.full = 10
        monkeypatch.setattr(VirtFusion, "live", self._live())

    def _live(self) -> Any:
        async def live(panel: VirtFusion, server_id: int) -> Live:
            return Live(
                running=self.running,
                cpu_percent=self.cpu,
                memory_total_kib=1000,
                memory_available_kib=500,
                disk_read_bytes=0,
                disk_written_bytes=0,
                filesystems=(),
            )

        return live


@pytest.fixture
def guest(monkeypatch: pytest.MonkeyPatch) -> Guest:
    return Guest(monkeypatch)


async def mails(sampled: Sampled, kind: str) -> int:
    await sampled.world.drain()
    [(count,)] = await sampled.world.rows(
        "select count(*) from mail_messages where kind = %s", kind
    )
    return int(count)


async def test_a_busy_processor_is_told_once_and_its_end_once(
    sampled: Sampled, guest: Guest
) -> None:
    await sampled.set("cpu", threshold=80, minutes=10)
    await sampled.rounds(10)
    guest.cpu = 97
    await sampled.rounds(10)
    assert await sampled.alerts() == []
    await sampled.rounds(30)
    [alert] = await sampled.alerts()
    assert (alert["state"], alert["kind"], alert["value"]) == ("raised", "cpu", 97)
    assert await mails(sampled, "alert_raised") == 1
    home = await ok(sampled.http.get("/api/v1/alerts?state=raised"))
    assert [each["id"] for each in home["items"]] == [alert["id"]]
    guest.cpu = 77  # below, but not clearly
    await sampled.rounds(30)
    assert (await sampled.alerts())[0]["state"] == "raised"
    guest.cpu = 20
    await sampled.rounds(30)
    [alert] = await sampled.alerts()
    assert (alert["state"], alert["reason"]) == ("cleared", "recovered")
    assert await mails(sampled, "alert_raised") == 1
    assert await mails(sampled, "alert_cleared") == 1
    assert (await ok(sampled.http.get("/api/v1/alerts?state=raised")))["items"] == []
    history = await sampled.world.rows(
        "select verb, state_before, state_after from state_changes where subject_kind = 'alerts'"
    )
    assert history == [("clear", "raised", "cleared")]


async def test_an_outage_neither_raises_nor_clears(sampled: Sampled, guest: Guest) -> None:
    await sampled.set("cpu", threshold=80, minutes=10)
    await sampled.set("down", minutes=5)
    sampled.shop.fault("unavailable", "any", times=None)
    await sampled.rounds(60)
    assert await sampled.alerts() == []
    sampled.world.virtfusion.faults.clear()
    guest.cpu = 97
    await sampled.rounds(20)
    assert len(await sampled.alerts()) == 1
    sampled.shop.fault("unavailable", "any", times=None)
    await sampled.rounds(120)
    assert [each["state"] for each in await sampled.alerts()] == ["raised"]


async def test_a_server_that_fell_is_told_and_one_that_was_switched_off_is_not(
    sampled: Sampled, guest: Guest
) -> None:
    await sampled.set("down", minutes=5)
    await sampled.rounds(5)
    guest.running = False
    await sampled.rounds(15)
    assert [each["kind"] for each in await sampled.alerts()] == ["down"]
    guest.running = True
    await sampled.rounds(15)
    assert [each["state"] for each in await sampled.alerts()] == ["cleared"]
    asked = await sampled.http.post(f"{sampled.path}/tasks", json={"kind": "poweroff"})
    assert asked.status_code == 202
    for _ in range(5):
        await sampled.shop.drain()
        await sampled.world.pass_time(seconds=5)
    guest.running = False
    await sampled.rounds(60)
    assert len(await sampled.alerts()) == 1, "its owner switched it off"


async def test_traffic_is_told_at_its_share(sampled: Sampled) -> None:
    await sampled.set("traffic", threshold=1, minutes=0)
    await sampled.round()
    assert await sampled.alerts() == []
    for _ in range(30):
        await sampled.world.pass_time(hours=5)
        await sampled.round()
    await sampled.again()
    [alert] = await sampled.alerts()
    assert alert["kind"] == "traffic"
    for _ in range(40):
        await sampled.world.pass_time(days=1)
        await sampled.round()
    await sampled.again()
    states = [each["state"] for each in await sampled.alerts()]
    assert "cleared" in states, "a new period begins at nothing"


async def test_a_changed_threshold_ends_what_it_raised_without_a_mail(
    sampled: Sampled, guest: Guest
) -> None:
    await sampled.set("cpu", threshold=80, minutes=0)
    guest.cpu = 97
    await sampled.rounds(5)
    assert len(await sampled.alerts()) == 1
    await sampled.set("cpu", threshold=80, minutes=0)
    assert (await sampled.alerts())[0]["state"] == "raised", "the same again changes nothing"
    await sampled.set("cpu", threshold=99, minutes=0)
    [alert] = await sampled.alerts()
    assert (alert["state"], alert["reason"]) == ("cleared", "rule_changed")
    assert await mails(sampled, "alert_cleared") == 0
    await sampled.rounds(10)
    assert len(await sampled.alerts()) == 1
    rules = await ok(sampled.http.get(f"{sampled.path}/alert-rules"))
    assert rules["can"] == ["change"]
    assert [each["kind"] for each in rules["rules"] if each["enabled"]] == ["cpu"]
    entries = await sampled.world.rows(
        "select detail from audit_entries where verb = 'server.alert_rules' order by id"
    )
    assert [entry[0]["cpu"]["threshold"] for entry in entries] == [80, 99]


async def test_alerts_of_a_server_that_is_suspended_are_over(
    sampled: Sampled, guest: Guest
) -> None:
    await sampled.set("cpu", threshold=80, minutes=0)
    guest.cpu = 97
    await sampled.rounds(5)
    await sampled.world.rows("update servers set standing = 'suspended'")
    await sampled.keep()
    [alert] = await sampled.alerts()
    assert (alert["state"], alert["reason"]) == ("cleared", "not_watched")
    assert await mails(sampled, "alert_cleared") == 0


async def test_only_those_who_operate_are_written_to(sampled: Sampled, guest: Guest) -> None:
    await sampled.set("cpu", threshold=80, minutes=0)
    await sampled.world.rows("update members set role = 'billing'")
    guest.cpu = 97
    await sampled.rounds(5)
    assert await mails(sampled, "alert_raised") == 0


@pytest.mark.parametrize(
    "rules",
    [
        [{"kind": "cpu", "threshold": 0, "minutes": 5, "enabled": True}],
        [{"kind": "cpu", "threshold": 101, "minutes": 5, "enabled": True}],
        [{"kind": "cpu", "threshold": 50, "minutes": 121, "enabled": True}],
        [{"kind": "noise", "threshold": 50, "minutes": 5, "enabled": True}],
        [{"kind": "cpu", "minutes": 5, "enabled": True}] * 2,
    ],
)
async def test_a_threshold_that_makes_no_sense_is_refused(
    sampled: Sampled, rules: list[dict[str, Any]]
) -> None:
    answer = await sampled.http.put(f"{sampled.path}/alert-rules", json={"rules": rules})
    assert answer.status_code == 422, answer.text
