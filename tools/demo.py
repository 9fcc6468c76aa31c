"""`make demo`: the whole product with its simulated vendors on this machine, until Ctrl-C.

Everything of one demo lies in `.run/PORT`, so that copies on other ports live beside it. With
DATABASE_URL in the environment that database is used and no PostgreSQL is started.
"""

import argparse
import base64
import contextlib
import os
import secrets
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import IO

from tools.children import Leash, Program
from tools.ground import ROOT, RUN, CannotGoOn, exits, last_line, lock, say, shown, write_private
from tools.guests import ENGINES, PLAYED, REAL, guest_kit
from tools.ports import accepts, free_block, port_is_free
from tools.postgres import Postgres, given_server
from tools.supervisor import Asked, Supervisor, hang_up_with_make

SKYPANEL = ROOT / ".venv" / "bin" / "skypanel"
DATABASE = "skypanel"
SANDBOX_PORTS = 20
SANDBOX_PAGES = ("VirtFusion", "PayPal", "Mailbox")  # their ports in this order, then SMTP
SANDBOX_LISTENERS = len(SANDBOX_PAGES) + 1
FIRST_SANDBOX_PORT = 20_000
READY_TIMEOUT_SECONDS = 2
LAST_PORT = 65_535


@dataclass(frozen=True)
class Demo:
    """One demo: its port, its folder, the command that is the product."""

    port: int
    folder: Path
    skypanel: Path = SKYPANEL
    kit: Path | None = None
    """What real guests are made of; without it servers are simulated."""

    @property
    def url(self) -> str:
        """Where a person opens it."""
        return os.environ.get("PUBLIC_URL") or f"http://localhost:{self.port}"

    def environ(self, database_url: str) -> dict[str, str]:
        """What the product's processes are told."""
        kept = self.kept()
        return os.environ | {
            **kept,
            "DATABASE_URL": database_url,
            "PUBLIC_URL": self.url,
            "PORT": str(self.port),
            "SANDBOX_DIR": str(self.folder / "sandbox"),
            "SANDBOX_ENGINE": "qemu" if self.kit else "simulated",
            **({"SANDBOX_KIT": str(self.kit)} if self.kit else {}),
            "PYTHONUNBUFFERED": "1",
        }

    def kept(self) -> dict[str, str]:
        """Secrets and ports drawn at the first start and kept: the database refers to them."""
        file = self.folder / "env"
        if file.is_file():
            lines = file.read_text().splitlines()
            return dict(line.split("=", 1) for line in lines if "=" in line)
        first = FIRST_SANDBOX_PORT + self.port % 100 * SANDBOX_PORTS
        kept = {
            "SKYPANEL_SECRET_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
            "SANDBOX_PORT_BASE": str(free_block(first, SANDBOX_PORTS)),
        }
        write_private(file, "".join(f"{name}={value}\n" for name, value in kept.items()))
        return kept

    def pages(self) -> str:
        """Where the simulated vendors show themselves."""
        base = int(self.kept()["SANDBOX_PORT_BASE"])
        pages = [
            f"  {name:<11} http://localhost:{base + i}" for i, name in enumerate(SANDBOX_PAGES)
        ]
        return "\n".join(["Simulated vendors:", *pages])

    def program(
        self,
        environ: Mapping[str, str],
        verb: str,
        *options: str,
        ready: Callable[[], bool] | None = None,
    ) -> Program:
        """One of the product's commands."""
        return Program(
            name=f"skypanel {verb}",
            argv=[str(self.skypanel), verb, *options],
            log=self.folder / f"{verb}.log",
            environ=environ,
            grace_seconds=25,  # granian gives its own processes 20
            ready=ready,
        )

    def answers(self) -> bool:
        """Whether the web process says that it and what it needs are ready."""
        asked = f"http://127.0.0.1:{self.port}/readyz"
        with contextlib.suppress(OSError, HTTPException):
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(asked, timeout=READY_TIMEOUT_SECONDS) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004
        return False


@contextlib.contextmanager
def alone(demo: Demo) -> Iterator[IO[str]]:
    """Be the only demo of this port; refuse while another lives."""
    held = lock(demo.folder / "lock")
    if held is None:
        pid = last_line(demo.folder / "lock")
        raise CannotGoOn(f"A demo runs on port {demo.port} already (pid {pid}): open {demo.url}")
    with held:
        yield held


def check_port(port: int) -> None:
    """Refuse a port that somebody else listens on."""
    if not port_is_free(port):
        other = port + 1
        raise CannotGoOn(f"Port {port} is busy: stop what uses it or say `make demo PORT={other}`.")


def check_sandbox_ports(environ: Mapping[str, str], folder: Path) -> None:
    """Refuse when somebody took a port that the demo's settings name."""
    base = int(environ["SANDBOX_PORT_BASE"])
    busy = [port for port in range(base, base + SANDBOX_PORTS) if not port_is_free(port)]
    if busy:
        raise CannotGoOn(
            f"Port {busy[0]}, which this demo's simulators use, is busy: stop what uses it, or "
            f"remove {shown(folder)} to start anew."
        )


def start_database(demo: Demo, supervisor: Supervisor) -> str:
    """Start PostgreSQL, or take the one that is given; gives the database's URL."""
    given = given_server("DATABASE_URL")
    if given is not None:
        with given:
            return given.dsn()
    postgres = Postgres(demo.folder / "postgres")
    postgres.stop_leftover()
    postgres.prepare()
    if postgres.place != demo.folder / "postgres":
        say(f"PostgreSQL does not run as root: it runs as another account in {postgres.place}.")
    supervisor.start(postgres.program())
    if DATABASE not in postgres.databases():
        postgres.create_database(DATABASE)
    return postgres.dsn(DATABASE)


def start_product(demo: Demo, supervisor: Supervisor, database_url: str) -> str:
    """Bring the database up to date and start the processes; gives what the seed has to say."""
    environ = demo.environ(database_url)
    check_sandbox_ports(environ, demo.folder)
    base = int(environ["SANDBOX_PORT_BASE"])
    say("Preparing the database…")
    supervisor.step(demo.program(environ, "migrate"))
    seeded = supervisor.step(demo.program(environ, "demo-seed"))
    say("Starting…")
    listening = range(base, base + SANDBOX_LISTENERS)
    supervisor.start(
        demo.program(environ, "sandbox", ready=lambda: all(accepts(port) for port in listening))
    )
    supervisor.start(demo.program(environ, "worker"))
    serve = demo.program(environ, "serve", "--port", str(demo.port), ready=demo.answers)
    supervisor.start(serve)
    return seeded


def build_client(demo: Demo, supervisor: Supervisor) -> None:
    """Build the client where its sources changed."""
    say("Preparing the client…")
    argv = [sys.executable, "-m", "tools.client", "build"]
    supervisor.step(Program(name="The build", argv=argv, log=demo.folder / "client.log"))


def live(demo: Demo, *, with_client: bool) -> None:
    """Start all, tell where, keep it running until somebody asks for an end, stop all."""
    leash = Leash(lock=demo.folder / "guardian.lock")
    supervisor = Supervisor(leash, tell=lambda line: say(f"demo: {line}"))
    with contextlib.closing(leash), supervisor.bell.installed():
        try:
            check_port(demo.port)
            if with_client:
                build_client(demo, supervisor)
            seeded = start_product(demo, supervisor, start_database(demo, supervisor))
            say(f"\nSkyPANEL runs: {demo.url}\n\n{seeded.rstrip()}\n\n{demo.pages()}")
            say(f"{REAL if demo.kit else PLAYED}\n")
            say(f"Logs lie in {shown(demo.folder)}. Ctrl-C stops it; nothing is lost.")
            supervisor.watch()
        except Asked:
            say("\nStopping…")
        finally:
            supervisor.stop()
    say("Stopped.")


def main(arguments: Sequence[str]) -> int:
    """Run a demo on PORT (8000)."""
    asked = argparse.ArgumentParser(prog="python -m tools.demo", description=main.__doc__)
    asked.add_argument("--port", default=os.environ.get("PORT") or "8000")
    asked.add_argument("--engine", default=os.environ.get("ENGINE") or "auto", choices=ENGINES)
    asked.add_argument("--skypanel", type=Path, default=SKYPANEL, help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--no-client", action="store_true", help="do not build the client")
    given = asked.parse_args(arguments)
    if not given.port.isdecimal() or not 0 < int(given.port) <= LAST_PORT:
        raise CannotGoOn(f"`{given.port}` is no port: say `make demo PORT=8001`.")
    port = int(given.port)
    kit = guest_kit(given.engine)
    demo = Demo(port, given.folder or RUN / str(port), given.skypanel, kit)
    if not os.access(demo.skypanel, os.X_OK):
        raise CannotGoOn(f"{shown(demo.skypanel)} is missing: run tools/bootstrap first.")
    hang_up_with_make()
    with alone(demo):
        live(demo, with_client=not given.no_client)
    return 0


if __name__ == "__main__":
    sys.exit(exits(main))
