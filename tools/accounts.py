"""Which account runs PostgreSQL, and which folder that account can reach.

PostgreSQL refuses to run as root. Root therefore runs it under an account that exists already, in a
folder outside the project: a project in root's home must stay closed to everyone else.
"""

import hashlib
import os
import pwd
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.ground import ROOT, CannotGoOn

CANDIDATES = ("postgres", "nobody")
BASES = (Path("/var/lib"), Path(tempfile.gettempdir()))
PUBLIC_TO_PASS = 0o711  # others may pass through to what is theirs, not look around


@dataclass(frozen=True)
class Account:
    """An account of this machine."""

    name: str
    uid: int
    gid: int


def unprivileged(names: Sequence[str] = CANDIDATES) -> Account | None:
    """The account that runs the database; None when we are an ordinary user ourselves."""
    if os.geteuid() != 0:
        return None
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise CannotGoOn(
        f"PostgreSQL does not run as root and none of the accounts {', '.join(names)} exists: "
        "run this as an ordinary user."
    )


def outside_folder() -> Path:
    """Root's folder for this project outside of it, one per project path."""
    name = "skypanel-" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
    for base in BASES:
        folder = base / name
        if folder.is_dir() and folder.stat().st_uid == 0 and not folder.is_symlink():
            return folder
        if os.access(base, os.W_OK) and not folder.exists():
            folder.mkdir()
            folder.chmod(PUBLIC_TO_PASS)
            (folder / "project").write_text(f"{ROOT}\n")
            return folder
    raise CannotGoOn(f"Neither {BASES[0]} nor {BASES[1]} can be written: run as a user.")


def place_for(folder: Path, account: Account | None) -> Path:
    """Where a database that belongs at `folder` really lies; the account may pass through it."""
    if account is None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder
    whole = folder.resolve()
    if whole.is_relative_to(ROOT):
        name = str(whole.relative_to(ROOT)).strip(".").replace("/", "-")
    else:
        name = f"{whole.name}-{hashlib.sha256(str(whole).encode()).hexdigest()[:10]}"
    place = outside_folder() / name
    if not folder.is_dir():  # who removes the folder wants the database gone too
        shutil.rmtree(place, ignore_errors=True)
        folder.mkdir(parents=True)
    (folder / "lies-in").write_text(f"{place}\n")
    place.mkdir(exist_ok=True)
    place.chmod(PUBLIC_TO_PASS)
    return place


def remove_outside_folder() -> None:
    """Remove what root keeps outside the project, if it is this project's."""
    name = "skypanel-" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
    for base in BASES:
        folder = base / name
        if folder.is_dir() and os.access(base, os.W_OK):
            shutil.rmtree(folder)
