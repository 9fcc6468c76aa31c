"""One hour of hourly services counted and charged, against plain `INSERT ... SELECT` statements.

`python -m bench.hours [services]` measures a count in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from pydantic import SecretStr
from tools.drift import boot_environ
from tools.ground import ROOT
from tools.postgres import Postgres

from bench.renewals import ID
from skypanel.app.boot import Boot
from skypanel.app.composition import build_house
from skypanel.platform.clock import FrozenClock
from skypanel.renewals.actions import count_hours

BATCH = 500
NOW = datetime(2026, 4, 2, 10, 30, tzinfo=UTC)
TAX = '{"rate": "0", "kind": "none", "note": "", "label": "", "included": null}'


def furnish(dsn: str, count: int) -> None:
    """So many accounts, each with a service of which an hour has begun, and a filled wallet."""
    one = {
        name: ID.format(group=group)
        for name, group in (
            ("account", "8000"), ("service", "8001"), ("wallet", "8002"), ("prepaid", "8003"),
            ("month", "8004"),
        )
    }  # fmt: skip
    books = (
        "insert into books (id, kind, currency, account_id, balance_minor, floor_minor, created_at)"
    )
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in (
            (
                "insert into accounts (id, name, currency, state, created_at)"
                f" select {one['account']}, 'Bench ' || n, 'EUR', 'active', now()"
            ),
            (
                "insert into services (id, account_id, plan_id, location_id, name, state,"
                " price_minor, price_exact, currency, cycle, zone, anchor_on, period_starts_at,"
                " period_ends_at, renews_on, created_at, activated_at)"
                f" select {one['service']}, {one['account']}, %(house)s, %(house)s, 'Bench',"
                " 'active', 1, 0.01, 'EUR', 'hourly', 'UTC', '2026-04-01', '2026-04-01Z',"
                " '2026-04-02Z', '2026-04-02', now(), now()"
            ),
            f"{books} select {one['wallet']}, 'wallet', 'EUR', {one['account']}, 5000, 0, now()",
            (
                f"{books} select {one['prepaid']}, 'prepaid_usage', 'EUR', {one['account']}, 34,"
                " 0, now()"
            ),
            (
                "insert into usage_months (id, service_id, account_id, month, part, state,"
                " price_exact, currency, cap_minor, spent_minor, setup_minor, extras, earlier, tax,"
                " begins_at, counted_until, hours, due_minor, charged_minor, promotional_minor)"
                f" select {one['month']}, {one['service']}, {one['account']}, '2026-04-01', 0,"
                " 'open', 0.01, 'EUR', 500, 0, 0, '[]', '[]', %(tax)s, '2026-04-01Z',"
                " '2026-04-02 10:00Z', 34, 34, 34, 0"
            ),
        ):
            connection.execute(
                f"{statement} from generate_series(0, %(count)s - 1) n",
                {"count": count, "house": UUID(int=1), "tax": TAX},
            )
        connection.execute("analyze")


async def run(dsn: str, environ: dict[str, str]) -> float:
    """Seconds that the run takes until no begun hour is left."""
    boot = Boot(
        DATABASE_URL=SecretStr(dsn),
        PUBLIC_URL="http://localhost:8000",
        SKYPANEL_SECRET_KEYS=SecretStr(environ["SKYPANEL_SECRET_KEYS"]),
    )
    house = build_house(boot, "bench", clock=FrozenClock(NOW))
    await house.open(listen=False)
    try:
        began = time.monotonic()
        while True:
            async with house.transaction() as db:
                if not await count_hours(db, BATCH):
                    return time.monotonic() - began
    finally:
        await house.close()


def rewrite(dsn: str) -> float:
    """Seconds that plain statements need to write those rows again, in the run's batches."""
    tables = ("transfers", "entries", "usage_accounts")
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in (*tables, "usage_months"):
            connection.execute(f"create table kept_{table} as select * from {table}")
        connection.execute("set session_replication_role = replica")
        connection.execute("truncate " + ", ".join(tables) + " cascade")
        connection.execute("update books set balance_minor = 5000 where kind = 'wallet'")
        connection.execute("update books set balance_minor = 34 where kind = 'prepaid_usage'")
        connection.execute("set session_replication_role = origin")
        connection.execute("create index on kept_usage_months (id)")
        connection.execute("create index on kept_transfers (subject_id)")
        connection.execute("create index on kept_entries (transfer_id)")
        connection.execute("create index on kept_usage_accounts (account_id)")
        connection.execute("analyze")
        [(count,)] = connection.execute("select count(*) from kept_usage_months").fetchall()
        began = time.monotonic()
        for first in range(0, count, BATCH):
            _copy(connection, first)
        return time.monotonic() - began


def _copy(connection: psycopg.Connection[Any], first: int) -> None:
    chosen = "(select {column} from kept_usage_months order by id offset %(first)s limit %(count)s)"
    services = chosen.format(column="service_id")
    moved = f"(select id from kept_transfers where subject_id in {services})"
    with connection.transaction():
        for statement in (
            f"insert into transfers select * from kept_transfers where subject_id in {services}",
            f"insert into entries select * from kept_entries where transfer_id in {moved}",
            (
                "update usage_months m set counted_until = k.counted_until, hours = k.hours,"
                " due_minor = k.due_minor, charged_minor = k.charged_minor"
                f" from kept_usage_months k where k.id = m.id and m.id in {chosen}"
            ).format(column="id"),
            (
                "insert into usage_accounts select * from kept_usage_accounts"
                f" where account_id in {chosen.format(column='account_id')}"
            ),
        ):
            connection.execute(statement, {"first": first, "count": BATCH})


def measure(count: int) -> dict[str, float]:
    """One count: seconds of run and floor, megabytes of the run, and that all were charged once."""
    folder = Path(tempfile.mkdtemp(prefix="skypanel-hours-"))
    try:
        with Postgres(folder, durable=False) as server:
            dsn = server.create_database("hours")
            environ = boot_environ(dsn)
            command: list[str | Path] = [ROOT / ".venv" / "bin" / "skypanel", "migrate"]
            subprocess.run(command, env=environ, check=True, capture_output=True)
            furnish(dsn, count)
            seconds = asyncio.run(run(dsn, environ))
            megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            with psycopg.connect(dsn) as connection:
                [(charged, moved)] = connection.execute(
                    "select count(*) filter (where charged_minor = 35),"
                    " (select count(*) from transfers) from usage_months"
                ).fetchall()
            assert charged == moved == count, (charged, moved, count)
            return {"run": seconds, "megabytes": megabytes, "floor": rewrite(dsn)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rows(count: int = 20_000) -> list[str]:
    """The table's lines."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.hours", str(count)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip
    found = json.loads(said.splitlines()[-1])
    floor, product = count / found["floor"], count / found["run"]
    name = f"one hour of {count:,} hourly services: count, charge, post (services/s)"
    return [
        f"| {name} | {floor:.0f} | {product:.0f} | {product / floor:.2f} | |",
        f"| its memory, MB | | {found['megabytes']:.0f} | | ≤ 300 |",
    ]


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
