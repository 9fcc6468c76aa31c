"""The house, composed: the one place that knows every part."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from skypanel.app.boot import Boot
from skypanel.app.jobs import JOBS
from skypanel.app.reactions import LIVE, REACTIONS
from skypanel.app.sections import SECTIONS
from skypanel.identity.queries import authenticate
from skypanel.integrations.registry import Vendors
from skypanel.platform.clock import Clock
from skypanel.platform.crypto import Sealer, parse_keys
from skypanel.platform.db import PoolLimits
from skypanel.platform.house import House, Plan
from skypanel.platform.jobs import Job


def every_job() -> tuple[Job, ...]:
    """Reactions, timers and all others, each once."""
    reactions = (job for jobs in REACTIONS.values() for job in jobs)
    return tuple(dict.fromkeys((*reactions, *JOBS)))


def build_house(
    boot: Boot,
    name: str,
    *,
    clock: Clock | None = None,
    mounts: Mapping[str, httpx.AsyncBaseTransport | None] | None = None,
    gated: bool = True,
) -> House:
    """A closed house; `mounts` lets tests put a simulator in a vendor's place.

    `gated` holds the vendors' clients to their pace, in real time.
    """
    return House(
        Plan(
            dsn=boot.database_url.get_secret_value(),
            public_url=boot.public_url,
            sealer=Sealer(parse_keys(boot.secret_keys.get_secret_value())),
            reactions=REACTIONS,
            live=LIVE,
            jobs=every_job(),
            authenticate=authenticate,
            vendors=lambda house: Vendors(house, mounts=mounts, gated=gated),
            clock=clock or Clock(),
            limits=PoolLimits(size_max=boot.pool_size),
            name=name,
            heartbeat_seconds=boot.heartbeat_seconds,
            sections=SECTIONS,
            sandbox_links=sandbox_links(boot),
            is_sandbox=boot.sandbox_port_base is not None,
            real_guests=boot.sandbox_port_base is not None and boot.sandbox_engine == "qemu",
        )
    )


def sandbox_links(boot: Boot) -> dict[str, str]:
    """Where the sandbox's own pages are, when there is a sandbox."""
    if boot.sandbox_port_base is None:
        return {}
    names = ("Panel", "PayPal", "Mailbox")
    return {
        name: f"http://localhost:{boot.sandbox_port_base + offset}"
        for offset, name in enumerate(names)
    }
