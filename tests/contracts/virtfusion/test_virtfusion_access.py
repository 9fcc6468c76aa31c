"""Guest passwords, keys and one-time log-ins, every exchange held to the contract."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from virtfusion_world import World, installation

from skypanel.integrations.virtfusion.access import pinned
from skypanel.integrations.virtfusion.exchange import Ask, unreadable
from skypanel.integrations.virtfusion.simulator import create_app
from skypanel.integrations.virtfusion.types import Missing, Outcome
from skypanel.platform.outside import Refused, Unavailable, Unknown

PANEL = "https://panel.example.test"
RELATION = "sky-0192/ä 7"


async def test_a_password_counts_once_its_job_has_ended(world: World) -> None:
    server = await world.installed()
    told = await world.panel.reset_password(server.id, "root")
    assert len(told.password) >= 12
    assert told.password not in repr(told)
    assert (await world.panel.queue_item(told.queue_id)).outcome is Outcome.PENDING
    with pytest.raises(Unavailable, match="locked"):
        await world.panel.reset_password(server.id, "root")
    world.turn(2)
    assert (await world.panel.queue_item(told.queue_id)).outcome is Outcome.DONE
    assert (await world.panel.server(server.id, live=True)).live.running  # type: ignore[union-attr]


async def test_a_password_of_a_guest_that_is_off_is_refused(world: World) -> None:
    server = await world.allocated()
    with pytest.raises(Refused, match="guest agent"):
        await world.panel.reset_password(server.id, "root")


async def test_a_job_can_be_made_to_fail(world: World) -> None:
    server = await world.installed()
    world.fault("fail_job")
    told = await world.panel.reset_password(server.id, "Administrator")
    world.turn(2)
    assert (await world.panel.queue_item(told.queue_id)).outcome is Outcome.FAILED


async def test_a_lost_reset_may_have_been_done(world: World) -> None:
    server = await world.installed()
    world.fault("lose_answer", "resetServerPassword")
    with pytest.raises(Unknown):
        await world.panel.reset_password(server.id, "root")
    assert (await world.panel.server(server.id)).busy


async def test_keys_are_added_once_and_dropped(world: World) -> None:
    user = await world.user()
    keys = [("laptop", "ssh-ed25519 AAAAC3Nz ada"), ("desk", "ssh-ed25519 AAAAC3Nx ada")]
    first = await world.panel.ssh_key_ids(user.id, keys)
    assert await world.panel.ssh_key_ids(user.id, keys) == first
    assert await world.panel.ssh_key_ids(user.id, []) == ()
    await world.panel.drop_ssh_key(first[0])
    assert [key.id for key in await world.panel.ssh_keys(user.id)] == [first[1]]
    with pytest.raises(Missing):
        await world.panel.drop_ssh_key(first[0])


async def test_a_one_time_log_in_works_once_and_for_a_minute(world: World) -> None:
    server = await world.allocated()
    await world.panel.build(server.id, installation())
    login = await world.panel.log_in_to_server(RELATION, server.id)
    assert login.url not in repr(login)
    parts = urlsplit(login.url)
    assert (f"{parts.scheme}://{parts.netloc}", parts.path) == (PANEL, "/token_authenticate/")
    assert login.ttl_seconds == 60
    transport = httpx.ASGITransport(create_app(world.state, clock=lambda: world.now))
    async with httpx.AsyncClient(transport=transport, base_url=PANEL) as browser:
        wrong = await browser.get(f"{parts.path}?{parts.query[:-3]}xxx")
        assert wrong.status_code == 403
        login = await world.panel.log_in_to_server(RELATION, server.id)
        landed = await browser.get(login.url, follow_redirects=True)
        assert landed.status_code == 200
        assert "Ada Example" in landed.text
        assert "token" not in str(landed.url)
        assert (await browser.get(login.url)).status_code == 403
        late = await world.panel.log_in_user(RELATION)
        world.turn(61)
        assert (await browser.get(late.url)).status_code == 403


async def test_only_the_owner_is_let_in_to_a_server(world: World) -> None:
    server = await world.allocated()
    await world.user("Bob", "bob")
    with pytest.raises(Missing):
        await world.panel.log_in_to_server("bob", server.id)
    with pytest.raises(Missing):
        await world.panel.log_in_user("nobody")


@pytest.mark.parametrize(
    ("path", "stays"),
    [
        ("/token_authenticate/?1=a&2=b", True),
        ("//evil.example/x", True),
        ("https://evil.example/x", False),
        ("@evil.example/x", False),
        (".evil.example/x", False),
        (":8443/x", False),
        ("", False),
    ],
)
def test_a_log_in_never_leads_away_from_the_panel(path: str, stays: bool) -> None:
    url = pinned(PANEL, path)
    assert (url is not None) == stays
    assert url is None or urlsplit(url).netloc == "panel.example.test"


def test_a_panel_below_a_path_keeps_it() -> None:
    assert pinned(f"{PANEL}/cloud", "/a?b") == f"{PANEL}/cloud/a?b"


def test_an_unreadable_log_in_may_have_been_made() -> None:
    assert isinstance(unreadable(Ask("POST", "/x", frozenset({200})), "why"), Unknown)
