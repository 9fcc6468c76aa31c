"""A label is carried to the panel; the hostname is the server's own affair."""

from __future__ import annotations

import pytest

from skypanel.integrations.virtfusion.client import VirtFusion
from tests.provisioning.test_crashes import dying_once
from tests.servers.owned import Owned


async def rename(owned: Owned, label: str) -> None:
    answer = await owned.http.patch(owned.path, json={"label": label})
    assert answer.status_code == 200, answer.text


async def test_the_panel_calls_a_server_by_its_label(owned: Owned) -> None:
    await rename(owned, "Front door")
    assert owned.panel.name == "web-1.example.com", "nothing at the panel in the request"
    await owned.shop.drain()
    assert (owned.panel.name, owned.panel.hostname) == ("Front door", "web-1.example.com")
    await rename(owned, "Front door")
    await owned.shop.drain()
    assert owned.asked("modifyServerName") == 0  # it answers 201
    names = [c for c in owned.shop.world.virtfusion.calls if c.operation == "modifyServerName"]
    assert len(names) == 1


@pytest.mark.parametrize("fault", ["unavailable", "lose_answer", "rate_limit", "refuse"])
async def test_a_panel_that_is_not_there_hears_it_later(owned: Owned, fault: str) -> None:
    owned.shop.fault(fault, "modifyServerName", times=2)
    await rename(owned, "Back door")
    await owned.shop.drain(4)
    assert owned.panel.name == "Back door"


async def test_the_last_label_wins_whatever_died(
    owned: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [0]
    monkeypatch.setattr(VirtFusion, "rename", dying_once(VirtFusion.rename, calls, after=True))
    await rename(owned, "One")
    await rename(owned, "Two")
    await owned.shop.drain(4)
    assert calls[0] >= 2
    assert owned.panel.name == "Two"


async def test_a_reinstalled_server_keeps_its_label(owned: Owned) -> None:
    await rename(owned, "Front door")
    await owned.shop.drain()
    await owned.shop.world.pass_time(minutes=5)
    assert (await owned.reinstall(confirm="Front door")).status_code == 202
    await owned.see_through()
    assert (owned.panel.name, (await owned.look())["label"]) == ("Front door", "Front door")
