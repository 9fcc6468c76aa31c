"""`make bench`: the product's requests against a floor measured in the same run.

The floor is a bare ASGI function on the bare driver with the very same SQL (`bench/floor.py`), on
the same server (granian, one process) and database. Load comes from wrk (Debian).
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg
from tools.drift import boot_environ
from tools.ground import ROOT, CannotGoOn, exits, say
from tools.ports import accepts, free_port
from tools.postgres import Postgres

from bench import bills, console, hours, metrics, ready, renewals

BIN = ROOT / ".venv" / "bin"
RESULTS = ROOT / "bench" / "RESULTS.md"
ROUNDS, SECONDS, CONNECTIONS = 5, 4, 16
PASSWORD = "measured twice 42"
SERVER = "/api/v1/servers/00000000-0000-4000-8000-000000000007"
GOALS = {
    "/api/v1/invoices": 0.65,
    "/api/v1/me": 0.60,
    "/api/v1/servers?limit=50": 0.50,
    SERVER: 0.50,
    f"{SERVER}/metrics?range=24h": 0.50,
}
NAMES = {
    "/api/v1/invoices": "session check + 25 invoices",
    "/api/v1/servers?limit=50": "a list of 50 servers",
    SERVER: "a server's page",
    f"{SERVER}/metrics?range=24h": "a server's charts of 24 hours",
}
INSERT_GOAL, INSERT_ROOM = 0.50, 10_000
COLD_SECONDS, WEB_MEMORY_MB = 3.0, 180


def main(_arguments: list[str]) -> int:
    """Measure and print the table; keep it in bench/RESULTS.md."""
    if shutil.which("wrk") is None:
        raise CannotGoOn("wrk is missing: apt-get install wrk")
    folder = Path(tempfile.mkdtemp(prefix="skypanel-bench-"))
    try:
        with Postgres(folder, durable=False) as server:
            lines = measure(boot_environ(server.create_database("bench")), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    RESULTS.write_text("\n".join(["# The last run of `make bench`", "", machine(), "", *lines, ""]))
    say("\n".join(lines))
    return 0


def machine() -> str:
    """Where it was measured."""
    memory = psutil.virtual_memory().total // 2**30
    return (
        f"{os.cpu_count()} cores, {memory} GiB, CPython {platform.python_version()}; load "
        f"generator, PostgreSQL and server share them. {ROUNDS} rounds of {SECONDS} s, "
        f"{CONNECTIONS} connections, one process each; medians."
    )


def measure(environ: dict[str, str], folder: Path) -> list[str]:
    """The table's lines."""
    subprocess.run([BIN / "skypanel", "migrate"], env=environ, check=True, capture_output=True)
    command = [BIN / "skypanel", "admin", "create", "bench@example.com"]
    said = {"input": PASSWORD + "\n", "text": True, "capture_output": True}
    subprocess.run(command, env=environ, check=True, **said)  # type: ignore[call-overload]
    port, floor_port = free_port(), free_port()
    environ |= {"PORT": str(port), "PUBLIC_URL": f"http://localhost:{port}"}
    environ |= {"SKYPANEL_LIMIT_READS": "false", "FLOOR_COOKIE": f"skypanel-{port}"}
    product = [BIN / "skypanel", "serve", "--port", str(port)]
    granian = [
        BIN / "granian", "--interface", "asgi", "--loop", "uvloop", "--workers", "1",
        "--host", "127.0.0.1", "--port", str(floor_port), "--log-level", "warning",
    ]  # fmt: skip
    with running(product, environ, port) as (process, cold):
        cookie = log_in(environ, port)
        with running([*granian, "bench.floor:app"], environ, floor_port):
            lines = [compare(path, port, floor_port, cookie) for path in GOALS]
            lines.append(compare_inserts(port, floor_port, cookie, folder))
        bills.furnish(environ["DATABASE_URL"], user_of(port, environ, cookie))
        lines += bills.list_lines(
            lambda path: load(f"http://127.0.0.1:{port}{path}", cookie), ROUNDS
        )
        lines += console.lines(port, cookie, environ)
        web = max(psutil.Process(p.pid).memory_info().rss for p in process.children(recursive=True))
    return [
        "| what | floor req/s | product req/s | ratio | goal |",
        "|---|---|---|---|---|",
        *lines,
        bills.pdf_line(),
        *renewals.rows(),
        *hours.rows(),
        *metrics.rows(),
        *ready.rows(),
        f"| cold start of `serve`, seconds | | {cold:.2f} | | ≤ {COLD_SECONDS} |",
        f"| a web process after load, MB | | {web / 1e6:.0f} | | ≤ {WEB_MEMORY_MB} |",
    ]


@contextmanager
def running(
    command: list[object], environ: dict[str, str], port: int
) -> Iterator[tuple[psutil.Process, float]]:
    """A server and the seconds until it answered."""
    began = time.monotonic()
    child = subprocess.Popen([str(word) for word in command], env=environ, cwd=ROOT)
    try:
        while not accepts(port):
            if child.poll() is not None or time.monotonic() - began > 30:
                raise CannotGoOn(f"{command[0]} did not start.")
            time.sleep(0.02)
        httpx.get(f"http://127.0.0.1:{port}/healthz", cookies={environ["FLOOR_COOKIE"]: "x"})
        yield psutil.Process(child.pid), time.monotonic() - began
    finally:
        child.terminate()
        child.wait(30)


def log_in(environ: dict[str, str], port: int) -> str:
    """A session with an account that has invoices; its cookie."""
    origin = f"http://localhost:{port}"
    with httpx.Client(base_url=origin, headers={"origin": origin}) as http:
        answer = http.post(
            "/api/v1/sessions", json={"email": "bench@example.com", "password": PASSWORD}
        )
        answer.raise_for_status()
        furnish(environ["DATABASE_URL"], answer.json()["id"])
        shown = http.get("/api/v1/invoices").json()["items"]
        assert len(shown) == 25, len(shown)
        name = environ["FLOOR_COOKIE"]
        return f"{name}={http.cookies[name]}"


def user_of(port: int, environ: dict[str, str], cookie: str) -> str:
    """Who is logged in."""
    headers = {"cookie": cookie, "origin": environ["PUBLIC_URL"]}
    found: str = httpx.get(f"http://localhost:{port}/api/v1/me", headers=headers).json()["id"]
    return found


def furnish(dsn: str, user_id: str) -> None:
    """An account with 200 paid invoices, by the schema's own defaults."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        # Rows without lines, which the schema's own checks would refuse.
        connection.execute("set session_replication_role = replica")
        account = "01900000-0000-7000-8000-000000000001"
        connection.execute(
            "insert into accounts (id, name, currency, state, created_at)"
            " values (%s, 'Bench', 'EUR', 'active', now())",
            (account,),
        )
        connection.execute(
            "insert into members (account_id, user_id, role, joined_at)"
            " values (%s, %s, 'owner', now())",
            (account, user_id),
        )
        connection.execute(
            "insert into invoices (id, account_id, kind, becomes, state, currency, proforma_number,"
            " number, issued_on, due_on, created_at, paid_at, net_minor, tax_minor, total_minor,"
            " paid_minor, buyer, seller) select gen_random_uuid(), %s, 'tax', 'tax', 'paid', 'EUR',"
            " 'PRO-' || n, 'INV-' || n, current_date, current_date, now(), now(), 1000, 190, 1190,"
            " 1190, '{}', '{}' from generate_series(1, 200) n",
            (account,),
        )
        for table in (SERVICES, SERVERS, HOURS):
            connection.execute(table, {"account": account, "count": 2 * ROUNDS * INSERT_ROOM})
        connection.execute("analyze")


ID = "('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid"
SERVICES = f"""
insert into services (id, account_id, plan_id, location_id, name, state, price_minor, currency,
    cycle, zone, period_starts_at, period_ends_at, renews_on, created_at)
select {ID}, %(account)s, %(account)s, %(account)s, 'Bench', 'active', 1000, 'EUR', 'monthly',
    'UTC', now(), now() + interval '30 days', current_date + 30, now()
from generate_series(0, %(count)s - 1) n
"""
SERVERS = f"""
insert into servers (id, account_id, service_id, order_id, panel_id, virtfusion_ref, hostname,
    label, panel_name, state, state_since, power, plan, location, image, created_at, ready_at)
select {ID}, %(account)s, {ID}, {ID}, %(account)s, n, 'bench', 'bench', 'bench', 'ready', now(),
    'running', '{{}}', '{{}}', '{{}}', now(), now()
from generate_series(0, %(count)s - 1) n
"""
HOURS = """
insert into metric_hours (server_id, hour, account_id, running, cpu, memory, filesystem, read_kib,
    written_kib)
select '00000000-0000-4000-8000-000000000007', date_trunc('hour', now()) - n * interval '1 hour',
    %(account)s, one, many, many, many, many, many
from generate_series(0, least(23, %(count)s)) n,
    (select array[1,1,1,1,1,1,1,1,1,1,1,1]::smallint[] as one,
        array[101,202,303,404,505,606,707,808,909,110,220,330]::smallint[] as many) v
"""
ASK = """
local n = tonumber(os.getenv("BENCH_FIRST"))
wrk.method, wrk.body = "POST", '{"kind":"restart"}'
wrk.headers["Content-Type"], wrk.headers["Sec-Fetch-Site"] = "application/json", "same-origin"
function request()
  n = n + 1
  return wrk.format(nil, string.format("/api/v1/servers/00000000-0000-4000-8000-%012d/tasks", n))
end
"""


def compare_inserts(port: int, floor_port: int, cookie: str, folder: Path) -> str:
    """Restarts asked of servers that nobody asked before: task, audit entry, job and news."""
    script = folder / "ask.lua"
    script.write_text(ASK)
    floor: list[float] = []
    product: list[float] = []
    for each in range(ROUNDS):
        for found, where, first in ((floor, floor_port, 2 * each), (product, port, 2 * each + 1)):
            environ = {**os.environ, "BENCH_FIRST": str(first * INSERT_ROOM)}
            url = f"http://127.0.0.1:{where}"
            found.append(load(url, cookie, "-s", str(script), environ=environ))
    name = "an insert: `POST /servers/{id}/tasks`, with audit entry, job and news"
    return row_of(name, floor, product, INSERT_GOAL)


def compare(path: str, port: int, floor_port: int, cookie: str) -> str:
    """Floor and product in turn; one line of the table."""
    floor: list[float] = []
    product: list[float] = []
    for _ in range(ROUNDS):
        floor.append(load(f"http://127.0.0.1:{floor_port}{path}", cookie))
        product.append(load(f"http://127.0.0.1:{port}{path}", cookie))
    return row_of(NAMES.get(path, f"`GET {path}`"), floor, product, GOALS[path])


def row_of(name: str, floor: list[float], product: list[float], goal: float) -> str:
    """One line of the table: medians, and the median of the rounds' own ratios."""
    ratio = statistics.median(p / f for p, f in zip(product, floor, strict=True))
    low, high = statistics.median(floor), statistics.median(product)
    return f"| {name} | {low:.0f} | {high:.0f} | {ratio:.2f} | ≥ {goal:.2f} |"


def load(url: str, cookie: str, *options: str, environ: dict[str, str] | None = None) -> float:
    """Requests a second; every answer must be 2xx."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Cookie: {cookie}"]
    said = subprocess.run(
        [*command, *options, url], capture_output=True, text=True, check=True, env=environ
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise CannotGoOn(f"{url} did not answer as it should:\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None
    return float(found[1])


if __name__ == "__main__":
    sys.exit(exits(lambda arguments: main(list(arguments))))
