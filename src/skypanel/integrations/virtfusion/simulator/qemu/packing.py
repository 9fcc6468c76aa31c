"""Files packed as a kernel takes its first file system: a `newc` archive, perhaps squeezed.

A kernel takes several archives one after the other, so what differs is put behind what does not.
"""

from __future__ import annotations

import gzip
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MAGIC: Final = "070701"
END: Final = "TRAILER!!!"
ALIGN: Final = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder of an archive."""

    path: str
    content: bytes = b""
    runs: bool = False
    folder: bool = False

    @classmethod
    def of_folder(cls, path: str) -> Entry:
        return cls(path, runs=True, folder=True)

    @property
    def mode(self) -> int:
        kind = stat.S_IFDIR if self.folder else stat.S_IFREG
        return kind | (0o755 if self.runs else 0o644)


def packed(entries: Iterable[Entry]) -> bytes:
    """An archive, everything in it root's."""
    whole = b"".join(_one(number, each) for number, each in enumerate(entries, 1))
    return whole + _record(0, END, 0, b"")


def squeezed(archive: bytes) -> bytes:
    """The archive in fewer bytes, and the same bytes each time."""
    return _padded(gzip.compress(archive, 6, mtime=0))


def _one(number: int, entry: Entry) -> bytes:
    return _record(number, entry.path, entry.mode, entry.content)


def _record(number: int, path: str, mode: int, content: bytes) -> bytes:
    name = path.encode() + b"\0"
    # inode, mode, owner, group, links, time, size, four devices, length of the name, no checksum
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
    head = MAGIC.encode() + b"".join(b"%08X" % field for field in fields)
    return _padded(head + name) + _padded(content)


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % ALIGN)
