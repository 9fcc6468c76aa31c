"""How a machine is started: pure, so that it can be read and tested without one."""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from skypanel.integrations.virtfusion.simulator.qemu.packing import Entry, packed

MEMORY_MIB: Final = 96
TRANSLATED_MIB: Final = 32
"""What plain emulation may keep of translated code; QEMU's own measure is far more."""
Acceleration = Literal["tcg", "kvm"]


@dataclass(frozen=True, slots=True)
class Plan:
    """One machine that is to be started."""

    label: str
    kernel: Path
    first_system: Path
    disk: Path
    mac: str
    control_fd: int
    agent_fd: int
    acceleration: Acceleration = "tcg"


def command(emulator: str, plan: Plan) -> list[str]:
    """The machine's command line: no listener, no way out to a network, no new privileges."""
    plain = plan.acceleration == "tcg"
    accelerator = f"tcg,tb-size={TRANSLATED_MIB}" if plain else "kvm"
    return [
        *_with_its_parent(),
        emulator,
        *("-name", plan.label),
        *("-nodefaults", "-no-user-config"),
        *("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"),
        *("-machine", "pc", "-accel", accelerator, "-cpu", "qemu64" if plain else "host"),
        *("-smp", "1", "-m", str(MEMORY_MIB)),
        *("-kernel", str(plan.kernel), "-initrd", str(plan.first_system)),
        *("-append", "console=tty0 loglevel=6"),
        *("-vga", "std", "-vnc", "none"),
        *("-chardev", f"socket,id=control,fd={plan.control_fd}"),
        *("-mon", "chardev=control,mode=control"),
        *("-chardev", f"socket,id=agent,fd={plan.agent_fd}", "-serial", "chardev:agent"),
        *("-blockdev", _disk(plan.disk)),
        *("-device", "virtio-blk-pci,drive=disk"),
        *("-device", "virtio-balloon-pci,id=balloon"),
        *("-netdev", "user,id=net,restrict=on,ipv6=off"),
        *("-device", f"virtio-net-pci,netdev=net,mac={plan.mac},romfile="),
    ]


def _disk(path: Path) -> str:
    """What a disk leaves empty takes no room, and a crash of this machine may cost it."""
    name = str(path).replace(",", ",,")
    return (
        f"driver=raw,node-name=disk,discard=unmap,detect-zeroes=unmap,cache.no-flush=on,"
        f"file.driver=file,file.filename={name}"
    )


def _with_its_parent() -> list[str]:
    """The machine ends when its parent does, however that ends."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv and os.name == "posix" else []


def own_files(name: str, system: str, address: str) -> bytes:
    """What one guest has beside what all have: who it is."""
    said = {"NAME": name, "SYSTEM": system, "ADDRESS": address}
    lines = "".join(f"{key}={shlex.quote(value)}\n" for key, value in said.items())
    return packed([Entry("guest", lines.encode())])
