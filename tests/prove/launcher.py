"""Starts the product's own processes so that they can be killed at a beat; for the proof alone.

`python -m tests.prove.launcher web|worker|sandbox`. A beat is armed by a file in PROVE_FOLDER; the
process that reaches it takes the file away and kills itself with SIGKILL, there and then. The
company's clock runs PROVE_SPEED times as fast as the machine's and timers look more often, so that
leases of a minute and a half end within seconds.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import procrastinate
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skypanel.platform import clock
from tests.prove import beats

TIMERS = "* * * * * */2"
Called = Callable[..., Awaitable[Any]]


def reach(beat: str, side: str) -> None:
    """Count that this beat was reached; die here if it is armed.

    Whoever takes its file away is the one.
    """
    folder = Path(os.environ["PROVE_FOLDER"])
    name = beats.token(beat, side)
    with (folder / "beats" / os.environ["PROVE_ROLE"]).open("ab", buffering=0) as counted:
        counted.write(b".")
    try:
        (folder / "armed" / name).rename(folder / "struck" / name)
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def mine(beat: str) -> None:
    """Lay the two places of death around a function."""
    module_name, path = beat.split(":")
    owner: Any = importlib.import_module(module_name)
    *holders, name = path.split(".")
    for holder in holders:
        owner = getattr(owner, holder)
    run: Called = getattr(owner, name)

    @functools.wraps(run)
    async def mined(*args: Any, **named: Any) -> Any:
        reach(beat, "before")
        try:
            return await run(*args, **named)
        finally:
            reach(beat, "after")  # a refusal is an answer too

    setattr(owner, name, mined)


class MinedDoors:
    """Places of death where a request comes in and where its answer leaves, after the commit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        beat = f"{scope.get('method')} {scope.get('path')}"
        if beat not in beats.DOORS:
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                reach(beat, "after")
            await send(message)

        reach(beat, "before")
        await self._app(scope, receive, answer)


def hasten() -> None:
    """Let the company's time run faster, and its timers look every other second."""
    start, speed = float(os.environ["PROVE_START"]), float(os.environ["PROVE_SPEED"])

    def now(self: clock.Clock) -> datetime:
        fast = start + (time.time() - start) * speed
        return datetime.fromtimestamp(fast, UTC) + self.offset

    clock.Clock.now = now  # type: ignore[method-assign]
    periodic = procrastinate.App.periodic

    def often(self: Any, *, cron: str, **named: Any) -> Any:
        return periodic(self, cron=TIMERS if cron.startswith("* * * * *") else cron, **named)

    procrastinate.App.periodic = often  # type: ignore[method-assign,assignment]


def create_app() -> ASGIApp:
    """The web process's application, mined."""
    from skypanel.app import web

    hasten()
    for beat in beats.DOORS:
        if ":" in beat:
            mine(beat)
    return MinedDoors(web.create_app())


def serve() -> None:
    """`skypanel serve`, with our application in the place of its own."""
    from granian import server

    from skypanel.app import cli

    theirs = server.Server

    def ours(_target: str, **named: Any) -> Any:
        return theirs("tests.prove.launcher:create_app", **named)

    server.Server = ours  # type: ignore[misc,assignment]
    cli.serve(port=None, processes=None)


def work() -> None:
    """`skypanel worker`, mined."""
    from skypanel.app import worker

    hasten()
    for beat in beats.WORKER:
        mine(beat)
    worker.run_one()


def stage_vendors() -> None:
    """`skypanel sandbox` under the same clock; it is never killed."""
    from skypanel.app import boot, sandbox

    hasten()
    asyncio.run(sandbox.run(boot.boot()))


if __name__ == "__main__":
    {"web": serve, "worker": work, "sandbox": stage_vendors}[sys.argv[1]]()
