"""The product as separate processes on a throw-away database, each started again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import httpx
import psutil
from pydantic import SecretStr
from tools.children import Leash, Program
from tools.demo import SANDBOX_LISTENERS, SANDBOX_PORTS
from tools.ports import accepts, free_block, free_port

from skypanel.app import seed
from skypanel.app.boot import Boot
from skypanel.app.company import CUSTOMERS, PASSWORD
from skypanel.app.composition import build_house
from skypanel.app.visitors import Street, Visitor
from skypanel.platform.house import House
from tests.prove import beats
from tests.prove.accounts import open_account
from tests.world import KEYS

SPEED = 6.0
LOOK_SECONDS = 0.1
START_SECONDS = 90.0
PORTS = SANDBOX_LISTENERS
ROLES = ("web", "worker")
BUYER = next(one for one in CUSTOMERS if one.profile["country"] == "FI")


class Stage:
    """One company whose processes can be killed at any time."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn = dsn
        self.folder = folder
        self.port = free_port()
        self.sandbox = free_block(24_000, SANDBOX_PORTS)
        self.url = f"http://localhost:{self.port}"
        self.boot = Boot(
            DATABASE_URL=SecretStr(dsn),
            PUBLIC_URL=self.url,
            SKYPANEL_SECRET_KEYS=SecretStr(KEYS),
            SANDBOX_PORT_BASE=self.sandbox,
            SANDBOX_DIR=folder / "sandbox",
        )
        for name in ("armed", "struck", "beats"):
            (folder / name).mkdir()
        self.house = build_house(self.boot, "skypanel prove")
        self.accounts: list[UUID] = []
        self.offers: dict[str, str] = {}
        self.cookies = httpx.Cookies()
        self.proved = False
        self.deaths: Counter[str] = Counter()
        self.died_at = time.monotonic()
        self._leash = Leash()
        self._running: dict[str, tuple[Program, subprocess.Popen[bytes]]] = {}
        self._keeper: asyncio.Task[None] | None = None

    @property
    def panel(self) -> str:
        return f"http://127.0.0.1:{self.sandbox}"

    @property
    def paypal(self) -> str:
        return f"http://127.0.0.1:{self.sandbox + 1}"

    async def furnish(self, accounts: int) -> None:
        """Open the shop as the sandbox's seed does, with so many accounts of one customer."""
        await self.house.open()
        async with seed.simulators(self.boot, self.house) as vendors:
            for number, group in enumerate(vendors.panel.tables.groups.values()):
                group.ipv4_network = f"10.64.{number * 8}.0/21"  # room for a few thousand servers
            for host in vendors.panel.tables.hypervisors.values():
                host.max_memory_mb, host.max_cores, host.max_local_gb = 8_000_000, 9000, 900_000
                host.max_servers = 0
            vendors.panel.save()
            await seed.furnish(self.boot, self.house, vendors)
            async with (
                Street(self.house, self.boot) as street,
                street.visitor() as owner,
                street.visitor() as buyer,
            ):
                await owner.log_in(seed.STAFF[0][1], PASSWORD)
                await seed.open_shop(owner)
                await buyer.sign_up(BUYER)
                await self._learn(buyer)
                user_id = UUID((await buyer.ask("/me"))["id"])
                self.cookies = buyer.cookies
        await self._open_accounts(self.house, user_id, accounts)

    async def _learn(self, buyer: Visitor) -> None:
        """What is on sale."""
        for path, key, wanted, name in (
            ("/plans", "slug", "cx-1", "plan_id"),
            ("/locations", "slug", "helsinki", "location_id"),
            ("/images", "family", "Debian", "image_id"),
        ):
            items = (await buyer.ask(path))["items"]
            self.offers[name] = next(one["id"] for one in items if one[key] == wanted)

    async def _open_accounts(self, house: House, user_id: UUID, count: int) -> None:
        async with house.transaction() as db:
            for number in range(count):
                name = f"Account {number}"
                self.accounts.append(await open_account(db, user_id, name, "FI"))

    async def start(self) -> None:
        """Start the vendors, the web process and the worker; wait until the site answers."""
        environ = {
            **os.environ,
            "DATABASE_URL": self.dsn,
            "PUBLIC_URL": self.url,
            "PORT": str(self.port),
            "SKYPANEL_SECRET_KEYS": KEYS,
            "SANDBOX_PORT_BASE": str(self.sandbox),
            "SANDBOX_DIR": str(self.folder / "sandbox"),
            "SKYPANEL_HEARTBEAT_SECONDS": "1",
            "SKYPANEL_LOG_LEVEL": "WARNING",
            "PROVE_FOLDER": str(self.folder),
            "PROVE_START": str(time.time()),
            "PROVE_SPEED": str(SPEED),
        }
        for role in ("sandbox", *ROLES):
            program = Program(
                name=role,
                argv=[sys.executable, "-m", "tests.prove.launcher", role],
                log=self.folder / f"{role}.log",
                environ={**environ, "PROVE_ROLE": role},
            )
            self._running[role] = (program, self._leash.start(program))
            if role == "sandbox":
                await until(lambda: all(accepts(self.sandbox + n) for n in range(PORTS)))
        self._keeper = asyncio.create_task(self._keep())
        await until(lambda: accepts(self.port))
        async with httpx.AsyncClient(trust_env=False) as http:
            timing = {"build_seconds": 2, "power_seconds": 1}
            (await http.put(f"{self.panel}/_sandbox/timing", json=timing)).raise_for_status()

    async def _keep(self) -> None:
        """Start again what died, at once."""
        while True:
            for role in ROLES:
                program, child = self._running[role]
                if child.poll() is not None:
                    self._leash.stop(program, child)
                    self.deaths[role] += 1
                    self.died_at = time.monotonic()
                    self._running[role] = (program, self._leash.start(program))
            await asyncio.sleep(LOOK_SECONDS)

    def kill(self, role: str, chance: random.Random) -> str:
        """Kill -9: a process with all its children, or the child that answers alone."""
        self.died_at = time.monotonic()
        _, child = self._running[role]
        children = [] if child.poll() is not None else psutil.Process(child.pid).children()
        if role == "web" and children and chance.random() < 0.5:
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(children).kill()
            return "web's child"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        return role

    def lived(self, role: str) -> int:
        """How many beats a process and those before it have reached."""
        try:
            return (self.folder / "beats" / role).stat().st_size
        except FileNotFoundError:
            return 0

    def arm(self, beat: str, side: str) -> None:
        (self.folder / "armed" / beats.token(beat, side)).touch()

    def struck(self) -> set[str]:
        return {path.name for path in (self.folder / "struck").iterdir()}

    def armed(self) -> set[str]:
        return {path.name for path in (self.folder / "armed").iterdir()}

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        for program, child in reversed(self._running.values()):
            self._leash.stop(program, child)
        self._leash.close()
        await self.house.close()


async def until(condition: object, seconds: float = START_SECONDS) -> None:
    """Wait for something to become true."""
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def open_stage(dsn: str, accounts: int) -> AsyncIterator[Stage]:
    """A furnished stage with everything running."""
    folder = Path(tempfile.mkdtemp(prefix="skypanel-prove-"))
    stage = Stage(dsn, folder)
    try:
        await stage.furnish(accounts)
        await stage.start()
        yield stage
    finally:
        await stage.stop()
    if stage.proved:
        shutil.rmtree(folder)
    else:
        print(f"The logs of what failed lie in {folder}.")  # noqa: T201
