"""What real guests are made of: QEMU, Debian's cloud kernel with a few drivers, busybox."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from skypanel.integrations.virtfusion.simulator.qemu.packing import Entry, packed, squeezed

EMULATOR: Final = "qemu-system-x86_64"
KERNEL, BUSYBOX, DRIVERS = "vmlinuz", "busybox", "drivers"
# In the order in which they are loaded: each stands on those before it.
DRIVER_NAMES: Final = (
    "virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci",
    "virtio_blk", "virtio_balloon", "failover", "net_failover", "virtio_net",
)  # fmt: skip
SYSTEM: Final = Path(__file__).with_name("system")
EMPTY_FOLDERS: Final = ("bin", "dev", "proc", "sys", "disk", "drivers", "etc", "root", "tmp")


class KitMissing(Exception):
    """One sentence: what is missing, and what brings it."""


@dataclass(frozen=True)
class Kit:
    """The parts of guests on this machine."""

    emulator: str
    folder: Path

    @classmethod
    def found(cls, folder: Path | None) -> Kit:
        """The parts, where all of them are; raises KitMissing."""
        if sys.platform != "linux" or platform.machine() != "x86_64":
            raise KitMissing("Real guests need Linux on x86-64.")
        emulator = shutil.which(EMULATOR)
        if emulator is None:
            raise KitMissing(
                "Real guests need QEMU: apt-get install --no-install-recommends qemu-system-x86."
            )
        parts = (KERNEL, BUSYBOX, *(f"{DRIVERS}/{name}.ko" for name in DRIVER_NAMES))
        if folder is None or not all((folder / part).is_file() for part in parts):
            raise KitMissing(
                "Real guests need a kernel and busybox in SANDBOX_KIT: `make demo ENGINE=qemu` "
                "brings them from Debian."
            )
        return cls(emulator, folder.resolve())

    @property
    def kernel(self) -> Path:
        return self.folder / KERNEL

    @cached_property
    def first_system(self) -> bytes:
        """The memory file system that every guest starts from; what is its own is put behind it."""
        entries = [Entry.of_folder(name) for name in EMPTY_FOLDERS]
        entries.append(Entry("bin/busybox", (self.folder / BUSYBOX).read_bytes(), runs=True))
        for name in DRIVER_NAMES:
            path = self.folder / DRIVERS / f"{name}.ko"
            entries.append(Entry(f"drivers/{name}.ko", path.read_bytes()))
        entries.append(Entry("drivers/order", " ".join(DRIVER_NAMES).encode()))
        for path in sorted(SYSTEM.rglob("*")):
            if path.is_file():
                inside = str(path.relative_to(SYSTEM))
                runs = path.read_bytes().startswith(b"#!")
                entries.append(Entry(inside, path.read_bytes(), runs=runs))
        return squeezed(packed(entries))
