"""The running product, as `make demo` starts it, and Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from tools.ground import ROOT
from tools.ports import free_port

from tests.browser.camera import DESK, Camera

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PASSWORD = "harbour lantern 42"
START_SECONDS = 300  # on a machine that does much else
PATIENCE_MILLISECONDS = 30_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)
SHOTS = ROOT / os.environ["SKYPANEL_SHOTS"] if "SKYPANEL_SHOTS" in os.environ else None


@dataclass
class Stack:
    """Where the running product is."""

    url: str
    panel: str
    paypal: str
    mailbox: str

    def newest_link(self, email: str) -> str:
        """The link with a token in the newest mail to somebody; waits until it is there."""
        for _ in range(100):
            found = httpx.get(f"{self.mailbox}/_sandbox/messages", params={"to": email}).json()
            items = found["items"] if isinstance(found, dict) else found
            for message in items:
                for link in message["links"]:
                    if "token=" in link:
                        return str(link)
            threading.Event().wait(0.1)
        raise AssertionError(f"no mail with a link came to {email}")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole product on free ports, seeded, for as long as the tests run."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        pytest.skip("the client is not built: make build")
    folder = Path(tempfile.mkdtemp(prefix="skypanel-browser-"))
    port = free_port()
    command = [
        sys.executable, "-m", "tools.demo", "--port", str(port), "--folder", str(folder),
        "--no-client", "--engine", "simulated",
    ]  # fmt: skip
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    demo = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said: list[str] = []
    reader: threading.Thread | None = None
    assert demo.stdout is not None
    try:
        base, reader = _wait(demo, said)
        yield Stack(
            f"http://localhost:{port}",
            *(f"http://localhost:{base + offset}" for offset in range(3)),
        )
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)
        if reader is not None:
            reader.join(10)
        demo.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(demo: subprocess.Popen[str], said: list[str]) -> tuple[int, threading.Thread]:
    """Until the demo says that all runs: the first simulator's port, and who reads on."""
    assert demo.stdout is not None
    watchdog = threading.Timer(START_SECONDS, demo.kill)
    watchdog.start()
    base = 0
    for line in demo.stdout:
        said.append(line)
        if line.strip().startswith("VirtFusion"):
            base = int(line.rsplit(":", 1)[1])
        if line.startswith("Logs lie"):
            watchdog.cancel()
            reader = threading.Thread(target=said.extend, args=(demo.stdout,), daemon=True)
            reader.start()
            return base, reader
    watchdog.cancel()
    raise AssertionError("the demo did not start:\n" + "".join(said[-15:]))


@pytest.fixture(scope="session")
def camera() -> Iterator[Camera]:
    """Takes pictures when SKYPANEL_SHOTS names a folder for them."""
    taken = Camera(SHOTS)
    yield taken
    taken.hang()


@pytest.fixture
def browser(stack: Stack) -> Iterator[Browser]:
    """Chromium for one test: while Playwright runs, its event loop shuts out every other."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """A fresh person's browser; an error in the page's script fails the test."""
    window = ViewportSize(width=DESK[0], height=DESK[1])
    context = browser.new_context(
        viewport=window, base_url=stack.url, color_scheme="light", reduced_motion="reduce"
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MILLISECONDS)
    broken: list[str] = []
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    context.close()
    assert broken == []


def log_in(page: Page, stack: Stack, email: str) -> None:
    """Log in by the API, into this browser's cookie jar."""
    answer = page.request.post(
        f"{stack.url}/api/v1/sessions",
        data={"email": email, "password": PASSWORD},
        headers={"origin": stack.url},
    )
    assert answer.ok, answer.text()
