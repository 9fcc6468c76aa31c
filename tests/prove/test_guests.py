"""Real guests under QEMU: power, a fresh system, screen, keys, password and figures are real."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from tools.ground import CannotGoOn
from tools.guests import guest_kit

from skypanel.integrations.virtfusion import types
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.rfb import Words
from skypanel.integrations.virtfusion.screen import Screen, open_screen
from skypanel.integrations.virtfusion.simulator import PanelState, create_app
from skypanel.integrations.virtfusion.simulator.app import real_clock
from skypanel.integrations.virtfusion.simulator.qemu import Kit, Qemu
from tests.consoles.theatre import RETURN, served
from tests.prove.figures import FIGURES

TOKEN = "tok_guests"
PATIENCE_SECONDS = 120
LINE_SECONDS = 4
"""What a guest without help takes for a log-in, on a machine that has more to do."""
SHIFT = 0xFFE1
INSTALLATION = types.Installation(template_id=41, name="web-1", hostname="web-1.example.test")


@pytest.fixture
def kit() -> Kit:
    try:
        folder = guest_kit("qemu")
    except CannotGoOn as missing:
        pytest.skip(str(missing))
    return Kit.found(folder)


@dataclass
class Host:
    """A panel with real guests behind it, spoken to as the portal does."""

    panel: VirtFusion
    engine: Qemu
    state: PanelState

    async def new_server(self, name: str) -> tuple[int, str]:
        wish = types.NewUser(relation=name, name=name, email=f"{name}@example.test")
        user = await self.panel.create_user(wish)
        new = types.NewServer(user_id=user.id, package_id=1, hypervisor_group_id=1)
        server = await self.panel.create_server(new)
        return server.id, await self.install(server.id)

    async def install(self, server_id: int) -> str:
        """A fresh system; root's password."""
        built = await self.panel.build(server_id, INSTALLATION)

        async def complete() -> bool:
            return (await self.panel.server(server_id)).state == "complete"

        await until(complete)
        assert built.root_password is not None
        return built.root_password

    async def power(self, server_id: int, power: types.Power) -> None:
        queue = await self.panel.power(server_id, power)

        async def over() -> bool:
            outcome = (await self.panel.queue_item(queue)).outcome
            return outcome is not types.Outcome.PENDING

        await until(over)

    async def runs(self, server_id: int) -> bool | None:
        live = (await self.panel.server(server_id, live=True)).live
        return live.running if live is not None else None

    async def figures(self, server_id: int) -> types.Live:
        """As soon as the guest has said of itself what it says some seconds after its start."""
        seen: list[types.Live] = []

        async def told() -> bool:
            live = (await self.panel.server(server_id, live=True)).live
            if live is None or live.memory_total_kib is None or not live.filesystems:
                return False
            seen.append(live)
            return True

        await until(told)
        return seen[-1]

    async def stops(self, server_id: int) -> None:
        async def stopped() -> bool:
            return await self.runs(server_id) is False

        await until(stopped)

    @asynccontextmanager
    async def screen(self, server_id: int) -> AsyncIterator[Keys]:
        screen = await open_screen(await self.panel.open_console(server_id))
        try:
            keys = Keys(screen)
            await keys.greet()
            yield keys
        finally:
            await screen.close()


class Keys:
    """Somebody at a guest's screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._words = Words(screen.receive, screen.send, 8 << 20)
        self.size = (0, 0)

    async def greet(self) -> None:
        await self._screen.send(b"\x01")
        self.size = struct.unpack(">HH", (await self._words.exactly(20))[:4])
        await self._words.exactly(await self._words.number())

    async def picture(self) -> bytes:
        """The whole screen as it is."""
        await self._screen.send(struct.pack(">BxHi", 2, 1, 0))
        await self._screen.send(struct.pack(">BBHHHH", 3, 0, 0, 0, *self.size))
        _, count = struct.unpack(">BxH", await self._words.exactly(4))
        pixels = b""
        for _ in range(count):
            _, _, width, height, encoding = struct.unpack(">HHHHi", await self._words.exactly(12))
            assert encoding == 0
            pixels += await self._words.exactly(width * height * 4)
        return pixels

    async def type(self, *lines: str) -> None:
        """As hands do: with Shift held where a key needs it."""
        for line in lines:
            for letter in line:
                shift = letter.isupper() or letter in '~!@#$%^&*()_+{}|:"<>?'
                for key in [SHIFT] * shift + [ord(letter)]:
                    await self._key(key, down=True)
                for key in [ord(letter)] + [SHIFT] * shift:
                    await self._key(key, down=False)
            await self._key(RETURN, down=True)
            await self._key(RETURN, down=False)
            await asyncio.sleep(LINE_SECONDS)

    async def _key(self, key: int, *, down: bool) -> None:
        await self._screen.send(struct.pack(">BBxxI", 4, down, key))
        await asyncio.sleep(0.02)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await true():
            await asyncio.sleep(0.1)


@pytest.fixture
async def host(kit: Kit, tmp_path: Path) -> AsyncIterator[Host]:
    state = PanelState(token=TOKEN)
    state.timing.build_seconds = state.timing.power_seconds = 0.5
    engine = Qemu(kit, tmp_path / "guests", most=2)
    async with (
        engine.living(state, real_clock),
        served(create_app(state, clock=real_clock)) as port,
        httpx.AsyncClient() as http,
    ):
        yield Host(VirtFusion(f"http://127.0.0.1:{port}", TOKEN, http=http), engine, state)
    assert machines() == [], "none is left"


def machines() -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [one for one in children if "qemu" in one.name()]


async def test_a_guest_lives_as_its_server_is_told(host: Host) -> None:
    began = time.monotonic()
    server, password = await host.new_server("real")
    FIGURES.note(
        "Real guests",
        "ordered, installed, at its log-in after",
        f"{time.monotonic() - began:.1f} s",
    )
    assert host.state.tables.servers[server].real
    assert len(machines()) == 1

    live = await host.figures(server)
    assert 60_000 < live.memory_total_kib < 98_304, "what 96 MiB leave a guest"
    assert 0 < live.memory_available_kib < live.memory_total_kib
    assert live.filesystems[0].used_bytes > 1 << 20

    async with host.screen(server) as keys:
        assert len(set((await keys.picture())[::4])) > 1, "it shows something"
        await keys.type("root", password, "echo kept >/root/note", "poweroff")
        await host.stops(server)
    assert machines() == []

    await host.power(server, types.Power.BOOT)
    assert await host.runs(server)
    await host.power(server, types.Power.RESTART)
    [machine] = machines()
    changed = await host.panel.reset_password(server, "root")
    await host.figures(server)
    async with host.screen(server) as keys:
        await keys.type("root", changed.password, "test -f /root/note && poweroff")
        await host.stops(server)
    assert not machine.is_running()

    again = await host.install(server)
    await host.figures(server)
    async with host.screen(server) as keys:
        await keys.type("root", again, "test -f /root/note || poweroff")
        await host.stops(server)

    await host.power(server, types.Power.BOOT)
    await host.power(server, types.Power.SHUTDOWN)
    assert machines() == []
    await host.power(server, types.Power.BOOT)
    await host.power(server, types.Power.POWEROFF)
    assert machines() == []
    assert len(list(host.engine.folder.iterdir())) == 1
    await host.panel.delete_server(server)

    async def forgotten() -> bool:
        return not list(host.engine.folder.iterdir())

    await until(forgotten)


async def test_no_more_run_than_there_is_room_for(host: Host) -> None:
    servers = [(await host.new_server(f"guest-{number}"))[0] for number in range(3)]
    assert [host.state.tables.servers[one].real for one in servers] == [True, True, False]
    assert len(machines()) == 2
    assert await host.runs(servers[2]), "the third is played"
    await host.power(servers[0], types.Power.POWEROFF)
    await host.power(servers[2], types.Power.RESTART)
    assert host.state.tables.servers[servers[2]].real, "a start is real where there is room"
