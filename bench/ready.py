"""An order paid until its server is ready, beyond what the panel itself takes to install it.

`python -m bench.ready [orders]` starts the whole product as `make demo` does: the real web process,
the real worker, the simulated panel on its port. That takes six seconds to install a server, its
own time; all else is ours: noticing the payment, asking for the server, seeing that it is ready.
"""

from __future__ import annotations

import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tools.ground import ROOT, CannotGoOn, say
from tools.ports import free_port

from skypanel.app.company import PASSWORD

ORDERS = 3
GOAL_SECONDS = 3.0
BUILD_SECONDS = 6.0
CUSTOMER, OWNER = "ada@lindqvist.example", "owner@nordlicht.example"
START_SECONDS, WAIT_SECONDS = 300, 90


@contextmanager
def running() -> Iterator[str]:
    """The product on a free port until it is no longer needed."""
    folder, port = Path(tempfile.mkdtemp(prefix="skypanel-ready-")), free_port()
    command = [
        sys.executable, "-m", "tools.demo", "--port", str(port), "--folder", str(folder),
        "--no-client", "--engine", "simulated",
    ]  # fmt: skip
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    watchdog = threading.Timer(START_SECONDS, child.kill)
    watchdog.start()
    try:
        if not any(line.startswith("Logs lie") for line in child.stdout):
            raise CannotGoOn("The product did not start.")
        watchdog.cancel()
        yield f"http://localhost:{port}"
    finally:
        watchdog.cancel()
        child.send_signal(signal.SIGINT)
        child.wait(60)
        child.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


class Visitor:
    """Somebody logged in."""

    def __init__(self, url: str, email: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/v1", headers={"origin": url}, timeout=30)
        self.ask("post", "/sessions", {"email": email, "password": PASSWORD})

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.http.request(method, path, json=body)
        if answer.is_error:
            raise CannotGoOn(f"{path} answered {answer.status_code}: {answer.text[:300]}")
        return answer.json() if answer.content else None


def one(customer: Visitor, kind: str, **known: str) -> str:
    """The id of something that is sold."""
    items = customer.ask("get", f"/{kind}")["items"]
    return str(next(each["id"] for each in items if known.items() <= each.items()))


def buy(customer: Visitor, account_id: str, number: int) -> float:
    """Seconds from the payment's answer until the order says that its server is ready."""
    chosen = {
        "plan_id": one(customer, "plans", slug="cx-2"),
        "location_id": one(customer, "locations", slug="helsinki"),
        "image_id": one(customer, "images", family="Debian"),
    }
    order = customer.ask(
        "post",
        "/orders",
        {
            "account_id": account_id,
            **chosen,
            "cycle": "monthly",
            "hostname": f"ready-{number}.example.com",
            "password_login": True,
        },
    )
    customer.ask("post", "/payments", {"invoice_id": order["invoice_id"], "gateway": "wallet"})
    paid = time.monotonic()
    while time.monotonic() - paid < WAIT_SECONDS:
        if customer.ask("get", f"/orders/{order['id']}")["state"] == "active":
            return time.monotonic() - paid
        time.sleep(0.05)
    raise CannotGoOn("A paid order did not become a server.")


def measure(orders: int = ORDERS) -> list[float]:
    """Seconds beyond the panel's own time, one for each order."""
    with running() as url:
        customer, owner = Visitor(url, CUSTOMER), Visitor(url, OWNER)
        account_id = customer.ask("get", "/me")["accounts"][0]["id"]
        wish = {"amount_minor": 100_000, "reason": "Measuring"}
        owner.ask("post", f"/admin/accounts/{account_id}/credits", wish)
        return [buy(customer, account_id, each) - BUILD_SECONDS for each in range(orders)]


def rows() -> list[str]:
    """The line of the table."""
    found = measure()
    middle, most = statistics.median(found), max(found)
    what = f"an order paid until its server is ready, beyond the panel's {BUILD_SECONDS:.0f} s"
    counted = f"seconds (most of {len(found)}: {most:.2f})"
    return [f"| {what}, {counted} | | {middle:.2f} | | ≤ {GOAL_SECONDS:.0f} |"]


if __name__ == "__main__":
    for each in measure(int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS):
        say(f"{each:.2f} s beyond the panel's {BUILD_SECONDS:.0f} s")
