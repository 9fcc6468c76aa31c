"""Stands in for `skypanel` under the demo's supervisor: the same verbs, and faults by environment.

FAKE_EVENTS names a file that tells what happened, one line each: `verb started|stopped pid`.
FAKE_FAILS names a verb that ends at once with a word on why. FAKE_STUBBORN names one that ignores
SIGTERM.
"""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path


class Ready(http.server.BaseHTTPRequestHandler):
    """Answers everything with 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def tell(verb: str, what: str) -> None:
    with Path(os.environ["FAKE_EVENTS"]).open("a") as events:
        events.write(f"{verb} {what} {os.getpid()}\n")


def listen(port: int) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main() -> None:
    verb = sys.argv[1]
    if os.environ.get("FAKE_FAILS") == verb:
        sys.stdout.write("the flux is not calibrated\n")
        sys.exit(3)
    if verb in {"migrate", "demo-seed"}:
        sys.stdout.write(f"{verb} was here, keys {os.environ['SKYPANEL_SECRET_KEYS'][:3]}\n")
        return

    def stop(_number: int, _frame: object) -> None:
        tell(verb, "stopped")
        os._exit(0)

    stubborn = os.environ.get("FAKE_STUBBORN") == verb
    signal.signal(signal.SIGTERM, signal.SIG_IGN if stubborn else stop)
    tell(verb, "started")
    if verb == "serve":
        listen(int(os.environ["PORT"]))
    if verb == "sandbox":
        for offset in range(4):
            listen(int(os.environ["SANDBOX_PORT_BASE"]) + offset)
    if verb == "worker":  # a process of its own, as granian has them
        own = subprocess.Popen(["/bin/sleep", "600"])
        with Path(os.environ["FAKE_EVENTS"]).open("a") as events:
            events.write(f"grandchild started {own.pid}\n")
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
