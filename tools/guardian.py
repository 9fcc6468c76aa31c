"""Outlives whoever started it for a moment, to end what that one left behind.

It is told on its standard input which process groups live: `add GROUP RANK SIGNAL SECONDS` and
`drop GROUP`. When that input ends, by whatever death of the other side, it ends the groups that are
left, highest rank first: the signal to the leader, the seconds of patience, SIGKILL to the group.
Only the standard library and no import of ours: it must start in any state of the environment.
"""

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

PROCESSES = Path("/proc")


def runs(process: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        stat = PROCESSES.joinpath(str(process), "stat").read_bytes()
    except OSError:
        return not PROCESSES.joinpath("self").is_dir()
    return stat.rpartition(b")")[2].split()[0] not in (b"Z", b"X")


def end(group: int, number: int, patience_seconds: float) -> None:
    """Ask the leader to end, wait for it, then end what is left of the group."""
    with contextlib.suppress(OSError):
        os.kill(group, number)
    deadline = time.monotonic() + patience_seconds
    while runs(group) and time.monotonic() < deadline:
        time.sleep(0.02)
    with contextlib.suppress(OSError):
        os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Keep the list until the other side is gone, then end what is on it."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    if len(sys.argv) > 1:
        held = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)  # waits while an older guardian still ends its groups
    os.write(1, b"ready\n")
    groups: dict[int, tuple[int, int, float]] = {}
    for line in sys.stdin:
        verb, *numbers = line.split()
        group = int(numbers[0])
        if verb == "add":
            groups[group] = (int(numbers[1]), int(numbers[2]), float(numbers[3]))
        else:
            groups.pop(group, None)
    for group, (_rank, number, patience_seconds) in sorted(
        groups.items(), key=lambda held: held[1], reverse=True
    ):
        end(group, number, patience_seconds)


if __name__ == "__main__":
    main()
