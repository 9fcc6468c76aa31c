"""The embedded PostgreSQL: what it promises while it lives and however it dies."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from tools.accounts import unprivileged
from tools.ground import ROOT, CannotGoOn
from tools.ports import free_port
from tools.postgres import Postgres, test_server
from tools.servers import Server

# Importing it under its own name would make pytest take it for a test.
server_for_tests = test_server
del test_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A durable server's folder, made once for the tests that start and stop it."""
    folder = tmp_path_factory.mktemp("durable")
    yield folder
    server = Postgres(folder)
    server.stop_leftover()
    shutil.rmtree(server.place)


def postmaster(server: Postgres) -> psutil.Process:
    process = server.leftover()
    assert process is not None
    return process


def test_it_speaks_utf8_asks_for_the_password_and_listens_on_loopback_only(folder: Path) -> None:
    with Postgres(folder) as server:
        with psycopg.connect(server.dsn()) as connection:
            row = connection.execute(
                "select current_setting('server_encoding'), datlocale, datlocprovider"
                " from pg_database where datname = current_database()"
            ).fetchone()
        assert row == ("UTF8", "C.UTF-8", "b")
        bare = f"postgresql://skypanel@127.0.0.1:{server.port}/postgres"
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(bare, password="wrong")
        listening = {
            at.laddr.ip
            for at in postmaster(server).net_connections()
            if at.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}
        account = unprivileged()
        assert postmaster(server).uids().effective == (account.uid if account else os.geteuid())
    assert server.leftover() is None
    assert stat.S_IMODE((server.place / "password").stat().st_mode) == 0o600
    assert not (server.place / "password.once").exists()


def test_committed_rows_outlive_a_killed_server_and_a_busy_client_does_not_hold_its_end(
    folder: Path,
) -> None:
    with Postgres(folder) as server:
        dsn = server.create_database("kept")
        with psycopg.connect(dsn) as connection:
            connection.execute("create table notes (body text)")
            connection.execute("insert into notes values ('still here')")
        postmaster(server).kill()
    with Postgres(folder) as server:
        connection = psycopg.connect(server.dsn("kept"))
        assert connection.execute("select body from notes").fetchone() == ("still here",)
        begin = time.monotonic()  # the connection stays open while the server stops
    assert time.monotonic() - begin < 5
    connection.close()


def test_a_stale_pid_file_that_names_another_program_is_no_obstacle(folder: Path) -> None:
    server = Postgres(folder)
    server.prepare()
    other = subprocess.Popen(
        ["/bin/sleep", "600"],
        user=account.uid if (account := unprivileged()) else None,
    )
    try:
        pid_file = server.place / "files" / "postmaster.pid"
        pid_file.write_text(f"{other.pid}\n{server.place / 'files'}\n1\n5432\n\n127.0.0.1\n0 0\n")
        with Postgres(folder) as running:
            assert running.ready()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_server_that_outlived_its_owner_is_stopped_first(folder: Path) -> None:
    with Postgres(folder, stays=True) as left:
        pass
    old = postmaster(left)
    with Postgres(folder) as server:
        assert postmaster(server).pid != old.pid
        assert server.ready()
    assert left._child is not None
    left._child.wait()


def test_two_at_once_in_one_folder_and_a_busy_port_are_refused(folder: Path) -> None:
    with Postgres(folder), pytest.raises(CannotGoOn, match="Another run uses the database"):
        Postgres(folder).__enter__()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(CannotGoOn, match=f"Port {port} is busy"):
            Postgres(folder, port=port).__enter__()


def test_files_of_another_major_version_are_refused_in_words(folder: Path) -> None:
    server = Postgres(folder)
    server.prepare()
    version = server.place / "files" / "PG_VERSION"
    right = version.read_text()
    version.write_text("12\n")
    try:
        with pytest.raises(CannotGoOn, match="made by PostgreSQL 12"):
            Postgres(folder).__enter__()
    finally:
        version.write_text(right)


def test_a_throw_away_server_copies_templates_and_leaves_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "throw-away"
    with Postgres(folder, durable=False) as server:
        with psycopg.connect(server.create_database("original")) as connection:
            connection.execute("create table notes (body text)")
        connection = psycopg.connect(server.create_database("copy", template="original"))
        assert connection.execute("select count(*) from notes").fetchone() == (0,)
        assert connection.execute("show fsync").fetchone() == ("off",)
        server.drop_database("copy")  # although we are still connected
        connection.close()
        assert server.databases() == ["original", "postgres"]
    assert not server.place.exists()
    assert not folder.exists()


OWNER = """
import sys, time
from pathlib import Path
from tools.postgres import Postgres
with Postgres(Path(sys.argv[1]), durable=False) as server:
    print(server.leftover().pid, server.place, flush=True)
    time.sleep(600)
"""


def test_killing_the_owner_ends_the_server(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", OWNER, str(tmp_path / "orphan")]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid, place = owner.stdout.readline().split()
        server = psutil.Process(int(pid))
        owner.send_signal(signal.SIGKILL)
    try:
        deadline = time.monotonic() + 10
        while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline, "the server outlived its owner"
            time.sleep(0.02)
    except psutil.NoSuchProcess:
        pass
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_a_given_server_is_used_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = os.environ["SKYPANEL_TEST_SERVER_URL"]
    monkeypatch.setenv("SKYPANEL_TEST_DATABASE_URL", given)
    with server_for_tests(tmp_path / "unused") as server:
        assert type(server) is Server
        assert server.dsn() == given
        assert "postgres" in server.databases()
    assert not (tmp_path / "unused").exists()


def test_a_given_server_that_does_not_answer_is_one_sentence() -> None:
    with pytest.raises(CannotGoOn, match="The given PostgreSQL does not answer") as refused:
        Server(f"postgresql://x:y@127.0.0.1:{free_port()}/z").__enter__()
    assert "\n" not in str(refused.value)


def test_the_command_starts_tells_asks_and_stops(folder: Path) -> None:
    def command(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "tools.postgres", words[0], "--folder", str(folder)]
        return subprocess.run(
            [*argv, *words[1:]], cwd=ROOT, input=given, capture_output=True, text=True, check=False
        )

    assert command("status").returncode == 1
    assert command("start").returncode == 0
    status = command("status")
    assert status.returncode == 0
    assert "PostgreSQL runs (pid" in status.stdout
    asked = command("psql", given="select 40 + 2;")
    assert "42" in asked.stdout
    assert command("stop").stdout == "PostgreSQL stopped.\n"
    assert command("status").returncode == 1
