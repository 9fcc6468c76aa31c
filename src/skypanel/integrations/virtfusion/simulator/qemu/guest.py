"""One real guest while its machine runs."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skypanel.integrations.virtfusion.simulator.qemu.command import (
    MEMORY_MIB,
    Acceleration,
    Plan,
    command,
    own_files,
)
from skypanel.integrations.virtfusion.simulator.qemu.kit import Kit
from skypanel.integrations.virtfusion.simulator.qemu.monitor import (
    Declined,
    MachineGone,
    Monitor,
)
from skypanel.integrations.virtfusion.simulator.qemu.vitals import (
    KIB,
    Vitals,
    resident_kib,
    worked_seconds,
)

LOOK_SECONDS: Final = 1.0
GO_SECONDS: Final = 20.0
BALLOON: Final = "/machine/peripheral/balloon"
LINE_BYTES_MAX: Final = 4096


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a guest is."""

    label: str
    name: str
    system: str
    address: str
    mac: str
    disk_gib: int


class Guest:
    """A machine and the lines to it; made by `start`, ended by `shut_down` or `kill`."""

    def __init__(
        self, machine: asyncio.subprocess.Process, lines: tuple[socket.socket, socket.socket],
        disk: Path, number: int, anew: int,
    ) -> None:  # fmt: skip
        self._machine = machine
        self._monitor = Monitor(lines[0])
        self._agent = lines[1]
        self._disk_file = disk
        self._screens = itertools.count(1)
        self.disk = number
        self.anew = anew
        self.vitals = Vitals(actual_kib=MEMORY_MIB * KIB)
        self.ready = asyncio.Event()
        self.ended = asyncio.create_task(self._end())
        self._living = [asyncio.create_task(self._hear()), asyncio.create_task(self._look())]

    @classmethod
    async def start(
        cls, kit: Kit, folder: Path, who: Identity, *,
        disk: int, anew: int, acceleration: Acceleration,
    ) -> Guest:  # fmt: skip
        """Switch a machine on whose files lie in the folder; a disk not there yet is an empty one.

        Raises OSError.
        """
        first = folder / "first-system"
        file = await asyncio.to_thread(_laid_out, folder, who, disk)
        own = own_files(who.name, who.system, who.address)
        await asyncio.to_thread(lambda: first.write_bytes(kit.first_system + own))
        control, controlled = socket.socketpair()
        agent, served = socket.socketpair()
        with controlled, served, (folder / "machine.log").open("wb") as log:
            plan = Plan(
                who.label, kit.kernel, first, file, who.mac, controlled.fileno(), served.fileno(),
                acceleration,
            )  # fmt: skip
            machine = await asyncio.create_subprocess_exec(
                *command(kit.emulator, plan),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(controlled.fileno(), served.fileno()),
            )
        control.setblocking(False)
        agent.setblocking(False)
        return cls(machine, (control, agent), file, disk, anew)

    async def come_up(self, seconds: float) -> bool:
        """Wait until the guest lets people in; whether it does."""
        ready = asyncio.create_task(self.ready.wait())
        await asyncio.wait({ready, self.ended}, timeout=seconds, return_when="FIRST_COMPLETED")
        ready.cancel()
        return self.ready.is_set()

    def give_password(self, password: str) -> None:
        """Root's, from now on; it is kept nowhere but in the guest."""
        self._say(f"password {password}")

    async def shut_down(self) -> None:
        """Ask the guest to go; switch it off if it does not."""
        self._say("shutdown")
        await asyncio.wait({self.ended}, timeout=GO_SECONDS)
        await self.kill()

    async def kill(self) -> None:
        """Switch the machine off."""
        with contextlib.suppress(ProcessLookupError):
            self._machine.kill()
        await self.ended

    async def open_screen(self) -> socket.socket:
        """A line of one's own to the machine's screen (VNC); raises MachineGone."""
        ours, theirs = socket.socketpair()
        name = f"screen-{next(self._screens)}"
        try:
            with theirs:
                await self._monitor.ask("getfd", given=theirs, fdname=name)
            await self._monitor.ask("add_client", protocol="vnc", fdname=name, skipauth=True)
        except (Declined, MachineGone):
            ours.close()
            raise MachineGone from None
        ours.setblocking(False)
        return ours

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self._agent.send(f"{line}\n".encode())

    async def _end(self) -> int:
        """When the machine has ended, however it did, nothing of it is left."""
        code = await self._machine.wait()
        for task in self._living:
            task.cancel()
        await asyncio.gather(*self._living, return_exceptions=True)
        await self._monitor.close()
        self._agent.close()
        return code

    async def _hear(self) -> None:
        """What the guest says of itself."""
        loop = asyncio.get_running_loop()
        held = b""
        with contextlib.suppress(OSError):
            while said := await loop.sock_recv(self._agent, LINE_BYTES_MAX):
                *lines, held = (held + said).split(b"\n")
                held = held[-LINE_BYTES_MAX:]
                for line in lines:
                    self._take(line.decode("ascii", "replace").split())

    def _take(self, words: list[str]) -> None:
        if words == ["ready"]:
            self.ready.set()
        elif len(words) == 3 and words[0] == "disk" and all(w.isdigit() for w in words[1:]):
            self.vitals.root_kib = int(words[1]), int(words[2])

    async def _look(self) -> None:
        """Look once a second how the machine is."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(MachineGone, OSError, Declined):
            await self._monitor.greet()
            await self._monitor.ask(
                "qom-set", path=BALLOON, property="guest-stats-polling-interval", value=1
            )
            [processor] = await self._monitor.ask("query-cpus-fast")
            thread = processor["thread-id"]
            while True:
                self.vitals.see_processor(worked_seconds(self._machine.pid, thread), loop.time())
                self.vitals.resident_kib = resident_kib(self._machine.pid)
                self.vitals.see_balloon(await self._balloon())
                [disk] = await self._monitor.ask("query-blockstats")
                self.vitals.see_blocks(disk["stats"])
                size = self._disk_file.stat()
                self.vitals.disk_bytes, self.vitals.disk_taken = size.st_size, size.st_blocks * 512
                await asyncio.sleep(LOOK_SECONDS)

    async def _balloon(self) -> dict[str, int]:
        told = await self._monitor.ask("qom-get", path=BALLOON, property="guest-stats")
        stats: dict[str, int] = told["stats"]
        return stats


def _laid_out(folder: Path, who: Identity, disk: int) -> Path:
    """The disk of this number in a folder where no other is left."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"disk-{disk}.raw"
    for other in set(folder.glob("disk-*.raw")) - {file}:
        other.unlink()
    if not file.exists():
        with file.open("xb") as empty:
            empty.truncate(who.disk_gib * KIB**3)
    return file
