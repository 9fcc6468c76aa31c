"""A real guest's screen, carried unread between its machine and whoever watches."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Final

from skypanel.integrations.virtfusion.rfb import NoEntry, Words, enter
from skypanel.integrations.virtfusion.simulator.engine import Watcher

PIECE_BYTES: Final = 1 << 16


async def carry(watcher: Watcher, line: socket.socket) -> None:
    """Carry both ways until the machine or the watcher goes."""
    loop = asyncio.get_running_loop()

    async def heard() -> bytes:
        said = await loop.sock_recv(line, PIECE_BYTES)
        if not said:
            raise NoEntry("the machine has ended")
        return said

    async def say(said: bytes) -> None:
        await loop.sock_sendall(line, said)

    machine = Words(heard, say, PIECE_BYTES * 2)

    async def down() -> None:
        while True:
            await watcher.send(await machine.some())

    async def up() -> None:
        while True:
            await say(await watcher.words.some())

    with line:
        await enter(machine, "")
        ways = [asyncio.create_task(down()), asyncio.create_task(up())]
        try:
            done, _ = await asyncio.wait(ways, return_when="FIRST_COMPLETED")
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        for way in done:
            with contextlib.suppress(OSError):
                way.result()
