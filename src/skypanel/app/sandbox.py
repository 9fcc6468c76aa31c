"""The sandbox: the vendors' simulators on ports of this machine, with pages for people.

Panel, PayPal, mailbox, mail server, the register of VAT numbers and a name server stand on
`SANDBOX_PORT_BASE` and the five ports after it; what they remember lies in `SANDBOX_DIR` and
survives a restart. Production never starts this.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn

from skypanel.app.boot import Boot, BootRefused
from skypanel.app.composition import build_house, sandbox_links
from skypanel.integrations.dns.simulator import serve_names
from skypanel.integrations.paypal.simulator.app import create_app as paypal_app
from skypanel.integrations.paypal.simulator.state import State as PayPalState
from skypanel.integrations.smtp.simulator.app import create_app as mailbox_app
from skypanel.integrations.smtp.simulator.server import SmtpDesk
from skypanel.integrations.vies.simulator.app import ViesState
from skypanel.integrations.vies.simulator.app import create_app as vies_app
from skypanel.integrations.virtfusion.simulator.app import create_app as panel_app
from skypanel.integrations.virtfusion.simulator.qemu import Kit, KitMissing, Qemu
from skypanel.integrations.virtfusion.simulator.state import PanelState, SignIn
from skypanel.platform.house import House

PANEL, PAYPAL, MAILBOX, SMTP, VIES, NAMES = range(6)
STOP_SECONDS = 3
START_SECONDS = 15


def panel_token(house: House) -> str:
    """The API token that the simulated panel accepts from this installation."""
    return house.sealer.mac("sandbox panel token")


def panel_issuer(settings: Boot) -> str:
    """Where the simulated panel is for a browser, and who its sign-in tokens say they are from."""
    return f"http://localhost:{port_of(settings, PANEL)}"


def folder_of(settings: Boot) -> Path:
    """Where the simulators keep what they remember."""
    if settings.sandbox_dir is None:
        raise BootRefused("The sandbox needs SANDBOX_DIR.")
    settings.sandbox_dir.mkdir(parents=True, exist_ok=True)
    return settings.sandbox_dir


def port_of(settings: Boot, offset: int) -> int:
    """The port of one simulator."""
    if settings.sandbox_port_base is None:
        raise BootRefused("The sandbox needs SANDBOX_PORT_BASE.")
    return settings.sandbox_port_base + offset


class QuietServer(uvicorn.Server):
    """One simulator on its port; signals are the runner's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Simulators:
    """The vendors of one installation."""

    def __init__(self, settings: Boot, house: House) -> None:
        folder = folder_of(settings)
        links = {"Portal": settings.public_url, **sandbox_links(settings)}
        self.panel = PanelState(token=panel_token(house), path=folder / "panel.json")
        origin = settings.public_url.rstrip("/")
        self.panel.sign_in = SignIn(
            issuer=panel_issuer(settings),
            audience=origin,
            return_to=f"{origin}/api/v1/sso/panel/return",
        )
        self.paypal = PayPalState(folder / "paypal.json")
        self._names_port = port_of(settings, NAMES)
        self._desk = SmtpDesk(folder / "mail", port=port_of(settings, SMTP), now=house.clock.now)
        public = f"http://localhost:{port_of(settings, PAYPAL)}"
        apps: dict[int, Any] = {
            PANEL: panel_app(self.panel, clock=house.clock.now, links=links),
            PAYPAL: paypal_app(self.paypal, clock=house.clock, links=links, public_url=public),
            MAILBOX: mailbox_app(self._desk, links=links),
            VIES: vies_app(ViesState(), clock=house.clock.now),
        }
        self._servers = [
            QuietServer(
                uvicorn.Config(
                    app,
                    host="127.0.0.1",
                    port=port_of(settings, offset),
                    log_level="warning",
                    timeout_graceful_shutdown=STOP_SECONDS,
                )
            )
            for offset, app in apps.items()
        ]

    @property
    def paypal_authority(self) -> str:
        """The certificate authority behind the simulated PayPal's webhooks."""
        return self.paypal.ca_pem

    async def serve(self) -> None:
        """Serve until `stop`."""
        self._desk.start()
        names = await serve_names(self._names_port, self._addresses_of)
        try:
            await asyncio.gather(*(one.serve() for one in self._servers))
        finally:
            names.close()
            self._desk.stop()

    def _addresses_of(self, name: str) -> list[str]:
        """The names of this world: each server's own leads to its first address."""
        return [
            server.ipv4[0]
            for server in self.panel.tables.servers.values()
            if server.ipv4 and name == (server.hostname or "").lower()
        ]

    async def ready(self) -> None:
        """Until every port answers."""
        async with asyncio.timeout(START_SECONDS):
            while not all(one.started for one in self._servers):  # noqa: ASYNC110 - no event offered
                await asyncio.sleep(0.02)

    def stop(self) -> None:
        for one in self._servers:
            one.should_exit = True


def engine_of(settings: Boot) -> Qemu | None:
    """The engine of real guests, where it is wanted; refuses where something of it is missing."""
    if settings.sandbox_engine != "qemu":
        return None
    try:
        kit = Kit.found(settings.sandbox_kit)
    except KitMissing as missing:
        raise BootRefused(str(missing)) from None
    return Qemu(kit, folder_of(settings) / "guests")


async def run(settings: Boot) -> None:
    """Serve every simulator until told to stop."""
    engine = engine_of(settings)
    house = build_house(settings, "skypanel sandbox")
    simulators = Simulators(settings, house)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, simulators.stop)
    await house.open()  # its clock follows the company's
    try:
        async with contextlib.AsyncExitStack() as guests:
            if engine is not None:
                await guests.enter_async_context(engine.living(simulators.panel, house.clock.now))
            await simulators.serve()
    finally:
        await house.close()
