"""Programs started on a leash: when the one who started them ends, however it ends, so do they."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tools.accounts import Account
from tools.ground import ROOT, CannotGoOn

GUARDIAN = Path(__file__).with_name("guardian.py")
PATIENCE_WITH_OLD_GUARDIAN_SECONDS = 40

# The new process reports itself before it becomes the program, so that no moment is left in which
# it lives and the guardian does not know it. Its standard input is the guardian's pipe until then.
REPORT_THEN_BECOME = 'echo "add $$ $0" >&0 && exec "$@" </dev/null'


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, as whom, where its words go, and how it likes to be stopped."""

    name: str
    argv: Sequence[str]
    log: Path
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path = ROOT
    account: Account | None = None
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 10
    ready: Callable[[], bool] | None = None
    ready_within_seconds: float = 60
    before_start: Callable[[], None] | None = None


class Leash:
    """The guardian of everything that this process starts.

    With `lock`, waits until the guardian of an earlier run has ended what that run left behind.
    """

    def __init__(self, lock: Path | None = None) -> None:
        self._lock = lock
        self._held: dict[int, str] = {}
        self._ranks: dict[str, int] = {}  # what is started again keeps its place in the order
        self._guardian = self._new_guardian()

    def _new_guardian(self) -> "subprocess.Popen[bytes]":
        """Start a guardian and wait until it listens."""
        guardian = subprocess.Popen(
            [sys.executable, "-S", "-E", str(GUARDIAN), *([str(self._lock)] if self._lock else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert guardian.stdout is not None
        waiting = select.select([guardian.stdout], [], [], PATIENCE_WITH_OLD_GUARDIAN_SECONDS)
        if not waiting[0] or not guardian.stdout.readline():
            guardian.kill()
            guardian.wait()
            raise CannotGoOn("The previous run is still stopping its programs: try again.")
        return guardian

    @property
    def _pipe(self) -> IO[bytes]:
        """The way to the guardian; a guardian that someone ended is replaced first."""
        if self._guardian.poll() is not None:
            self._shut()
            self._guardian = self._new_guardian()
            assert self._guardian.stdin is not None
            for group, how in self._held.items():
                self._guardian.stdin.write(f"add {group} {how}\n".encode())
            self._guardian.stdin.flush()
        assert self._guardian.stdin is not None
        return self._guardian.stdin

    def start(self, program: Program) -> "subprocess.Popen[bytes]":
        """Start a program in a session of its own, its output appended to its log."""
        rank = self._ranks.setdefault(program.name, len(self._ranks))
        how = f"{rank} {program.stop_signal:d} {program.grace_seconds}"
        program.log.parent.mkdir(parents=True, exist_ok=True)
        account = program.account
        with program.log.open("ab") as log:
            try:
                child = subprocess.Popen(
                    ["/bin/sh", "-c", REPORT_THEN_BECOME, how, *program.argv],
                    stdin=self._pipe,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=dict(program.environ),
                    cwd=program.cwd,
                    start_new_session=True,
                    user=account.uid if account else None,
                    group=account.gid if account else None,
                    extra_groups=[] if account else None,
                )
            except OSError as error:
                raise CannotGoOn(f"{program.name} could not be started: {error}.") from error
        self._held[child.pid] = how
        return child

    def stop(
        self, program: Program, child: "subprocess.Popen[bytes]", *, now: bool = False
    ) -> None:
        """Ask the program to end, wait its grace, then end whatever is left of its group."""
        if child.poll() is None and not now:
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(program.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(program.grace_seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        self.forget(child)

    def forget(self, child: "subprocess.Popen[bytes]") -> None:
        """Take an ended program off the leash, before its number can be given to another."""
        if self._held.pop(child.pid, None) is None:
            return
        with contextlib.suppress(OSError):
            pipe = self._pipe
            pipe.write(f"drop {child.pid}\n".encode())
            pipe.flush()

    def _shut(self) -> None:
        """Close our ends of the guardian's pipes."""
        for pipe in (self._guardian.stdin, self._guardian.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    def close(self) -> None:
        """Let the guardian go; it ends what was not stopped."""
        self._shut()
        self._guardian.wait()
