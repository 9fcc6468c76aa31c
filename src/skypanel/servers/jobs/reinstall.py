"""A fresh system on the same server; what was on it is lost."""

from __future__ import annotations

from typing import Any, Final

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import (
    BUILDING,
    COMPLETE,
    UNDER_WAY,
    Installation,
    Status,
)
from skypanel.integrations.virtfusion.types import Server as PanelServer
from skypanel.platform.db import Db
from skypanel.servers import actions
from skypanel.servers.jobs.kinds import Asked, Going, Heard, Kind, NotDone, Over, Verdict, power_of
from skypanel.servers.models import ServerTask
from skypanel.servers.rules import panel_name

FAILED: Final = (
    "The panel could not install the system, so the server has none now. Reinstall it again, or "
    "choose another system."
)
TOO_LONG: Final = (
    "The panel has been installing for an hour. Our staff can look at it; you may also reinstall "
    "it again."
)
AN_HOUR: Final = 750  # polls, five seconds apart at last


async def _prepare(panel: VirtFusion, asked: Asked) -> dict[str, Any]:
    server = await panel.server(asked.ref)
    keys = [(name, line) for name, line in asked.wish["keys"]]
    return {
        "built": str(server.built_at),
        "failed": _failed(server),
        "key_ids": await panel.ssh_key_ids(server.user_id, keys),
    }


async def _ask(panel: VirtFusion, asked: Asked) -> Verdict:
    started = await panel.build(
        asked.ref,
        Installation(
            template_id=asked.wish["template_ref"],
            name=panel_name(asked.name),
            hostname=asked.wish["hostname"],
            ssh_key_ids=tuple(asked.before["key_ids"]),
        ),
    )
    return Heard(secret=started.root_password)


async def _look(panel: VirtFusion, asked: Asked) -> Verdict:
    """One that runs, ended or failed since was ours: nobody else may build while we hold it."""
    server = await panel.server(asked.ref)
    if server.state in UNDER_WAY or server.commission_status == BUILDING:
        return Heard()
    if str(server.built_at) != asked.before["built"]:
        return Heard()
    if _failed(server) and not asked.before["failed"]:
        return Heard()
    return Going() if server.busy else NotDone()


async def _follow(panel: VirtFusion, asked: Asked) -> Verdict:
    server = await panel.server(asked.ref)
    if _failed(server):
        return Over(FAILED)
    if server.busy or server.commission_status != COMPLETE or server.state != "complete":
        return Going(note=f"Installing {asked.wish['image']['name']}.")
    seen = await panel.server(asked.ref, live=True)
    return Over(
        power=power_of(seen), ipv4=next(iter(seen.ipv4), None), ipv6=next(iter(seen.ipv6), None)
    )


def _failed(server: PanelServer) -> bool:
    return server.status is Status.FAILED and not server.busy


async def _heard(db: Db, task: ServerTask, heard: Heard) -> None:
    await actions.begin_reinstall(db, task, heard.secret)


async def _over(db: Db, task: ServerTask, over: Over) -> None:
    await actions.end_reinstall(db, task, over.error, ipv4=over.ipv4, ipv6=over.ipv6)


REINSTALL: Final = Kind(
    prepare=_prepare,
    ask=_ask,
    look=_look,
    follow=_follow,
    heard=_heard,
    over=_over,
    polls_max=AN_HOUR,
    too_long=TOO_LONG,
)
