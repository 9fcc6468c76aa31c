"""Keeps a handful of programs running together until it is asked to stop."""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType

from tools.children import Leash, Program
from tools.ground import CannotGoOn, last_line, say, shown

BACKOFF_SECONDS = (0.5, 1, 2, 5, 10, 30)
STEADY_AFTER_SECONDS = 60
KEEP_LOG_BYTES = 5_000_000
READY_PAUSE_SECONDS = 0.1


class Asked(Exception):
    """Somebody wants an end: Ctrl-C, SIGTERM, or the terminal went away."""


class Bell:
    """Turns signals into a pause that ends early, so that nothing is ever interrupted halfway."""

    def __init__(self) -> None:
        self.asked = 0
        self._heard, self._rung = socket.socketpair()
        self._heard.setblocking(False)
        self._rung.setblocking(False)

    def ring(self, number: int, _frame: FrameType | None) -> None:
        """Count the requests to end; a child's end only wakes us."""
        if number != signal.SIGCHLD:
            self.asked += 1

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Listen to the signals while the block runs; `nohup` keeps its meaning."""
        numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD]
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            numbers.remove(signal.SIGHUP)
        before = {number: signal.signal(number, self.ring) for number in numbers}
        wakeup = signal.set_wakeup_fd(self._rung.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)

    def wait(self, seconds: float | None = None) -> None:
        """Wait for a signal at most so long."""
        select.select([self._heard], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while self._heard.recv(4096):
                pass


@dataclass
class Running:
    """A program that is to run, and how it has fared."""

    program: Program
    child: "subprocess.Popen[bytes]"
    started: float
    deaths: int = 0
    again_at: float | None = None


@dataclass
class Supervisor:
    """Starts programs in order, starts again what dies, stops all in the opposite order."""

    leash: Leash
    tell: Callable[[str], None] = say
    bell: Bell = field(default_factory=Bell)
    running: list[Running] = field(default_factory=list)

    def step(self, program: Program) -> str:
        """Run a program to its end and give what it said; its failure ends everything."""
        begin = program.log.stat().st_size if program.log.exists() else 0
        child = self._spawn(program)
        try:
            while child.poll() is None:
                self._pause(READY_PAUSE_SECONDS)
        finally:
            self.leash.stop(program, child)
        if child.returncode != 0:
            raise CannotGoOn(f"{program.name} failed{why(program)}")
        with program.log.open("rb") as log:
            log.seek(begin)
            return log.read().decode(errors="replace")

    def start(self, program: Program) -> None:
        """Start a program that is to stay, and wait until it is ready."""
        child = self._spawn(program)
        self.running.append(Running(program, child, time.monotonic()))
        deadline = time.monotonic() + program.ready_within_seconds
        while program.ready is not None and not program.ready():
            if child.poll() is not None:
                raise CannotGoOn(f"{program.name} {ending(child)}{why(program)}")
            if time.monotonic() > deadline:
                within = f"{program.ready_within_seconds:.0f} s"
                raise CannotGoOn(f"{program.name} was not ready within {within}{why(program)}")
            self._pause(READY_PAUSE_SECONDS)

    def watch(self) -> None:
        """Start again what dies, until somebody asks for an end."""
        while True:
            for one in self.running:
                self._look_at(one)
            due = [one.again_at for one in self.running if one.again_at is not None]
            self._pause(max(0.0, min(due) - time.monotonic()) if due else None)

    def stop(self) -> None:
        """Stop everything, last started first; a second request to end skips the patience."""
        asked = self.bell.asked
        for one in reversed(self.running):
            self.leash.stop(one.program, one.child, now=self.bell.asked > max(asked, 1))
        self.running.clear()

    def _look_at(self, one: Running) -> None:
        """Notice a death, and start again when its pause is over."""
        now = time.monotonic()
        if one.again_at is not None:
            if now >= one.again_at:
                one.child, one.started, one.again_at = self._spawn(one.program), now, None
            return
        if one.child.poll() is None:
            return
        self.leash.stop(one.program, one.child)
        one.deaths = 0 if now - one.started > STEADY_AFTER_SECONDS else one.deaths
        pause = BACKOFF_SECONDS[min(one.deaths, len(BACKOFF_SECONDS) - 1)]
        one.deaths += 1
        one.again_at = now + pause
        self.tell(
            f"{one.program.name} {ending(one.child)}; starting it again in {pause:g} s"
            f"{why(one.program)}"
        )

    def _spawn(self, program: Program) -> "subprocess.Popen[bytes]":
        """Start one program, after what it needs done first."""
        if program.log.exists() and program.log.stat().st_size > KEEP_LOG_BYTES:
            program.log.replace(program.log.with_name(program.log.name + ".old"))
        if program.before_start is not None:
            program.before_start()
        return self.leash.start(program)

    def _pause(self, seconds: float | None) -> None:
        """Wait for whatever comes first; an end that was asked for comes before all."""
        if not self.bell.asked:
            self.bell.wait(seconds)
        if self.bell.asked:
            raise Asked


def ending(child: "subprocess.Popen[bytes]") -> str:
    """How a program ended, for a sentence."""
    code = child.returncode
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def why(program: Program) -> str:
    """The last line of its log and where the rest is."""
    line = last_line(program.log)
    return f": {line} (log: {shown(program.log)})" if line else f" (log: {shown(program.log)})"


def hang_up_with_make() -> None:
    """Under `make`, end when make is killed: nobody would be left to press Ctrl-C."""
    if "MAKELEVEL" not in os.environ or sys.platform != "linux":
        return
    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM)
