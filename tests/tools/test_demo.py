"""The demo's supervisor with fake programs: what it starts it stops, whatever happens."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from tools.accounts import place_for, unprivileged
from tools.children import Leash, Program
from tools.ground import ROOT
from tools.ports import free_port, port_is_free

FAKE = Path(__file__).with_name("fake_skypanel.py")
SERVER_URL = "SKYPANEL_TEST_SERVER_URL"


def until(condition: Callable[[], object], what: str, seconds: float = 15) -> None:
    """Wait for a condition; say what never came."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    """Whether a process runs, zombies aside."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Trial:
    """One demo in a folder of its own, and what became of it."""

    def __init__(self, folder: Path, port: int | None = None, **environ: str) -> None:
        self.port = port or free_port()
        self.folder = folder / str(self.port)
        self.events_file = folder / "events"
        self.output = folder / "output"
        command = folder / "skypanel"
        command.write_text(f"#!{sys.executable}\n{FAKE.read_text()}")
        command.chmod(0o755)
        self.environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "DATABASE_URL": os.environ[SERVER_URL],
            "FAKE_EVENTS": str(self.events_file),
            **environ,
        }
        options = ["--no-client", "--engine=simulated", "--folder", str(self.folder)]
        options += ["--skypanel", str(command)]
        self.argv = [sys.executable, "-m", "tools.demo", "--port", str(self.port), *options]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Trial":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.argv, cwd=ROOT, env=self.environ, stdout=output, stderr=output
            )
        return self

    def until_up(self) -> "Trial":
        until(lambda: "Ctrl-C stops it" in self.said() or self.ended(), "the demo is up")
        assert not self.ended(), self.said()
        every = ("serve", "worker", "sandbox")
        until(lambda: all(self.started(verb) for verb in every), "each process runs")
        return self

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def send(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(15)

    def refusal(self) -> str:
        """What a start that is refused says: one line, exit code 1."""
        assert self.process is not None
        assert self.process.wait(15) == 1
        return self.said().strip().splitlines()[-1]

    def said(self) -> str:
        return self.output.read_text()

    def events(self) -> list[tuple[str, str, int]]:
        lines = self.events_file.read_text().splitlines() if self.events_file.exists() else []
        return [(verb, what, int(pid)) for verb, what, pid in map(str.split, lines)]

    def started(self, verb: str) -> list[int]:
        return [pid for name, what, pid in self.events() if (name, what) == (verb, "started")]

    def remains(self) -> list[int]:
        return [pid for _verb, what, pid in self.events() if what == "started" and lives(pid)]


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Callable[..., Trial]]:
    """Makes trials; ends what a failed test leaves."""
    made: list[Trial] = []

    def make(**environ: str) -> Trial:
        folder = tmp_path / f"trial-{len(made)}"
        folder.mkdir()
        made.append(Trial(folder, **environ))
        return made[-1]

    yield make
    for one in made:
        if one.process is not None and one.process.poll() is None:
            one.process.terminate()
            one.process.wait(15)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_asked_end_stops_everything_in_order(
    trial: Callable[..., Trial], number: signal.Signals
) -> None:
    demo = trial().start().until_up()
    assert f"http://localhost:{demo.port}" in demo.said()
    assert "demo-seed was here" in demo.said()
    assert demo.send(number) == 0
    stopped = [verb for verb, what, _pid in demo.events() if what == "stopped"]
    assert stopped == ["serve", "worker", "sandbox"]
    assert demo.remains() == []
    assert port_is_free(demo.port)


def test_what_dies_is_started_again_and_said(trial: Callable[..., Trial]) -> None:
    demo = trial().start().until_up()
    first = demo.started("worker")[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: len(demo.started("worker")) == 2, "a second worker")
    assert "skypanel worker was ended by SIGKILL; starting it again in 0.5 s" in demo.said()
    until(lambda: not lives(demo.started("grandchild")[0]), "what the dead worker had left is gone")
    assert demo.send(signal.SIGTERM) == 0
    assert demo.remains() == []


def test_killing_the_supervisor_leaves_nothing_and_the_next_start_works(
    trial: Callable[..., Trial],
) -> None:
    demo = trial().start().until_up()
    assert len(demo.remains()) == 4
    keys = (demo.folder / "env").read_text()
    demo.send(signal.SIGKILL)
    again = demo.start()  # at once: it has to wait for the old programs to be gone
    again.until_up()
    first = {pid for _verb, what, pid in demo.events() if what == "started"}
    now = set(again.remains())
    assert len(now) == 4
    assert len(first - now) == 4
    assert (again.folder / "env").read_text() == keys
    assert stat.S_IMODE((again.folder / "env").stat().st_mode) == 0o600
    again.send(signal.SIGINT)
    assert again.remains() == []


def test_make_killed_ends_the_demo(trial: Callable[..., Trial]) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a process of its parent's death")
    demo = trial(MAKELEVEL="1")
    demo.argv = [sys.executable, "-c", f"import subprocess; subprocess.run({demo.argv!r})"]
    demo.start().until_up()
    demo.send(signal.SIGKILL)
    until(lambda: not demo.remains(), "everything has stopped")
    until(lambda: "Stopped." in demo.said(), "it stopped in order")


def test_a_busy_port_is_one_sentence_and_starts_nothing(trial: Callable[..., Trial]) -> None:
    demo = trial()
    with socket.create_server(("127.0.0.1", demo.port)):
        said = demo.start().refusal()
    assert said == (
        f"Port {demo.port} is busy: stop what uses it or say `make demo PORT={demo.port + 1}`."
    )
    assert demo.events() == []


def test_a_second_demo_of_one_port_is_refused_and_of_another_lives_beside_it(
    trial: Callable[..., Trial],
) -> None:
    first = trial().start().until_up()
    same = trial()
    same.argv = first.argv
    assert f"A demo runs on port {first.port} already" in same.start().refusal()
    other = trial().start().until_up()
    assert (other.folder / "env").read_text() != (first.folder / "env").read_text()
    assert first.send(signal.SIGINT) == 0
    assert len(other.remains()) == 4
    assert other.send(signal.SIGINT) == 0


@pytest.mark.parametrize("verb", ["migrate", "demo-seed", "serve"])
def test_a_failing_start_says_why_and_leaves_nothing(
    trial: Callable[..., Trial], verb: str
) -> None:
    demo = trial(FAKE_FAILS=verb)
    said = demo.start().refusal()
    assert f"skypanel {verb}" in said
    assert "the flux is not calibrated" in said
    assert f"{verb}.log" in said
    assert demo.remains() == []
    assert "Traceback" not in demo.said()


def test_a_database_that_does_not_answer_is_one_sentence(trial: Callable[..., Trial]) -> None:
    nobody = f"postgresql://x:y@127.0.0.1:{free_port()}/z"
    demo = trial(DATABASE_URL=nobody)
    assert "The given PostgreSQL does not answer" in demo.start().refusal()
    assert demo.events() == []


def test_the_demo_keeps_its_own_database(trial: Callable[..., Trial]) -> None:
    demo = trial(DATABASE_URL="")
    database = demo.folder / "postgres"
    try:
        demo.start().until_up()
        assert demo.send(signal.SIGINT) == 0
        place = place_for(database, unprivileged())
        assert (place / "files" / "PG_VERSION").is_file()
        assert not (place / "files" / "postmaster.pid").exists()
    finally:
        shutil.rmtree(place_for(database, unprivileged()), ignore_errors=True)


def test_a_stubborn_program_is_ended_with_its_own_processes(tmp_path: Path) -> None:
    children = tmp_path / "pids"
    script = f'trap "" TERM; sleep 600 & echo $! > {children}; wait; wait'
    program = Program(
        name="stubborn",
        argv=["/bin/sh", "-c", script],
        log=tmp_path / "log",
        grace_seconds=0.2,
    )
    leash = Leash()
    child = leash.start(program)
    until(lambda: children.exists() and children.read_text().strip(), "its own process")
    leash.stop(program, child)
    assert child.returncode == -signal.SIGKILL
    until(lambda: not lives(int(children.read_text())), "its own process is gone")
    leash.close()


def test_a_guardian_that_was_killed_is_replaced(tmp_path: Path) -> None:
    leash = Leash()
    program = Program(name="one", argv=["/bin/sleep", "600"], log=tmp_path / "log")
    first = leash.start(program)
    leash._guardian.kill()
    leash._guardian.wait()
    second = leash.start(program)
    leash.close()  # without stopping: the new guardian knows both
    until(lambda: first.poll() is not None and second.poll() is not None, "both have ended")
