"""One door per vendor for all processes: how fast it may be asked, and whether it answers at all.

A token bucket and a circuit breaker share one unlogged row, so that a call costs one small
statement without a write to the log. Time is the database's own: a vendor's limits are real time,
whatever the company's clock says. After a crash of the database the row is simply gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

import psycopg
import structlog
from sqlalchemy import Double, String, Text, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base
from skypanel.platform.errors import Busy
from skypanel.platform.outside import Unavailable
from skypanel.platform.read import Query

if TYPE_CHECKING:
    from skypanel.platform.house import House

log = structlog.get_logger()
Sleep = Callable[[float], Awaitable[None]]

OPENS_AFTER_FAILURES: Final = 5
OPENS_AFTER_SECONDS: Final = 3.0
"""One moment's trouble fails many calls at once: it must also last."""

PROBE_SECONDS: Final = 5.0
PROBE_SECONDS_MAX: Final = 60.0
URGENT_SECONDS_MAX: Final = 10.0
PATIENT_SECONDS_MAX: Final = 30.0
RESERVE: Final = 0.25
"""Of a second's tokens: patient callers leave it for those whom somebody waits for."""


class VendorGate(Base):
    """How a vendor is being asked: tokens left, failures in a row, since when it is shut."""

    __tablename__ = "vendor_gates"
    vendor: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[float] = mapped_column(Double)
    seen_at: Mapped[datetime]
    limited_until_at: Mapped[datetime | None]
    failures: Mapped[int]
    failing_since_at: Mapped[datetime | None]
    shut_at: Mapped[datetime | None]
    probe_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)


BEGIN = """
insert into vendor_gates (vendor, level, seen_at, failures)
values (%(vendor)s, %(burst)s, clock_timestamp(), 0) on conflict do nothing
"""
ENTER = """
with held as materialized (
    select gate.*, clock_timestamp() as moment from vendor_gates gate
    where gate.vendor = %(vendor)s for update
), filled as (
    select *, least(%(burst)s, level
        + greatest(0, extract(epoch from moment - seen_at)) * %(rate)s) as tokens
    from held
), weighed as (
    select *, case
        when limited_until_at > moment then 'limited'
        when shut_at is not null and probe_at > moment then 'shut'
        when %(rate)s = 0 then 'go'
        when %(urgent)s and tokens - 1 > -%(rate)s * %(debt_seconds)s then 'go'
        when not %(urgent)s and tokens - 1 >= %(reserve)s then 'go'
        else 'wait' end as word
    from filled
)
update vendor_gates gate set
    level = case when word = 'go' and %(rate)s > 0 then tokens - 1 else tokens end,
    seen_at = greatest(gate.seen_at, moment),
    probe_at = case when word = 'go' and weighed.shut_at is not null
        then moment + interval '1 second' * %(probe_seconds)s else gate.probe_at end
from weighed where gate.vendor = weighed.vendor
returning word, tokens, gate.failures > 0,
    extract(epoch from gate.probe_at - moment)::float8,
    extract(epoch from gate.limited_until_at - moment)::float8
"""
ANSWERED = """
update vendor_gates set failures = 0, failing_since_at = null, shut_at = null, probe_at = null,
    error = null
where vendor = %(vendor)s
"""
LIMITED = """
update vendor_gates set level = least(level, 0), limited_until_at =
    greatest(limited_until_at, clock_timestamp() + interval '1 second' * %(seconds)s)
where vendor = %(vendor)s
"""
FAILED = """
with held as materialized (
    select vendor, failures + 1 as times, clock_timestamp() as moment,
        coalesce(failing_since_at, clock_timestamp()) as since
    from vendor_gates where vendor = %(vendor)s for update
), weighed as (
    select *, times >= %(times)s
        and since <= moment - interval '1 second' * %(lasting)s as shuts
    from held
)
update vendor_gates gate set failures = times, failing_since_at = since, error = %(error)s,
    shut_at = case when shuts then coalesce(gate.shut_at, moment) end,
    probe_at = case when shuts then moment + interval '1 second' * least(%(probe_max)s,
        %(probe)s * power(2, least(6, times - %(times)s))) end
from weighed where gate.vendor = weighed.vendor
returning gate.shut_at is not null, times
"""


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to make one call; `troubled` when the last ones did not go well."""

    troubled: bool = False


class Gate(Protocol):
    """What a vendor's client asks before each request, and tells afterwards."""

    async def enter(self, *, urgent: bool) -> Pass:
        """Leave to make one call, at once or after a short wait; else Unavailable."""
        ...

    async def answered(self, leave: Pass) -> None:
        """The vendor answered, whatever it said."""
        ...

    async def limited(self, seconds: float) -> None:
        """The vendor wants to be left alone for so long."""
        ...

    async def failed(self, error: str) -> None:
        """No answer came, or none that the vendor itself gave."""
        ...


class OpenGate:
    """No limits: for a client that stands alone."""

    async def enter(self, *, urgent: bool) -> Pass:  # noqa: ARG002 - as a gate is asked
        return Pass()

    async def answered(self, leave: Pass) -> None: ...

    async def limited(self, seconds: float) -> None: ...

    async def failed(self, error: str) -> None: ...


class SharedGate:
    """One vendor's gate for all processes of this installation; `per_minute` 0 sets no pace."""

    def __init__(
        self, house: House, vendor: str, *, per_minute: int, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._house = house
        self._vendor = vendor
        self._sleep = sleep
        rate = per_minute / 60
        # A second's worth may go at once, and a slow pace still lets two through.
        burst = max(2.0, rate)
        self._asked: dict[str, Any] = {
            "vendor": vendor,
            "rate": rate,
            "burst": burst,
            "reserve": burst * RESERVE,
            "debt_seconds": URGENT_SECONDS_MAX,
            "probe_seconds": PROBE_SECONDS_MAX,
        }

    async def enter(self, *, urgent: bool) -> Pass:
        waited = 0.0
        while True:
            word, tokens, troubled, probe_seconds, limited_seconds = await self._ask(urgent)
            rate = self._asked["rate"]
            if word == "go":
                if rate and tokens < 1:
                    await self._sleep((1 - tokens) / rate)
                return Pass(troubled=troubled)
            if word == "shut":
                said = "has not answered for a while; we ask again soon"
                raise self._no(said, "circuit_open", probe_seconds)
            if word == "limited":
                wait = limited_seconds or 1.0
            else:
                # Urgent callers only get here behind a whole queue of others.
                wanted = 1 - tokens if urgent else self._asked["reserve"] + 1 - tokens
                wait = max(0.01, wanted / rate)
            most = URGENT_SECONDS_MAX if urgent else PATIENT_SECONDS_MAX
            if word == "limited" or waited + wait > most:
                raise self._no("is asked as often as it allows", "rate_limited", wait)
            await self._sleep(wait)
            waited += wait

    async def _ask(self, urgent: bool) -> tuple[str, float, bool, float, float]:
        asked = {**self._asked, "urgent": urgent}
        try:
            async with self._house.pool.connection() as connection:
                row = await (await connection.execute(ENTER.encode(), asked)).fetchone()
                if row is None:
                    await connection.execute(BEGIN.encode(), asked)
                    row = await (await connection.execute(ENTER.encode(), asked)).fetchone()
        except (psycopg.Error, Busy) as error:
            raise self._no(f"was not asked ({type(error).__name__})", "not_asked", 1) from None
        assert row is not None
        word, tokens, troubled, probe_seconds, limited_seconds = row
        return word, float(tokens), troubled, probe_seconds or 0.0, limited_seconds or 0.0

    def _no(self, said: str, code: str, seconds: float) -> Unavailable:
        wait = max(1.0, seconds)
        return Unavailable(self._vendor, said, code=code, retry_after_seconds=wait)

    async def answered(self, leave: Pass) -> None:
        if leave.troubled:
            await self._tell(ANSWERED)

    async def limited(self, seconds: float) -> None:
        await self._tell(LIMITED, seconds=seconds)

    async def failed(self, error: str) -> None:
        row = await self._tell(
            FAILED,
            error=error[:400],
            times=OPENS_AFTER_FAILURES,
            lasting=OPENS_AFTER_SECONDS,
            probe=PROBE_SECONDS,
            probe_max=PROBE_SECONDS_MAX,
        )
        if row is not None and row[0]:
            log.warning("a vendor is not asked for a while", vendor=self._vendor, failures=row[1])

    async def _tell(self, sql: str, **facts: Any) -> tuple[Any, ...] | None:
        """Note what came of a call; the call's own outcome never depends on it."""
        try:
            async with self._house.pool.connection() as connection:
                told = {"vendor": self._vendor, **facts}
                cursor = await connection.execute(sql.encode(), told)
                return await cursor.fetchone() if cursor.description else None
        except (psycopg.Error, Busy) as error:
            log.warning("a call's outcome was not noted", vendor=self._vendor, error=repr(error))
            return None


STANDING: Query[dict[str, Any]] = Query(
    select(
        VendorGate.shut_at,
        VendorGate.probe_at,
        VendorGate.failing_since_at,
        VendorGate.failures,
        VendorGate.error,
        VendorGate.limited_until_at,
        (VendorGate.limited_until_at > func.clock_timestamp()).label("is_limited"),
    ).where(VendorGate.vendor == bindparam("vendor"))
)
"""How a vendor stands, by the machine's own time."""
