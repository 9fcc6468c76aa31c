"""Live events between processes: PostgreSQL NOTIFY out, one LISTEN connection in per process.

Messages carry ids only and may be lost; whoever listens refetches when it reconnects.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
import structlog
from psycopg import sql

if TYPE_CHECKING:
    from skypanel.platform.db import Db
    from skypanel.platform.events import Topic

NOTIFY = b"select pg_notify(%(channel)s, body) from unnest(%(bodies)s::text[]) body"
LIVE = "skypanel_live"
CHANGED = "skypanel_changed"
QUEUE_LIMIT = 200
RECONNECT_SECONDS = 1.0
log = structlog.get_logger()


class LiveMessage(msgspec.Struct, frozen=True):
    """What an audience is told: look again at this thing."""

    audience: str
    kind: str
    id: str


class Subscription:
    """A bounded inbox; one that overflows is told to refetch everything instead."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[LiveMessage | None] = asyncio.Queue(QUEUE_LIMIT)

    def put(self, message: LiveMessage | None) -> None:
        """Queue a message; `None` means: something was missed, look at everything again."""
        if self.inbox.full():
            while not self.inbox.empty():
                self.inbox.get_nowait()
            message = None
        self.inbox.put_nowait(message)


class Relay:
    """Spreads live topics and changed cache tags to every process on the same database."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._audiences: dict[str, set[Subscription]] = defaultdict(set)
        self._on_changed: list[Callable[[str], None]] = []
        self._on_reconnect: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    def announce(self, db: Db, topics: Iterable[Topic]) -> None:
        """Tell the audiences when this transaction commits."""
        bodies = [
            msgspec.json.encode(LiveMessage(t.audience, t.kind, str(t.id))).decode() for t in topics
        ]
        self._notify(db, LIVE, bodies)

    def changed(self, db: Db, *tags: str) -> None:
        """Drop these tags from every process's cache when this transaction commits."""
        self._notify(db, CHANGED, list(tags))

    def _notify(self, db: Db, channel: str, bodies: list[str]) -> None:
        db.later(NOTIFY, {"channel": channel, "bodies": bodies})

    def on_changed(self, listener: Callable[[str], None], missed: Callable[[], None]) -> None:
        """Call `listener` with each changed tag, and `missed` when some may have been lost."""
        self._on_changed.append(listener)
        self._on_reconnect.append(missed)

    @contextmanager
    def subscribed(self, audiences: Iterable[str]) -> Any:
        """An inbox of what these audiences are told while the block runs."""
        subscription = Subscription()
        names = list(audiences)
        for name in names:
            self._audiences[name].add(subscription)
        try:
            yield subscription
        finally:
            for name in names:
                self._audiences[name].discard(subscription)
                if not self._audiences[name]:
                    del self._audiences[name]

    async def start(self) -> None:
        """Begin to listen; returns when the first connection listens."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen(), name="relay")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.connected.wait(), 5)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        for subscriptions in self._audiences.values():
            for subscription in subscriptions:
                subscription.put(None)

    async def _listen(self) -> None:
        while True:
            try:
                async for channel, payload in self._messages():
                    self._deliver(channel, payload)
            except psycopg.Error as error:
                self.connected.clear()
                log.warning("relay lost its connection", error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _messages(self) -> AsyncIterator[tuple[str, str]]:
        connection = await psycopg.AsyncConnection.connect(
            self._dsn, autocommit=True, application_name="skypanel relay"
        )
        async with connection:
            for channel in (LIVE, CHANGED):
                await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            self._reconnected()
            async for note in connection.notifies():
                yield note.channel, note.payload

    def _reconnected(self) -> None:
        for missed in self._on_reconnect:
            missed()
        for subscriptions in self._audiences.values():
            for subscription in subscriptions:
                subscription.put(None)
        self.connected.set()

    def _deliver(self, channel: str, payload: str) -> None:
        if channel == CHANGED:
            for listener in self._on_changed:
                listener(payload)
            return
        message = msgspec.json.decode(payload, type=LiveMessage)
        for subscription in self._audiences.get(message.audience, ()):
            subscription.put(message)
