"""The way to a server's screen: pinned to the panel, in no repr, and logged into as VNC does."""

from __future__ import annotations

import asyncio

import pytest
from virtfusion_world import World

from skypanel.integrations.virtfusion import console
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.console import WayIn
from skypanel.integrations.virtfusion.rfb import NoEntry, Words, admit, enter, response_to
from skypanel.integrations.virtfusion.screen import open_screen
from skypanel.integrations.virtfusion.simulator import greeting
from skypanel.platform.outside import Refused, Unavailable

HOST = "wss://panel.example.test/vnc/?token="


async def test_each_opening_is_a_fresh_way(world: World) -> None:
    server = await world.installed()
    first = await world.panel.open_console(server.id)
    second = await world.panel.open_console(server.id)
    assert first.url.startswith(HOST)
    assert first.url != second.url
    assert first.origin == "https://panel.example.test"
    for secret in (first.password, first.url.removeprefix(HOST)):
        assert len(secret) >= 8
        assert secret not in repr(first)
    read = await world.panel.console(server.id)
    assert read.password == first.password
    screens = world.state.screens
    assert screens.take(first.url.removeprefix(HOST), world.now) is None, "ended by the next"
    assert screens.take(read.url.removeprefix(HOST), world.now) == server.id
    assert screens.take(read.url.removeprefix(HOST), world.now) is None, "single use"


async def test_a_token_is_soon_too_old(world: World) -> None:
    server = await world.installed()
    way = await world.panel.open_console(server.id)
    world.turn(31)
    assert world.state.screens.take(way.url.removeprefix(HOST), world.now) is None


@pytest.mark.parametrize(
    ("root", "told", "url"),
    [
        ("https://p.test", "/vnc/?token=t", "wss://p.test/vnc/?token=t"),
        ("http://p.test:81/api/v1", "/vnc/?token=t", "ws://p.test:81/vnc/?token=t"),
        ("https://p.test/sub", "/vnc/?token=t", "wss://p.test/vnc/?token=t"),
        ("https://p.test", "wss://p.test/vnc/?token=t", "wss://p.test/vnc/?token=t"),
        ("https://p.test", "https://p.test:443/vnc/?token=t", "wss://p.test/vnc/?token=t"),
        ("https://p.test", "wss://evil.test/vnc/?token=t", None),
        ("https://p.test", "//evil.test/vnc/?token=t", None),
        ("https://p.test", "wss://p.test:8443/vnc/?token=t", None),
        ("https://p.test", "ws://p.test/vnc/?token=t", None),
        ("https://p.test", "wss://p.test@evil.test/", None),
        ("https://p.test", "wss://user:pw@p.test/", None),
        ("https://p.test", "gopher://p.test/", None),
        ("https://p.test", "https://p.test.evil.test/", None),
    ],
)
def test_the_screen_is_on_the_panel(root: str, told: str, url: str | None) -> None:
    import httpx

    panel = VirtFusion(root, "token", http=httpx.AsyncClient()).panel
    assert console._on_the_panel(httpx.URL(panel), told) == url


async def test_another_host_is_refused_without_being_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await world.installed()
    monkeypatch.setattr(console, "_on_the_panel", lambda *_: None)
    with pytest.raises(Refused) as refused:
        await world.panel.open_console(server.id)
    assert refused.value.code == "foreign_host"
    assert "token" not in str(refused.value)


async def test_a_panel_that_is_not_there_is_unavailable() -> None:
    from tools.ports import free_port

    way = WayIn(f"ws://127.0.0.1:{free_port()}/vnc/?token=hush-hush", "secret", "http://x.test")
    with pytest.raises(Unavailable) as gone:
        await open_screen(way)
    assert "hush" not in str(gone.value)
    assert gone.value.__cause__ is None
    assert gone.value.__context__ is None


def test_the_password_is_proved_as_vnc_does() -> None:
    """Reckoned by OpenSSL's own single DES."""
    proof = response_to(bytes(range(16)), "password")
    assert proof.hex() == "b866924125c8eebb9debc1db61c538e2"
    assert response_to(bytes(16), "12345678") == response_to(bytes(16), "123456789")
    assert response_to(bytes(16), "1") != response_to(bytes(16), "2")


class Wire:
    """Two ends that talk."""

    def __init__(self) -> None:
        ways: list[asyncio.Queue[bytes]] = [asyncio.Queue(), asyncio.Queue()]
        self.left = Words(ways[0].get, ways[1].put)
        self.right = Words(ways[1].get, ways[0].put)


async def test_both_sides_of_the_portal_understand_each_other() -> None:
    panel, browser = Wire(), Wire()
    _, admitted = await asyncio.gather(
        enter(panel.left, "sesame"), greeting.admit(panel.right, "sesame")
    )
    assert admitted
    await browser.right.send(b"RFB 003.008\n")
    await browser.right.send(b"\x01rest")
    await admit(browser.left)
    assert browser.left.rest == b"rest"


async def test_a_wrong_password_is_said(world: World) -> None:
    wire = Wire()
    with pytest.raises(NoEntry, match="Authentication failure") as no:
        await asyncio.gather(enter(wire.left, "wrong"), greeting.admit(wire.right, "right"))
    assert "wrong" not in str(no.value)


@pytest.mark.parametrize(
    "said",
    [
        b"RFB 003.003\n",
        b"HTTP/1.1 400 ",
        b"RFB 003.008\n\x00\x00\x00\x00\x04busy",
        b"RFB 003.008\n\x01\x13",
        b"x" * 5000,
    ],
)
async def test_what_is_not_a_screen_is_not_entered(said: bytes) -> None:
    wire = Wire()
    await wire.right.send(said)
    with pytest.raises(NoEntry):
        await enter(wire.left, "any")


async def test_a_redirect_is_not_followed() -> None:
    """A panel's websocket that leads elsewhere leads nowhere."""
    from websockets.asyncio.server import ServerConnection, serve
    from websockets.http11 import Request, Response

    visited: list[str] = []

    async def elsewhere(connection: ServerConnection) -> None:
        visited.append("elsewhere")

    async with serve(elsewhere, "127.0.0.1", 0) as other:
        away = f"ws://127.0.0.1:{other.sockets[0].getsockname()[1]}/"

        def lead(connection: ServerConnection, request: Request) -> Response:
            answer = connection.respond(302, "")
            answer.headers["Location"] = away
            return answer

        async with serve(elsewhere, "127.0.0.1", 0, process_request=lead) as panel:
            port = panel.sockets[0].getsockname()[1]
            with pytest.raises(Unavailable):
                await open_screen(WayIn(f"ws://127.0.0.1:{port}/", "p", "http://x.test"))
    assert visited == []
