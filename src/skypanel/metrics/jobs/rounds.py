"""Asking the panel what servers do, in rounds that never ask more than was agreed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import psycopg
import structlog

from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import VirtFusionSettings
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Live, Missing
from skypanel.integrations.virtfusion.types_metering import TrafficPeriod
from skypanel.metrics import actions
from skypanel.metrics.actions import Claimed, PeriodSeen, Seen, TrafficSeen, Wanted
from skypanel.metrics.rules import Sample, pace_of, per_mille
from skypanel.platform.db import Db
from skypanel.platform.halves import in_halves
from skypanel.platform.house import House
from skypanel.platform.jobs import timer
from skypanel.platform.outside import OutsideError, Unavailable

log = structlog.get_logger()
TOGETHER: Final = 16
"""Calls under way at once; the other connections to the panel are for what people wait for."""
CALL_SECONDS: Final = 15.0
WRITTEN_TOGETHER: Final = 100
GIVEN_UP_AFTER: Final = 10
"""So many calls in a row without an answer, and the rest of the round is a gap."""
HOLD_OFF_SECONDS: Final = 60.0
Answer = Seen | TrafficSeen | Wanted


@timer("* * * * * */30", queue="metrics")
async def sample_servers(house: House) -> None:
    """One round: servers that are looked at, those whose five minutes are over, and traffic.

    Whoever does not answer has a gap in its chart, and keeps nobody else waiting.
    """
    panel = await house.settings.get(VirtFusionSettings)
    async with house.transaction() as db:
        await actions.enrol(db)
        claimed = await actions.claim(db, pace_of(panel.calls_per_minute))
    if claimed.load or claimed.traffic:
        await Round(house, claimed).run()


class Round:
    """Calls at an even pace, answers written down by the hundred."""

    def __init__(self, house: House, claimed: Claimed) -> None:
        self._house = house
        self._claimed = claimed
        self._gate = asyncio.Semaphore(TOGETHER)
        self._answers: list[Answer] = []
        self._failures = 0
        self._pause: float | None = None

    async def run(self) -> None:
        """Ask everything that was claimed, or what is left of it when the panel is away."""
        claimed = self._claimed
        try:
            panel = await Vendors.of(self._house).virtfusion(patient=True)
        except Unavailable:
            await self._write([*claimed.load, *claimed.traffic])
            return
        loop = asyncio.get_running_loop()
        next_at = loop.time() + claimed.wait.total_seconds()
        asks: list[tuple[Wanted, Callable[[VirtFusion, Wanted], Awaitable[Answer]]]]
        asks = [(each, self._load) for each in claimed.load]
        asks += [(each, self._traffic) for each in claimed.traffic]
        # What may go in one second goes at once; more is spread.
        apart = 1 / claimed.pace if len(asks) > claimed.pace else 0
        async with asyncio.TaskGroup() as group:
            for wanted, ask in asks:
                await asyncio.sleep(next_at - loop.time())
                await self._gate.acquire()
                next_at = max(next_at, loop.time()) + apart
                if self._is_over:
                    self._answers.append(wanted)
                    self._gate.release()
                else:
                    group.create_task(self._one(panel, wanted, ask))
                if len(self._answers) >= WRITTEN_TOGETHER:
                    await self._write(self._taken())
        await self._write(self._taken())
        if self._pause is not None:
            async with self._house.transaction() as db:
                await actions.hold_off(db, self._pause)

    @property
    def _is_over(self) -> bool:
        return self._pause is not None or self._failures >= GIVEN_UP_AFTER

    def _taken(self) -> list[Answer]:
        taken, self._answers = self._answers, []
        return taken

    async def _one(
        self,
        panel: VirtFusion,
        wanted: Wanted,
        ask: Callable[[VirtFusion, Wanted], Awaitable[Answer]],
    ) -> None:
        """One call, whatever comes of it."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await ask(panel, wanted)
            # Only now is it known which list is being filled: the one before may be written down.
            self._answers.append(answer)
            self._failures = 0
        except (OutsideError, TimeoutError) as error:
            self._answers.append(wanted)
            if isinstance(error, Unavailable) and error.code in ("rate_limited", "circuit_open"):
                self._pause = error.retry_after_seconds or HOLD_OFF_SECONDS
            # That one server is gone says nothing about the panel.
            self._failures += not isinstance(error, Missing)
            log.info("a server was not sampled", server=str(wanted.server_id), error=str(error))
        except Exception:
            self._answers.append(wanted)
            log.exception("a server could not be sampled", server=str(wanted.server_id))
        finally:
            self._gate.release()

    async def _load(self, panel: VirtFusion, wanted: Wanted) -> Answer:
        live = await panel.live(wanted.virtfusion_ref)
        if live is None:
            return wanted
        sample = sample_of(live, self._house.clock.now())
        return Seen(wanted.server_id, wanted.account_id, wanted.watched, sample)

    async def _traffic(self, panel: VirtFusion, wanted: Wanted) -> Answer:
        periods = await panel.traffic(wanted.virtfusion_ref)
        seen = [period_of(each) for each in periods]
        return TrafficSeen(wanted.server_id, wanted.account_id, seen)

    async def _write(self, answers: Sequence[Answer]) -> None:
        """Write down what is there; a row that cannot be written leaves the others be."""
        if not answers:
            return
        at = self._claimed.at

        async def load(db: Db, part: Sequence[Seen]) -> None:
            await actions.record(db, at, part)

        async def traffic(db: Db, part: Sequence[TrafficSeen]) -> None:
            await actions.record_traffic(db, at, part)

        async def broken(one: Seen | TrafficSeen, error: Exception) -> None:
            log.error("a sample could not be written", server=str(one.server_id), error=str(error))

        try:
            async with self._house.transaction() as db:
                await in_halves(
                    db,
                    [one for one in answers if isinstance(one, Seen)],
                    lambda part: load(db, part),
                    broken,
                )
                await in_halves(
                    db,
                    [one for one in answers if isinstance(one, TrafficSeen)],
                    lambda part: traffic(db, part),
                    broken,
                )
                await actions.miss(
                    db, [one.server_id for one in answers if isinstance(one, Wanted)]
                )
        except psycopg.Error as error:
            log.exception("samples could not be written", count=len(answers), error=str(error))


def sample_of(live: Live, at: datetime) -> Sample:
    """What the hypervisor said, as it is kept; a guest that is off does nothing."""
    if not live.running:
        return Sample(at, running=False, cpu=0, memory=0)
    total, available = live.memory_total_kib, live.memory_available_kib
    fullest = max(
        (each.used_bytes / each.total_bytes for each in live.filesystems if each.total_bytes > 0),
        default=None,
    )
    return Sample(
        at,
        running=True,
        cpu=None if live.cpu_percent is None else per_mille(live.cpu_percent / 100),
        memory=per_mille((total - available) / total) if total and available is not None else None,
        memory_total_mib=total and total // 1024,
        filesystem=per_mille(fullest),
        read_bytes=live.disk_read_bytes,
        written_bytes=live.disk_written_bytes,
        filesystems=tuple(
            (each.mountpoint[:200], each.used_bytes, each.total_bytes)
            for each in live.filesystems[:20]
        ),
    )


def period_of(told: TrafficPeriod) -> PeriodSeen:
    """A period as the panel told it, as it is kept."""
    return PeriodSeen(
        told.number,
        told.starts_at,
        told.ends_at,
        told.received_bytes,
        told.sent_bytes,
        told.total_bytes,
        told.limit_gb,
        tuple((block.id, block.gb) for block in told.blocks),
    )


@timer("*/10 * * * *")
async def keep_samples(db: Db) -> None:
    """Old hours become days, what is older than a year goes, alerts of idle servers are over."""
    await actions.roll_up_hours(db)
    await actions.forget_samples(db)
    await actions.clear_idle(db)
