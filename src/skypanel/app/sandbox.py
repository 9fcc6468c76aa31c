"""The sandbox: the vendors' simulators on ports of this machine, with pages for people.

Panel, PayPal and mailbox stand on `SANDBOX_PORT_BASE` and the ports after it; what they remember
lies in `SANDBOX_DIR` and survives a restart. Production never starts this.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import uvicorn

from skypanel.app.boot import Boot, BootRefused
from skypanel.app.composition import build_house, sandbox_links
from skypanel.integrations.paypal.simulator.app import create_app as paypal_app
from skypanel.integrations.paypal.simulator.state import State as PayPalState
from skypanel.integrations.virtfusion.simulator.app import create_app as panel_app
from skypanel.integrations.virtfusion.simulator.state import PanelState
from skypanel.platform.house import House

PANEL, PAYPAL, MAILBOX, SMTP = range(4)
STOP_SECONDS = 3


def panel_token(house: House) -> str:
    """The API token that the simulated panel accepts from this installation."""
    return house.sealer.mac("sandbox panel token")


def paypal_secret(house: House) -> str:
    """The client secret that the simulated PayPal was given."""
    return house.sealer.mac("sandbox paypal secret")


def port_of(settings: Boot, offset: int) -> int:
    """The port of one simulator."""
    if settings.sandbox_port_base is None or settings.sandbox_dir is None:
        raise BootRefused("The sandbox needs SANDBOX_PORT_BASE and SANDBOX_DIR.")
    return settings.sandbox_port_base + offset


def server(app: Any, port: int) -> uvicorn.Server:
    """One simulator on its port."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )


async def run(settings: Boot) -> None:
    """Serve every simulator until told to stop."""
    from skypanel.integrations.smtp.simulator.app import create_app as mailbox_app  # noqa: PLC0415
    from skypanel.integrations.smtp.simulator.server import SmtpDesk  # noqa: PLC0415

    house = build_house(settings, "skypanel sandbox")
    folder: Path = settings.sandbox_dir or Path()
    port_of(settings, 0)
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - once, before anything runs
    links = {"Portal": settings.public_url, **sandbox_links(settings)}
    panel = PanelState(token=panel_token(house), path=folder / "panel.json")
    paypal = PayPalState(path=folder / "paypal.json")
    mailbox = SmtpDesk(folder / "mail", port=port_of(settings, SMTP))
    public = f"http://localhost:{port_of(settings, PAYPAL)}"
    servers = [
        server(panel_app(panel, clock=house.clock.now, links=links), port_of(settings, PANEL)),
        server(
            paypal_app(paypal, clock=house.clock, links=links, public_url=public),
            port_of(settings, PAYPAL),
        ),
        server(mailbox_app(mailbox, links=links), port_of(settings, MAILBOX)),
    ]
    mailbox.start()
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*(one.serve() for one in servers))
    finally:
        mailbox.stop()
