"""The worker processes: they run jobs, and are started again when they die."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import time
from multiprocessing.process import BaseProcess
from types import FrameType

import structlog

from skypanel.app.boot import Boot, boot
from skypanel.app.composition import build_house
from skypanel.platform import logging as house_logging

RESPAWN_SECONDS = 1.0
STOP_SECONDS = 25.0
log = structlog.get_logger()


async def work(settings: Boot) -> None:
    """Run jobs in this process until told to stop."""
    house = build_house(settings, "skypanel worker")
    await house.open()
    try:
        await house.queue.work(concurrency=settings.worker_concurrency)
    finally:
        await house.close()


def run_one() -> None:
    """One worker process."""
    settings = boot()
    house_logging.configure(settings.log_level)
    asyncio.run(work(settings))


class Crew:
    """So many worker processes; one that dies is replaced, all end together."""

    def __init__(self, count: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._count = count
        self._crew: list[BaseProcess] = []
        self._stopping = False

    def run(self) -> None:
        """Keep the crew at strength until SIGINT or SIGTERM."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        self._crew = [self._start() for _ in range(self._count)]
        while not self._stopping:
            self._crew = [one if one.is_alive() else self._replace(one) for one in self._crew]
            time.sleep(RESPAWN_SECONDS)
        for one in self._crew:
            one.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for one in self._crew:
            one.join(max(0.1, deadline - time.monotonic()))
            if one.is_alive():
                one.kill()

    def _start(self) -> BaseProcess:
        process = self._context.Process(target=run_one, name="skypanel worker")
        process.start()
        return process

    def _replace(self, dead: BaseProcess) -> BaseProcess:
        if self._stopping:
            return dead
        log.error("a worker died and is replaced", exit_code=dead.exitcode)
        return self._start()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
