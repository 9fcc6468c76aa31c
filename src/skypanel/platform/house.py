"""Everything that is composed once, at start, and handed to every door."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from skypanel.platform import turning
from skypanel.platform.authority import SYSTEM, Actor, Viewer
from skypanel.platform.cache import Cache, ProcessCache
from skypanel.platform.clock import Clock
from skypanel.platform.crypto import Sealer
from skypanel.platform.db import Db, PoolLimits, Reader, make_engine, make_pool, transaction
from skypanel.platform.events import Event, LiveTopics, Reactions, Topic
from skypanel.platform.jobs import Job
from skypanel.platform.queue import Queue
from skypanel.platform.relay import Relay
from skypanel.platform.settings import Section, SettingsStore
from skypanel.platform.sockets import Sockets

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

Authenticate = Callable[["House", Reader, "HTTPConnection"], Awaitable[Viewer | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `app/` decides about a house before it is built."""

    dsn: str
    public_url: str
    sealer: Sealer
    reactions: Reactions
    live: LiveTopics
    jobs: Iterable[Job]
    authenticate: Authenticate
    vendors: Callable[[House], Any]
    clock: Clock = field(default_factory=Clock)
    limits: PoolLimits = field(default_factory=PoolLimits)
    name: str = "skypanel"
    heartbeat_seconds: float = 10
    sections: tuple[type[Section], ...] = ()
    sandbox_links: Mapping[str, str] = field(default_factory=dict)
    is_sandbox: bool = False
    real_guests: bool = False


class House:
    """The composed program: pool, clock, queue, relay, cache, settings, vendors."""

    def __init__(self, plan: Plan) -> None:
        self.public_url = plan.public_url.rstrip("/")
        self.dsn = plan.dsn
        self.clock = plan.clock
        self.sealer = plan.sealer
        self.pool = make_pool(plan.dsn, plan.limits, plan.name)
        self.engine = make_engine(self.pool)
        self.reactions = plan.reactions
        self.cache: Cache = ProcessCache()
        self.relay = Relay(plan.dsn)
        self.sockets = Sockets()
        self.settings = SettingsStore(self)
        self.authenticate = plan.authenticate
        self.sections = plan.sections
        self.sandbox_links = plan.sandbox_links
        self.is_sandbox = plan.is_sandbox
        self.real_guests = plan.real_guests
        self._turning: set[asyncio.Task[None]] = set()
        self._live = plan.live
        self.queue = Queue(self, plan.jobs, heartbeat_seconds=plan.heartbeat_seconds)
        self.vendors = plan.vendors(self)
        self.relay.on_changed(self.cache.drop, self.cache.clear)
        self.relay.on_changed(self._clock_changed, self._look_at_clock)

    def _clock_changed(self, tag: str) -> None:
        if tag == turning.TAG:
            self._look_at_clock()

    def _look_at_clock(self) -> None:
        if self.is_sandbox:
            task = asyncio.create_task(turning.follow(self))
            self._turning.add(task)
            task.add_done_callback(self._turning.discard)

    def transaction(self, actor: Actor = SYSTEM) -> AbstractAsyncContextManager[Db]:
        """Open a unit of work at a door."""
        return transaction(self, actor)

    def read(self) -> Reader:
        """A reader for one request."""
        return Reader(self)

    def topics_of(self, event: Event) -> Iterable[Topic]:
        """Who looks again when this event is published."""
        topics = self._live.get(type(event))
        return () if topics is None else topics(event)

    async def open(self, *, listen: bool = True) -> None:
        await self.pool.open(wait=True, timeout=10)
        await self.queue.open()
        if self.is_sandbox:
            await turning.follow(self)
        if listen:
            await self.relay.start()

    async def close(self) -> None:
        await self.sockets.farewell()
        await self.relay.stop()
        await self.vendors.close()
        await self.engine.dispose()
        await self.pool.close()
