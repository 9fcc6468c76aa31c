"""One screen carried between the panel and a browser, until something ends it.

Bytes go through unread. Each side is read only as fast as the other one takes, so a console holds
a few frames and no more, however fast the screen or slow the line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING

import psycopg
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from skypanel.consoles import actions, queries
from skypanel.consoles.rules import (
    IDLE,
    IDLE_SECONDS,
    LEFT,
    LIFETIME_SECONDS,
    LOOK_SECONDS,
    NOT_SPOKEN,
    RESTARTING,
    SCREEN_ENDED,
    TOO_LONG,
    Ending,
)
from skypanel.integrations.virtfusion.console import ScreenEnded
from skypanel.integrations.virtfusion.rfb import NoEntry, Words, admit
from skypanel.platform.errors import Busy
from skypanel.platform.house import House

if TYPE_CHECKING:
    from skypanel.integrations.virtfusion.screen import Screen
    from skypanel.platform.relay import Subscription

GREETING_SECONDS = 15.0
SAID_BYTES_MAX = 1 << 20  # of one message of a viewer: a clipboard is the longest
LOOKS_MISSED_MAX = 3
# What a viewer says by itself: it wants the next picture, or answers a fence. Else it is a person.
BY_ITSELF = frozenset({3, 150, 248})
CONCERNS = frozenset({"console", "session", "account", "service", "server"})
log = structlog.get_logger()


class Carriage:
    """A console while it is open."""

    def __init__(
        self, websocket: WebSocket, screen: Screen, house: House, opened: actions.Opened
    ) -> None:
        self._browser = websocket
        self._screen = screen
        self._house = house
        self._opened = opened
        self._loop = asyncio.get_running_loop()
        self._began_at = self._used_at = self._loop.time()
        self._kept_at = 0.0
        self._looks_missed = 0
        self._carried = 0

    async def run(self) -> Ending:
        """Greet the browser, then carry both ways; how it ended."""
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                said = await self._greet()
        except (Left, TimeoutError):
            return LEFT
        except NoEntry:
            return NOT_SPOKEN
        ending = await self._first_of(
            self._down(), self._up(said), self._watch(), self._process_ends()
        )
        log.info(
            "console ended",
            server_id=self._opened.server_id,
            ending=ending.word,
            seconds=round(self._loop.time() - self._began_at),
            carried=self._carried,
        )
        return ending

    async def _greet(self) -> bytes:
        words = Words(self._hear, self._browser.send_bytes)
        try:
            await admit(words)
        except (WebSocketDisconnect, RuntimeError):
            raise Left from None
        return words.rest

    @staticmethod
    async def _first_of(*ways: Coroutine[None, None, Ending]) -> Ending:
        tasks = [asyncio.create_task(way) for way in ways]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return next(each.result() for each in tasks if each in done)
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self) -> bytes:
        """The browser's next message; raises Left."""
        message = await self._browser.receive()
        if message["type"] == "websocket.disconnect":
            raise Left
        said: bytes | None = message.get("bytes")
        if said is None or len(said) > SAID_BYTES_MAX:
            raise NoEntry("a viewer speaks in bytes, and not so many at once")
        return said

    async def _down(self) -> Ending:
        receive, send = self._screen.receive, self._browser.send_bytes
        try:
            while True:
                said = await receive()
                self._carried += len(said)
                await send(said)
        except ScreenEnded:
            return SCREEN_ENDED
        except (WebSocketDisconnect, RuntimeError):
            return LEFT

    async def _up(self, said: bytes) -> Ending:
        hear, send = self._hear, self._screen.send
        try:
            while True:
                if said:
                    if said[0] not in BY_ITSELF:
                        self._used_at = self._loop.time()
                    await send(said)
                said = await hear()
        except ScreenEnded:
            return SCREEN_ENDED
        except NoEntry:
            return NOT_SPOKEN
        except (Left, RuntimeError):
            return LEFT

    async def _process_ends(self) -> Ending:
        await self._house.sockets.ending.wait()
        return RESTARTING

    async def _watch(self) -> Ending:
        """Look whether it may go on: at once when something is told, else now and then."""
        opened = self._opened
        audiences = (
            f"console:{opened.id}",
            f"user:{opened.user_id}",
            f"account:{opened.account_id}",
        )
        with self._house.relay.subscribed(audiences) as subscription:
            while True:
                ending = await self._look()
                if ending is not None:
                    return ending
                await self._news(subscription)

    async def _news(self, subscription: Subscription) -> None:
        """Until something is told that may concern the console, or a while has passed."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                while True:
                    message = await subscription.inbox.get()
                    if message is None or message.kind in CONCERNS:
                        return
        except TimeoutError:
            return

    async def _look(self) -> Ending | None:
        now = self._loop.time()
        if now - self._used_at > IDLE_SECONDS:
            return IDLE
        if now - self._began_at > LIFETIME_SECONDS:
            return TOO_LONG
        try:
            ending = await queries.why_to_end(self._house.read(), self._opened.id)
            if ending is None and now - self._kept_at > LOOK_SECONDS / 2:
                self._kept_at = now
                async with self._house.transaction() as db:
                    await actions.keep(db, self._opened.id)
        except (psycopg.Error, Busy):
            # Nobody can say whether it may go on: for a minute it does.
            self._looks_missed += 1
            return RESTARTING if self._looks_missed > LOOKS_MISSED_MAX else None
        self._looks_missed = 0
        return ending


class Left(Exception):
    """The browser has gone."""
