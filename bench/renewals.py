"""The billing run against plain `INSERT ... SELECT` statements that write the same rows.

`python -m bench.renewals [services ...]` measures each count in a process of its own, so that its
memory is its own: issue, charge from the wallet, post, roll.
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

from skypanel.app.boot import Boot
from skypanel.app.composition import build_house
from skypanel.platform.clock import FrozenClock
from skypanel.renewals.actions import run_batch

BATCH = 500
DUE = datetime(2026, 4, 2, tzinfo=UTC)
FLOOR_BATCH = 500
"""Rows that one service's renewal writes, by table, as plain statements of one batch of services;
deferred checks and triggers are the schema's own and cost both sides the same."""
ID = "('00000000-0000-4000-{group}-' || lpad(n::text, 12, '0'))::uuid"


def furnish(dsn: str, count: int) -> None:
    """So many accounts, each with a service that is due now and a wallet that covers it."""
    one = {
        name: ID.format(group=group)
        for name, group in (("account", "8000"), ("service", "8001"), ("wallet", "8002"))
    }
    house = UUID("00000000-0000-4000-9000-000000000001")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in (
            (
                "insert into accounts (id, name, currency, state, created_at)"
                f" select {one['account']}, 'Bench ' || n, 'EUR', 'active', now()"
            ),
            (
                "insert into services (id, account_id, plan_id, location_id, name, state,"
                " price_minor, currency, cycle, zone, anchor_on, period_number,"
                " period_starts_at, period_ends_at,"
                f" renews_on, created_at, activated_at) select {one['service']}, {one['account']},"
                " %(house)s, %(house)s, 'Bench', 'active', 1000, 'EUR', 'monthly', 'UTC',"
                " '2026-03-02', 0, '2026-03-02Z', '2026-04-02Z', '2026-04-02', now(), now()"
            ),
            (
                "insert into books (id, kind, currency, account_id, balance_minor, floor_minor,"
                f" created_at) select {one['wallet']}, 'wallet', 'EUR', {one['account']}, 5000, 0,"
                " now()"
            ),
            (
                "insert into schedules (service_id, account_id, billed, next_at, next_step,"
                " next_rank)"
                f" select {one['service']}, {one['account']}, 0, '2026-03-26Z', 'issue', 0"
            ),
        ):
            connection.execute(
                f"{statement} from generate_series(0, %(count)s - 1) n",
                {"count": count, "house": house},
            )
        connection.execute("analyze")


async def run(dsn: str, environ: dict[str, str]) -> float:
    """Seconds that the run takes until nothing is due."""
    boot = Boot(
        DATABASE_URL=SecretStr(dsn),
        PUBLIC_URL="http://localhost:8000",
        SKYPANEL_SECRET_KEYS=SecretStr(environ["SKYPANEL_SECRET_KEYS"]),
    )
    house = build_house(boot, "bench", clock=FrozenClock(DUE))
    await house.open(listen=False)
    try:
        began = time.monotonic()
        while True:
            async with house.transaction() as db:
                if not await run_batch(db, BATCH):
                    return time.monotonic() - began
    finally:
        await house.close()


def rewrite(dsn: str) -> float:
    """Seconds that plain statements need to write those rows again, into tables like the real ones.

    Every row of the run is copied by `INSERT ... SELECT` in the run's own order and batches, with
    the same indexes, checks and foreign keys; ids are kept, so the real tables are emptied first.
    """
    tables = (
        "invoices", "invoice_lines", "payments", "transfers", "entries", "renewals",
        "renewal_acts", "state_changes",
    )  # fmt: skip
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in tables:
            connection.execute(f"create table kept_{table} as select * from {table}")
        connection.execute("set session_replication_role = replica")
        connection.execute("truncate " + ", ".join(tables) + " cascade")
        connection.execute("update books set balance_minor = 5000 where kind = 'wallet'")
        connection.execute("update books set balance_minor = 0 where kind <> 'wallet'")
        connection.execute("set session_replication_role = origin")
        for table in tables:
            connection.execute(f"create index on kept_{table} (id)")
        connection.execute("analyze")
        [(count,)] = connection.execute("select count(*) from kept_invoices").fetchall()
        began = time.monotonic()
        for first in range(0, count, FLOOR_BATCH):
            _copy(connection, first, FLOOR_BATCH)
        return time.monotonic() - began


def _copy(connection: psycopg.Connection[Any], first: int, count: int) -> None:
    window = {"first": first, "count": count}
    chosen = "(select id from kept_invoices order by id offset %(first)s limit %(count)s)"
    paid = f"(select id from kept_payments where invoice_id in {chosen})"
    moved = f"(select id from kept_transfers where subject_id in {chosen} or subject_id in {paid})"
    with connection.transaction():
        connection.execute(
            "insert into invoices select (r).* from (select jsonb_populate_record(k,"
            " jsonb_build_object('state', 'draft', 'kind', 'proforma', 'number',"
            " k.proforma_number, 'paid_at', null, 'paid_minor', 0)) as r"
            f" from kept_invoices k where id in {chosen}) x",
            window,
        )
        for table, where in (
            ("invoice_lines", f"invoice_id in {chosen}"),
            ("payments", f"invoice_id in {chosen}"),
            ("transfers", f"id in {moved}"),
            ("entries", f"transfer_id in {moved}"),
            ("renewals", f"invoice_id in {chosen}"),
            ("state_changes", f"subject_id in {chosen} or subject_id in {paid}"),
        ):
            connection.execute(
                f"insert into {table} select * from kept_{table} where {where}",
                window,
            )
        connection.execute(
            "insert into renewal_acts select a.* from kept_renewal_acts a join kept_renewals r"
            f" using (service_id) where r.invoice_id in {chosen}",
            window,
        )
        for verb in (
            "state = 'open'",
            (
                "state = 'paid', kind = k.kind, number = k.number, paid_minor = k.paid_minor,"
                " paid_at = k.paid_at"
            ),
        ):
            connection.execute(
                f"update invoices i set {verb} from kept_invoices k"
                f" where k.id = i.id and i.id in {chosen}",
                window,
            )


def measure(count: int) -> dict[str, float]:
    """One count: seconds of run and floor, megabytes of the run, and that all were billed once."""
    folder = Path(tempfile.mkdtemp(prefix="skypanel-renewals-"))
    try:
        with Postgres(folder, durable=False) as server:
            dsn = server.create_database("renewals")
            environ = boot_environ(dsn)
            command: list[str | Path] = [ROOT / ".venv" / "bin" / "skypanel", "migrate"]
            subprocess.run(command, env=environ, check=True, capture_output=True)
            furnish(dsn, count)
            seconds = asyncio.run(run(dsn, environ))
            megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            with psycopg.connect(dsn) as connection:
                [(paid,)] = connection.execute(
                    "select count(*) from invoices where state = 'paid' and kind = 'tax'"
                ).fetchall()
            assert paid == count, (paid, count)
            return {"run": seconds, "megabytes": megabytes, "floor": rewrite(dsn)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rows(counts: tuple[int, ...] = (10_000, 100_000)) -> list[str]:
    """The table's lines."""
    found: dict[int, dict[str, float]] = {}
    for count in counts:
        said = subprocess.run(
            [sys.executable, "-m", "bench.renewals", str(count)],
            capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout  # fmt: skip
        found[count] = json.loads(said.splitlines()[-1])
    small, large = found[counts[0]], found[counts[-1]]
    cost = (large["run"] / counts[-1]) / (small["run"] / counts[0])
    floor, product = counts[-1] / large["floor"], counts[-1] / large["run"]
    name = f"billing run of {counts[-1]:,} services: issue, charge, post (services/s)"
    return [
        f"| {name} | {floor:.0f} | {product:.0f} | {product / floor:.2f} | ≥ 0.17 |",
        f"| its memory, MB | | {large['megabytes']:.0f} | | ≤ 300 |",
        f"| its cost per service against {counts[0]:,} services | | | {cost:.2f} | ≤ 1.30 |",
    ]


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
