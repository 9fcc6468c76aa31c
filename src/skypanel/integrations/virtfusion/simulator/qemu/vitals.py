"""How a guest is, by what its machine says of it: the figures that a panel shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from skypanel.integrations.virtfusion.simulator.answers import Json

TICKS_PER_SECOND: Final = 100
KIB: Final = 1024
RESIDENT: Final = "VmRSS:"
BALLOON: Final = {
    "unused": "stat-free-memory",
    "available": "stat-total-memory",
    "usable": "stat-available-memory",
    "memtotal": "stat-total-memory",
    "memfree": "stat-free-memory",
    "memavailable": "stat-available-memory",
}
"""The panel's words for what the guest's own driver counts."""
UNKNOWN: Final = (1 << 64) - 1


@dataclass(slots=True)
class Vitals:
    """The latest figures of a running guest; what is not known yet is left out."""

    cpu_percent: float = 0.0
    actual_kib: int = 0
    resident_kib: int = 0
    memory_kib: dict[str, int] = field(default_factory=dict)
    blocks: dict[str, int] = field(default_factory=dict)
    disk_bytes: int = 0
    disk_taken: int = 0
    root_kib: tuple[int, int] | None = None
    """Size and use of the guest's file system, by its own word."""
    _cpu_at: tuple[float, float] | None = None

    def see_processor(self, worked_seconds: float, at: float) -> None:
        """What the guest's processor has worked since it was started, at an instant."""
        if self._cpu_at is not None and at > self._cpu_at[1]:
            share = (worked_seconds - self._cpu_at[0]) / (at - self._cpu_at[1])
            self.cpu_percent = round(min(1.0, max(0.0, share)) * 100, 1)
        self._cpu_at = worked_seconds, at

    def see_balloon(self, stats: Mapping[str, int]) -> None:
        """The memory by the guest's word; a driver that is not up yet says nothing."""
        told = {name: stats.get(key, UNKNOWN) for name, key in BALLOON.items()}
        self.memory_kib = {name: most // KIB for name, most in told.items() if 0 <= most < UNKNOWN}

    def see_blocks(self, stats: Mapping[str, int]) -> None:
        names = {"rd.reqs": "rd_operations", "rd.bytes": "rd_bytes",
                 "wr.reqs": "wr_operations", "wr.bytes": "wr_bytes"}  # fmt: skip
        self.blocks = {name: stats.get(key, 0) for name, key in names.items()}

    def remote_state(self) -> Json:
        """The panel's answer."""
        memory = {"actual": self.actual_kib, "rss": self.resident_kib, **self.memory_kib}
        disk = {"capacity": self.disk_bytes, "physical": self.disk_taken,
                "allocation": self.disk_taken, **self.blocks}  # fmt: skip
        state: dict[str, Any] = {
            "state": "running",
            "running": True,
            "cpu": self.cpu_percent,
            "memory": {name: str(kib) for name, kib in memory.items()},
            "disk": {"vda": {name: str(most) for name, most in disk.items()}},
        }
        if self.root_kib is not None:
            size, used = self.root_kib
            root = {"name": "vda", "mountpoint": "/", "type": "ext2"}
            figures = {"used-bytes": used * KIB, "total-bytes": size * KIB}
            state["agent"] = {"fsinfo": [{**root, **figures}]}
        return state


def worked_seconds(process: int, thread: int) -> float:
    """The time that one thread has had the processor."""
    stat = Path(f"/proc/{process}/task/{thread}/stat").read_bytes().rpartition(b")")[2].split()
    return (int(stat[11]) + int(stat[12])) / TICKS_PER_SECOND


def resident_kib(process: int) -> int:
    """The memory of this machine that a process has."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(RESIDENT):
            return int(line.split()[1])
    return 0
