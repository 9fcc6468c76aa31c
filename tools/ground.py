"""What every tool stands on: the project's folder, one-sentence refusals, locks and stamps.

Only the standard library: this runs before anything is installed.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
RUN = ROOT / ".run"
SYSTEM_CERTIFICATES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
)


class CannotGoOn(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""


def say(line: str) -> None:
    """Tell the person at the keyboard, at once even when the output is a file."""
    print(line, flush=True)


def exits(main: Callable[[Sequence[str]], int]) -> int:
    """Run a tool: its refusal is one sentence and exit code 1, never a traceback."""
    try:
        return main(sys.argv[1:])
    except CannotGoOn as error:
        print(f"{error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def shown(path: Path) -> str:
    """A path as a person reads it: relative to the project where it lies inside."""
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return str(path)


def last_line(log: Path) -> str:
    """The last line of a log that says anything; empty when there is none."""
    try:
        with log.open("rb") as lines:
            lines.seek(0, os.SEEK_END)
            lines.seek(max(0, lines.tell() - 8192))
            text = lines.read().decode(errors="replace")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def lock(path: Path) -> IO[str] | None:
    """Hold a file for as long as the answer stays open; None when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    held = path.open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        return None
    held.truncate(0)
    held.write(f"{os.getpid()}\n")
    held.flush()
    return held


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def digest(paths: Iterable[Path], *words: str) -> str:
    """One hash over what files say, what they are called, and a few words beside them."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(f"\0{path}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    """Whether this very thing was finished before."""
    return stamp.is_file() and stamp.read_text().strip() == value


def write_stamp(stamp: Path, value: str) -> None:
    """Remember that this very thing is finished."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value + "\n")
