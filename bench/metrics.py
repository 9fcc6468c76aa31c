"""Sampling 5,000 servers against a bare panel on loopback, and reading their charts.

`python -m bench.metrics` measures in a process of its own, so that its memory is its own: one
round at its real pace, then every server and its traffic as fast as it goes, then thirty days of
hours and charts read from them.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from pydantic import SecretStr
from tools.drift import boot_environ
from tools.ground import ROOT
from tools.ports import accepts, free_port
from tools.postgres import Postgres

from skypanel.app.boot import Boot
from skypanel.app.composition import build_house
from skypanel.integrations.settings import VirtFusionSettings
from skypanel.metrics import actions, queries
from skypanel.metrics.jobs import sample_servers
from skypanel.metrics.jobs.rounds import Round
from skypanel.platform.house import House
from skypanel.platform.read import encode

COUNT = 5000
DAYS = 30
READS = 300
ACCOUNT = "01900000-0000-7000-8000-000000000001"
ID = "('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
LIVE = (
    b'{"data":{"id":1,"remoteState":{"state":"running","running":true,"cpu":17.4,"memory":'
    b'{"actual":"4194304","unused":"2097152","memtotal":"4194304","memavailable":"2097152"},'
    b'"disk":{"vda":{"capacity":"42949672960","rd.bytes":"%d","wr.bytes":"%d"}},'
    b'"agent":{"fsinfo":[{"name":"vda1","mountpoint":"/","type":"ext4","used-bytes":3221225472,'
    b'"total-bytes":42090679500}]}}}}'
)
TRAFFIC = (
    b'{"data":{"monthly":[{"month":1,"start":"%s 00:00:00","end":"%s 23:59:59","rx":%d,"tx":%d,'
    b'"total":%d,"limit":2000,"blocks":[]}]}}'
)


async def stub(port: int, log: Path) -> None:
    """A panel that answers at once with what the contract asks for, and notes when it was asked."""
    with log.open("w", buffering=1) as asked:

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while head := await _head(reader):
                asked.write(f"{time.time()}\n")
                writer.write(_answer(head))
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", port)
        async with server:
            await server.serve_forever()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _answer(head: bytes) -> bytes:
    grown = int(time.time() * 1000)
    if b"/traffic" in head.split(b"\r\n", 1)[0]:
        now = datetime.now(UTC)
        begin, end = (f"{now + timedelta(days=n):%Y-%m-%d}".encode() for n in (-10, 20))
        body = TRAFFIC % (begin, end, grown, grown, 2 * grown)
    else:
        body = LIVE % (grown, grown)
    return (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        % len(body)
        + body
    )


def furnish(dsn: str) -> None:
    """So many servers that run."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "insert into accounts (id, name, currency, state, created_at)"
            " values (%s, 'Bench', 'EUR', 'active', now())",
            (ACCOUNT,),
        )
        connection.execute(
            "insert into servers (id, account_id, service_id, order_id, panel_id, virtfusion_ref,"
            " hostname, label, panel_name, state, state_since, power, plan, location, image,"
            f" created_at, ready_at) select {ID}, %(account)s, {ID}, {ID}, %(account)s, n, 'bench',"
            " 'bench', 'bench', 'ready', now(), 'running', '{}', '{}', '{}', now(), now()"
            " from generate_series(1, %(count)s) n",
            {"account": ACCOUNT, "count": COUNT},
        )
        connection.execute("analyze")


def fill(dsn: str) -> dict[str, float]:
    """Thirty days of hours, in the order in which they would have come; how much that is."""
    values = "array[1,1,1,1,1,1,1,1,1,1,1,1]"
    shares = ", ".join(
        f"array(select (random() * 1000)::{kind} from generate_series(1, 12) where n > 0)"
        for kind in ("smallint", "smallint", "smallint", "int", "int")
    )
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "insert into metric_hours (server_id, hour, account_id, running, cpu, memory,"
            f" filesystem, read_kib, written_kib) select {ID}, h, %(account)s, {values}, {shares}"
            " from generate_series(date_trunc('hour', now()) - interval '719 hours',"
            " date_trunc('hour', now()) - interval '1 hour', interval '1 hour') h,"
            " generate_series(1, %(count)s) n on conflict do nothing",
            {"account": ACCOUNT, "count": COUNT},
        )
        connection.execute("vacuum analyze metric_hours")
        [(rows, size)] = connection.execute(
            "select count(*), pg_total_relation_size('metric_hours') from metric_hours"
        ).fetchall()
    return {"rows": rows, "gigabytes": size / 1e9}


async def run(dsn: str, environ: dict[str, str], port: int, log: Path) -> dict[str, float]:
    """The figures of this process."""
    boot = Boot(
        DATABASE_URL=SecretStr(dsn),
        PUBLIC_URL="http://localhost:8000",
        SKYPANEL_SECRET_KEYS=SecretStr(environ["SKYPANEL_SECRET_KEYS"]),
    )
    house = build_house(boot, "bench")
    await house.open(listen=False)
    try:
        return await _measure(house, dsn, port, log)
    finally:
        await house.close()


async def _measure(house: House, dsn: str, port: int, log: Path) -> dict[str, float]:
    panel = VirtFusionSettings(base_url=f"http://127.0.0.1:{port}", token=SecretStr("bench"))
    await _use(house, panel)
    cpu, began = time.process_time(), time.monotonic()
    await house.queue.tick(sample_servers)
    found = {
        "round_seconds": time.monotonic() - began,
        "round_cpu": time.process_time() - cpu,
        **_pace(log),
    }
    await _use(house, panel.model_copy(update={"calls_per_minute": 0}))
    for _ in range(COUNT // 2000 + 1):
        async with house.transaction() as db:
            await actions.enrol(db)
    async with house.transaction() as db:
        await db.run("update metric_standings set due_at = now(), traffic_due_at = now()")
        await db.run("delete from metric_pace")
    cpu, began = time.process_time(), time.monotonic()
    async with house.transaction() as db:
        claimed = await actions.claim(db, 1e6)
    await Round(house, claimed).run()
    found |= {"all_seconds": time.monotonic() - began, "all_cpu": time.process_time() - cpu}
    async with house.transaction() as db:
        [(seen, counted)] = await (
            await (await db.driver()).execute(
                b"select (select count(*) from metric_standings where sampled_at is not null),"
                b" (select count(*) from traffic_periods)"
            )
        ).fetchall()
    assert (seen, counted) == (COUNT, COUNT), (seen, counted)
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found |= await asyncio.to_thread(fill, dsn)
    for chosen in ("24h", "30d"):
        found |= {f"{kind}_{chosen}": each for kind, each in (await _read(house, chosen)).items()}
    return found


async def _use(house: House, panel: VirtFusionSettings) -> None:
    async with house.transaction() as db:
        await house.settings.put(db, panel)
    house.cache.clear()


def _pace(log: Path) -> dict[str, float]:
    """Calls of a round, and the most in any second of it."""
    at = [float(line) for line in log.read_text().split()]
    most = max(sum(first <= other < first + 1 for other in at) for first in at)
    return {"calls": len(at), "most_a_second": most, "calls_a_second": len(at) / (at[-1] - at[0])}


async def _read(house: House, chosen: str) -> dict[str, float]:
    """Milliseconds of a chart, its answer encoded."""
    dice, spent = Random(1), []
    for _ in range(READS if chosen == "24h" else READS // 10):
        server = UUID(f"00000000-0000-4000-8000-{dice.randrange(1, COUNT + 1):012x}")
        began = time.perf_counter()
        encode(await queries.metrics_of(house.read(), server, chosen))
        spent.append((time.perf_counter() - began) * 1000)
    return {"median": statistics.median(spent), "worst": sorted(spent)[int(len(spent) * 0.99)]}


def measure() -> dict[str, float]:
    """Everything, on a database and a panel of its own."""
    folder = Path(tempfile.mkdtemp(prefix="skypanel-metrics-"))
    port, log = free_port(), folder / "asked"
    panel = subprocess.Popen([sys.executable, "-m", "bench.metrics", "stub", str(port), str(log)])
    try:
        with Postgres(folder, durable=False) as server:
            dsn = server.create_database("metrics")
            environ = boot_environ(dsn)
            command: list[str | Path] = [ROOT / ".venv" / "bin" / "skypanel", "migrate"]
            subprocess.run(command, env=environ, check=True, capture_output=True)
            furnish(dsn)
            while not accepts(port):
                time.sleep(0.02)
            os.environ.update(environ)
            return asyncio.run(run(dsn, environ, port, log))
    finally:
        panel.terminate()
        panel.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def rows() -> list[str]:
    """The table's lines."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.metrics"], capture_output=True, text=True, check=True,
        cwd=ROOT,
    ).stdout  # fmt: skip
    found: dict[str, Any] = msgspec.json.decode(said.splitlines()[-1])
    name = f"sampling {COUNT:,} servers"
    return [
        (
            f"| {name}: calls a second in a round, most in any one second | "
            f"| {found['calls_a_second']:.1f}, {found['most_a_second']:.0f} | | ≤ 20 |"
        ),
        (
            f"| a round of {found['calls']:.0f} calls: seconds, of them CPU | "
            f"| {found['round_seconds']:.1f}, {found['round_cpu']:.1f} | | ≤ 30 |"
        ),
        (
            f"| all {COUNT:,} and their traffic as fast as it goes: seconds, CPU | "
            f"| {found['all_seconds']:.0f}, {found['all_cpu']:.0f} | | |"
        ),
        f"| its memory, MB | | {found['megabytes']:.0f} | | ≤ 200 |",
        (
            f"| rows of {DAYS} days, millions; gigabytes | "
            f"| {found['rows'] / 1e6:.2f}; {found['gigabytes']:.1f} | | ≤ 4 |"
        ),
        (
            f"| a chart of 24 hours from them, milliseconds: median, 99 of 100 | "
            f"| {found['median_24h']:.1f}, {found['worst_24h']:.1f} | | ≤ 50 |"
        ),
        f"| a chart of 30 days, milliseconds: median | | {found['median_30d']:.0f} | | |",
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["stub"]:
        asyncio.run(stub(int(sys.argv[2]), Path(sys.argv[3])))
    else:
        print(json.dumps(measure()))
