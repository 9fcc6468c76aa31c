"""What a job is: a named function that happens later, at least once, and is idempotent by rule."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base

ATTEMPTS_MAX = 8
BACKOFF_SECONDS = 2.0
BACKOFF_SECONDS_MAX = 900.0
Run = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """A job and how it is tried again.

    Its first parameter decides its form: `db` is one beat (effect and transaction together),
    `house` opens its own transactions around a call to the outside (three beats).
    """

    name: str
    run: Run
    queue: str = "default"
    attempts_max: int = ATTEMPTS_MAX
    backoff_seconds: float = BACKOFF_SECONDS
    cron: str | None = None
    one_beat: bool = True
    parameters: dict[str, Any] = field(default_factory=dict, hash=False)

    def pick(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Of an event's fields, the ones this job asks for."""
        return {name: facts[name] for name in self.parameters}

    def arguments(self, stored: dict[str, Any]) -> dict[str, Any]:
        """Arguments as the job's annotations want them, from the JSON of its row."""
        return {
            name: msgspec.convert(stored[name], wanted, strict=False)
            for name, wanted in self.parameters.items()
            if name in stored
        }

    def wait_seconds(self, attempts: int) -> float:
        """The pause before the next try: doubling, bounded."""
        return min(self.backoff_seconds * 2.0**attempts, BACKOFF_SECONDS_MAX)


def job(
    *,
    queue: str = "default",
    attempts_max: int = ATTEMPTS_MAX,
    backoff_seconds: float = BACKOFF_SECONDS,
) -> Callable[[Run], Job]:
    """Declare a job; its name is `<domain>.<function>`."""

    def declare(run: Run) -> Job:
        return _make(run, queue, attempts_max, backoff_seconds, None)

    return declare


def timer(cron: str, *, queue: str = "timers") -> Callable[[Run], Job]:
    """Declare a timer: asks what is due at `db.now` and acts on a bounded batch.

    `cron` may have a sixth field for seconds. A tick that fails is not repeated: the next one asks
    again.
    """

    def declare(run: Run) -> Job:
        return _make(run, queue, 1, BACKOFF_SECONDS, cron)

    return declare


def _make(run: Run, queue: str, attempts_max: int, backoff_seconds: float, cron: str | None) -> Job:
    first, *rest = inspect.signature(run).parameters.values()
    if first.name not in ("db", "house"):
        raise TypeError(f"{run.__qualname__} must take `db` or `house` first")
    return Job(
        name=f"{run.__module__.split('.')[1]}.{run.__name__}",
        run=run,
        queue=queue,
        attempts_max=attempts_max,
        backoff_seconds=backoff_seconds,
        cron=cron,
        one_beat=first.name == "db",
        parameters={each.name: _annotation(run, each) for each in rest},
    )


def _annotation(run: Run, parameter: inspect.Parameter) -> Any:
    """A parameter's type; the first one's (`Db`, `House`) is never needed, so never imported."""
    wanted = parameter.annotation
    return eval(wanted, run.__globals__) if isinstance(wanted, str) else wanted  # noqa: S307


# Made by the queue's own schema; named here so that ours may refer to it.
queue_rows = Table("procrastinate_jobs", Base.metadata, Column("id", BigInteger, primary_key=True))


class JobFailure(Base):
    """One try of a job that did not end well."""

    __tablename__ = "job_failures"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    job_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("procrastinate_jobs.id", ondelete="CASCADE")
    )
    attempt: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    request_id: Mapped[UUID | None]
    __table_args__ = (Index(None, "job_id", "id"),)
