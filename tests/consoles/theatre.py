"""A server's screen in a test: panel and portal on ports of this process, and somebody who looks.

Sockets cannot go through httpx's in-process transport, so both are really served here.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from pydantic import SecretStr
from tools.ports import free_port
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from skypanel.app.sandbox import QuietServer
from skypanel.integrations.settings import VirtFusionSettings
from skypanel.integrations.virtfusion.rfb import VERSION, Words
from skypanel.integrations.virtfusion.simulator.app import create_app as panel_app
from skypanel.integrations.virtfusion.simulator.machine import Machine
from skypanel.integrations.virtfusion.simulator.paint import CELL_HEIGHT, HEIGHT, WIDTH
from tests.orders.shop import Shop
from tests.world import ORIGIN, TOKEN, Person

PATIENCE_SECONDS = 60
RETURN, CONTROL, ALT, DELETE = 0xFF0D, 0xFFE3, 0xFFE9, 0xFFFF


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[int]:
    """An application on a loopback port of this process."""
    port = free_port()
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    server = QuietServer(config)
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not server.started:
            await asyncio.sleep(0.005)
    try:
        yield port
    finally:
        server.should_exit = True
        await running


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that happens elsewhere in this process."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():
            await asyncio.sleep(0.01)


class Viewer:
    """A browser's viewer: it is let in without a password, keeps the picture, presses keys."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._words = Words(self._receive, socket.send, 8 << 20)
        self.picture = bytearray(WIDTH * HEIGHT * 4)
        self.name = ""

    async def _receive(self) -> bytes:
        return await self.socket.recv(decode=False)

    async def greet(self) -> None:
        """Until the screen's size and name are known."""
        assert await self._words.exactly(12) == VERSION
        await self.socket.send(VERSION)
        assert await self._words.exactly(2) == b"\x01\x01"
        await self.socket.send(b"\x01")
        assert await self._words.exactly(4) == bytes(4)
        await self.socket.send(b"\x01")
        assert struct.unpack(">HH", (await self._words.exactly(20))[:4]) == (WIDTH, HEIGHT)
        self.name = (await self._words.exactly(await self._words.number())).decode()

    async def look(self, *, whole: bool = True) -> None:
        """Ask for the picture and take in what has changed."""
        await self.socket.send(struct.pack(">BBHHHH", 3, 0 if whole else 1, 0, 0, WIDTH, HEIGHT))
        _, rectangles = struct.unpack(">BxH", await self._words.exactly(4))
        for _ in range(rectangles):
            place = struct.unpack(">HHHHi", await self._words.exactly(12))
            x, y, width, height, encoding = place
            assert (x, width, height, encoding) == (0, WIDTH, CELL_HEIGHT, 0)
            size = width * height * 4
            self.picture[y * WIDTH * 4 : y * WIDTH * 4 + size] = await self._words.exactly(size)

    async def key(self, key: int, *, down: bool) -> None:
        await self.socket.send(struct.pack(">BBxxI", 4, down, key))

    async def press(self, *keys: int) -> None:
        for key in keys:
            await self.key(key, down=True)
        for key in reversed(keys):
            await self.key(key, down=False)

    async def type(self, text: str) -> None:
        for character in text:
            await self.press(RETURN if character == "\n" else ord(character))

    async def paste(self, text: str) -> None:
        said = text.encode()
        await self.socket.send(struct.pack(">BxxxI", 6, len(said)) + said)

    async def end(self) -> tuple[int, str]:
        """Until it is closed: by what code, with what word."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            with pytest.raises(ConnectionClosed) as ended:
                while True:
                    await self.socket.recv()
        said = ended.value.rcvd
        assert said is not None, "it broke instead of being closed"
        return said.code, said.reason


class Theatre:
    """A customer's server, the panel behind it and the portal before it."""

    def __init__(self, shop: Shop, server: dict[str, Any], portal: int, panel: int) -> None:
        self.shop = shop
        self.world = shop.world
        self.server_id: str = server["id"]
        self.hostname: str = server["hostname"]
        self.portal, self.panel = portal, panel
        self.path = f"/api/v1/servers/{self.server_id}/console"

    @property
    def machine(self) -> Machine:
        """The guest behind the first server of the panel."""
        [machine] = self.world.virtfusion.screens.machines.values()
        return machine

    async def shows(self, words: str) -> None:
        """Until the guest's screen has these words."""
        await until(lambda: words in self.machine.terminal.text())

    async def ticket(self, person: Person | None = None) -> str:
        answer = await (person or self.shop.person).http.post(self.path)
        assert answer.status_code == 201, answer.text
        assert "no-store" in answer.headers["cache-control"]
        return str(answer.json()["ticket"])

    @asynccontextmanager
    async def opened(
        self, ticket: str, person: Person | None = None, origin: str | None = ORIGIN
    ) -> AsyncIterator[Viewer]:
        """The websocket as a page of this person opens it."""
        jar = (person or self.shop.person).http.cookies
        cookies = "; ".join(f"{each.name}={each.value}" for each in jar.jar)
        async with connect(
            f"ws://127.0.0.1:{self.portal}/api/v1/console",
            origin=origin,
            subprotocols=[Subprotocol("binary"), Subprotocol(f"ticket.{ticket}")],
            additional_headers={"cookie": cookies} if cookies else {},
            compression=None,
            max_size=None,
            proxy=None,
        ) as socket:
            assert socket.subprotocol == "binary"
            yield Viewer(socket)

    @asynccontextmanager
    async def watched(self, person: Person | None = None) -> AsyncIterator[Viewer]:
        """A console from the ticket to the first picture."""
        async with self.opened(await self.ticket(person), person) as viewer:
            await viewer.greet()
            await viewer.look()
            yield viewer


@asynccontextmanager
async def open_theatre(shop: Shop) -> AsyncIterator[Theatre]:
    """A bought server, with panel and portal on ports."""
    server = await shop.server(await shop.standing())
    world = shop.world
    panel = panel_app(world.virtfusion, clock=world.clock.now)
    async with served(panel) as panel_port, served(world.app) as portal_port:
        async with world.house.transaction() as db:
            address = f"http://127.0.0.1:{panel_port}"
            section = VirtFusionSettings(base_url=address, token=SecretStr(TOKEN))
            await world.house.settings.put(db, section)
        world.house.cache.clear()
        yield Theatre(shop, server, portal_port, panel_port)
        await world.house.sockets.farewell()
