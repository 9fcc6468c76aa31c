"""What the sandbox's servers did before anybody looked: their load since they were made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from skypanel.integrations.virtfusion.simulator.load import load, traffic, utc_midnight
from skypanel.metrics.actions import backfill
from skypanel.metrics.rules import EVERY, Sample, per_mille
from skypanel.platform.house import House
from skypanel.servers.models import Server

HOUR = timedelta(hours=1)


async def remember_load(house: House) -> None:
    """Write down, for every server that is ready, what its simulated guest has done until now."""
    async with house.transaction() as db:
        ready = (await db.scalars(select(Server).where(Server.state == "ready"))).all()
        for server in ready:
            assert server.ready_at is not None
            await backfill(
                db,
                server.id,
                server.account_id,
                list(samples(server, server.ready_at, db.now)),
                dict(hours(server, server.ready_at, db.now)),
            )


def samples(server: Server, since: datetime, until: datetime) -> Iterator[Sample]:
    """One for each five minutes, as the rounds would have taken them."""
    assert server.virtfusion_ref is not None
    memory_mib: int = server.plan["memory_mib"]
    disk_bytes = int(server.plan["disk_gib"] * 1024**3 * 0.98)
    at = since
    while at < until - EVERY:
        seen = load(server.virtfusion_ref, since, at)
        yield Sample(
            at,
            running=True,
            cpu=per_mille(seen.cpu_percent / 100),
            memory=per_mille(seen.memory_used),
            filesystem=per_mille(seen.filesystem_used),
            memory_total_mib=memory_mib,
            read_bytes=seen.read_bytes,
            written_bytes=seen.written_bytes,
            filesystems=(("/", int(disk_bytes * seen.filesystem_used), disk_bytes),),
        )
        at += EVERY


def hours(
    server: Server, since: datetime, until: datetime
) -> Iterator[tuple[datetime, tuple[int, int]]]:
    """How far the running period's traffic was in each hour."""
    assert server.virtfusion_ref is not None
    begin = utc_midnight(server.created_at)
    hour = since.replace(minute=0, second=0, microsecond=0)
    while hour < until - HOUR and hour < begin + timedelta(days=28):
        yield hour, traffic(server.virtfusion_ref, server.plan["traffic_gb"], since, hour + HOUR)
        hour += HOUR
