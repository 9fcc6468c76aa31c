"""A server's screen, opened: the panel's websocket with the login behind it.

`websockets` logs addresses and bytes at its finest level, so it gets a logger that never goes so
far; nothing here keeps an exception that may hold an address with its token.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from functools import cache
from typing import Final

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin, Subprotocol

from skypanel.integrations.virtfusion.console import ScreenEnded, WayIn
from skypanel.integrations.virtfusion.rfb import NoEntry, Words, enter
from skypanel.integrations.virtfusion.types import VENDOR
from skypanel.platform.outside import OutsideError, Refused, Unavailable

OPEN_SECONDS, CLOSE_SECONDS, PING_SECONDS = 10.0, 2.0, 20.0
FRAME_BYTES_MAX: Final = 4 << 20
FRAMES_HELD: Final = 4  # unread; then the panel is not read until the browser has caught up
UNSENT_BYTES: Final = 64 << 10

_LOG = logging.getLogger("skypanel.screen")
_LOG.setLevel(logging.WARNING)


def _as_it_is(self: connect, exc: Exception) -> Exception | str:  # noqa: ARG001
    return exc


class _Straight(connect):
    """A connection to where it was asked for and nowhere else: a redirect is a failure."""

    process_redirect = _as_it_is


class Screen:
    """One open screen: bytes of RFB after the login, both ways."""

    __slots__ = ("_connection", "_first")

    def __init__(self, connection: ClientConnection, first: bytes) -> None:
        self._connection = connection
        self._first = first

    async def receive(self) -> bytes:
        """What the screen says next; raises ScreenEnded."""
        if self._first:
            first, self._first = self._first, b""
            return first
        return await _receive(self._connection)

    async def send(self, data: bytes) -> None:
        """Say something to the screen; waits while it does not listen. Raises ScreenEnded."""
        await _send(self._connection, data)

    async def close(self) -> None:
        await self._connection.close()


async def _receive(connection: ClientConnection) -> bytes:
    try:
        message = await connection.recv(decode=False)
    except ConnectionClosed:
        raise ScreenEnded from None
    return message


async def _send(connection: ClientConnection, data: bytes) -> None:
    try:
        await connection.send(data)
    except ConnectionClosed:
        raise ScreenEnded from None


async def open_screen(way: WayIn) -> Screen:
    """Open a server's screen and log in there; raises Unavailable or Refused."""
    connection = await _connected(way)
    if isinstance(connection, OutsideError):
        raise connection
    words = Words(lambda: _receive(connection), lambda data: _send(connection, data))
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await enter(words, way.password)
    except NoEntry as why:
        failure: OutsideError = Refused(VENDOR, f"screen: {why}", code="no_entry")
    except (ScreenEnded, TimeoutError):
        failure = Unavailable(VENDOR, "screen: it ended before it began", code="screen_ended")
    except BaseException:
        await connection.close()
        raise
    else:
        return Screen(connection, words.rest)
    await connection.close()
    raise failure


async def _connected(way: WayIn) -> ClientConnection | OutsideError:
    secure = way.url.startswith("wss:")
    try:
        return await _Straight(
            way.url,
            origin=Origin(way.origin),
            subprotocols=[Subprotocol("binary")],
            compression=None,
            user_agent_header="SkyPANEL",
            ssl=_trust() if secure else None,
            open_timeout=OPEN_SECONDS,
            close_timeout=CLOSE_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            max_size=FRAME_BYTES_MAX,
            max_queue=FRAMES_HELD,
            write_limit=UNSENT_BYTES,
            logger=_LOG,
        )
    except (OSError, TimeoutError, WebSocketException, ValueError) as error:
        kind = type(error).__name__
    return Unavailable(VENDOR, f"screen: not reached ({kind})", code="unreachable")


@cache
def _trust() -> ssl.SSLContext:
    """The same authorities that the panel's API is trusted by."""
    return httpx.create_ssl_context()
