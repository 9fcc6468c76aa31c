"""The engine of real guests: each start of a server boots a small machine, while there is room.

The panel's tables say what should be; four times a second this looks at them and lets the guests
follow. A server that was started before, or for which there is no room, is played.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from skypanel.integrations.virtfusion.simulator import lifecycle
from skypanel.integrations.virtfusion.simulator.answers import Json
from skypanel.integrations.virtfusion.simulator.call import Clock
from skypanel.integrations.virtfusion.simulator.engine import Watcher
from skypanel.integrations.virtfusion.simulator.machine import facts_of
from skypanel.integrations.virtfusion.simulator.qemu import wish as wishes
from skypanel.integrations.virtfusion.simulator.qemu.carry import carry
from skypanel.integrations.virtfusion.simulator.qemu.command import Acceleration
from skypanel.integrations.virtfusion.simulator.qemu.guest import Identity
from skypanel.integrations.virtfusion.simulator.qemu.keeper import Keeper
from skypanel.integrations.virtfusion.simulator.qemu.kit import Kit
from skypanel.integrations.virtfusion.simulator.qemu.monitor import MachineGone
from skypanel.integrations.virtfusion.simulator.qemu.probe import accelerates
from skypanel.integrations.virtfusion.simulator.server_parts import interface_json
from skypanel.integrations.virtfusion.simulator.simulated import Simulated
from skypanel.integrations.virtfusion.simulator.state import PanelState, QueueItem, Server

GUESTS_MAX: Final = 4
FREE_MIB_MIN: Final = 512
"""What this machine must have left before another guest is started; one takes some 150 MiB."""
LOOK_SECONDS: Final = 0.25
log = structlog.get_logger()


class Qemu:
    """Guests under QEMU, with a played one where there is no room for more."""

    name = "qemu"

    def __init__(self, kit: Kit, folder: Path, *, most: int = GUESTS_MAX) -> None:
        self._kit = kit
        self.folder = folder.resolve()
        self._most = most
        self._played = Simulated()
        self._keepers: dict[int, Keeper] = {}
        self._passwords: dict[int, str] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._acceleration: Acceleration = "tcg"

    @asynccontextmanager
    async def living(self, state: PanelState, clock: Clock) -> AsyncIterator[None]:
        """Let guests follow the panel's tables; none is left when this ends."""
        state.engine = self
        tasks = [asyncio.create_task(self._live(state, clock)), asyncio.create_task(self._probe())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*(keeper.close() for keeper in self._keepers.values()))
            await asyncio.gather(*self._leaving, return_exceptions=True)

    def is_over(self, state: PanelState, job: QueueItem) -> bool:
        """A job ends when its guest is as far as the job wants it."""
        server = state.tables.servers.get(job.server_id)
        keeper = self._decided(state, server) if server is not None else None
        if keeper is None or job.fails or keeper.trouble:
            return True
        guest = keeper.guest
        if job.action == lifecycle.BUILD:
            return guest is not None and guest.disk == job.id and guest.ready.is_set()
        if job.action == wishes.BOOT:
            return guest is not None
        if job.action == wishes.RESTART:
            return guest is not None and guest.anew == job.id
        if job.action in (wishes.SHUTDOWN, wishes.POWEROFF):
            return guest is None
        return True

    def remote_state(self, server: Server, now: datetime) -> Json | bool:
        """What the machine says of itself."""
        keeper = self._keepers.get(server.id)
        if keeper is None or server.state != "complete":
            return self._played.remote_state(server, now)
        if keeper.guest is None:
            comes = keeper.wish.on and not keeper.left
            return False if comes else {"state": "stopped", "running": False}
        return keeper.guest.vitals.remote_state()

    def give_password(self, server: Server, password: str) -> None:
        keeper = self._keepers.get(server.id)
        if keeper is not None and server.state == "complete":
            keeper.give_password(password)
        else:
            self._passwords[server.id] = password  # its guest is still to be made

    async def show(self, watcher: Watcher) -> None:
        """The machine's own screen; a played one while there is no machine."""
        keeper = self._keepers.get(watcher.server_id)
        if keeper is None or keeper.guest is None:
            await self._show_played(watcher)
            return
        with contextlib.suppress(MachineGone):
            await carry(watcher, await keeper.guest.open_screen())

    async def _show_played(self, watcher: Watcher) -> None:
        """Until a machine is there: whoever watches comes again and sees that."""
        showing = asyncio.create_task(self._played.show(watcher))
        appearing = asyncio.create_task(self._until_real(watcher.server_id))
        try:
            await asyncio.wait({showing, appearing}, return_when="FIRST_COMPLETED")
            if showing.done():
                showing.result()
        finally:
            for task in (showing, appearing):
                task.cancel()
            await asyncio.gather(showing, appearing, return_exceptions=True)

    async def _until_real(self, server_id: int) -> None:
        while True:
            keeper = self._keepers.get(server_id)
            if keeper is not None and keeper.guest is not None:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _live(self, state: PanelState, clock: Clock) -> None:
        while True:
            lifecycle.settle(state, clock())
            self._look(state)
            await asyncio.sleep(LOOK_SECONDS)

    async def _probe(self) -> None:
        """Guests are emulated until a probe has really booted with the machine's own help."""
        if await accelerates(self._kit, self.folder / "probe"):
            self._acceleration = "kvm"

    def _look(self, state: PanelState) -> None:
        """Let every guest know what it should be."""
        servers = state.tables.servers
        for server in list(servers.values()):
            keeper = self._decided(state, server)
            if keeper is None:
                continue
            if keeper.trouble:
                log.warning("a guest is played", server_id=server.id, why=keeper.trouble)
                self._play(server)
                state.save()
                continue
            if keeper.left:
                keeper.left = False
                if lifecycle.active_job(state, server) is None:
                    server.running = False
                    state.save()
            keeper.want(wishes.wish_of(state, server))
        for server_id in [one for one in self._keepers if one not in servers]:
            self._dismiss(server_id, forget=True)

    def _decided(self, state: PanelState, server: Server) -> Keeper | None:
        """Who keeps this server's guest; nobody where it is played."""
        job = lifecycle.active_job(state, server)
        if not server.real and not wishes.begins(job):
            return None
        keeper = self._keepers.get(server.id)
        starts = wishes.wish_of(state, server).on and (keeper is None or not keeper.takes_room)
        if starts and not self._has_room():
            self._play(server)
            return None
        server.real = True
        if keeper is None:
            keeper = self._keepers[server.id] = Keeper(
                self._kit,
                self.folder / str(server.id),
                lambda: _identity(state, server),
                lambda: self._acceleration,
            )
        if job is not None and job.action == lifecycle.BUILD and not job.fails:
            server.disk = job.id
            keeper.want(wishes.wish_of(state, server))
        password = self._passwords.pop(server.id, None)
        if password is not None:
            keeper.give_password(password)
        return keeper

    def _has_room(self) -> bool:
        taken = sum(keeper.takes_room for keeper in self._keepers.values())
        return taken < self._most and _free_mib() >= FREE_MIB_MIN

    def _play(self, server: Server) -> None:
        """This guest is played from now on; its disk waits for a start that is real."""
        server.real = False
        self._passwords.pop(server.id, None)
        if server.id in self._keepers:
            self._dismiss(server.id)

    def _dismiss(self, server_id: int, *, forget: bool = False) -> None:
        task = asyncio.create_task(self._keepers.pop(server_id).close(forget=forget))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


def _identity(state: PanelState, server: Server) -> Identity:
    facts = facts_of(state, server)
    return Identity(
        label=f"server-{server.id}",
        name=facts.hostname,
        system=facts.system,
        address=f"{facts.ipv4}/24",
        mac=interface_json(state, server)["mac"],
        disk_gib=max(1, server.storage_gb),
    )


def _free_mib() -> int:
    """The memory that this machine could still give."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) // 1024
    return 0
