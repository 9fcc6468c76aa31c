"""The panel tells somebody of what happened to its servers, where it was told whom.

As the real one: a POST of JSON with its headers, a bearer token that is base64 and no signature,
sent once. What happened is seen by comparing the servers before and after a call.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec

from skypanel.integrations.virtfusion.simulator.server_answers import server_json
from skypanel.integrations.virtfusion.simulator.state import Hook, PanelState

if TYPE_CHECKING:
    from skypanel.integrations.virtfusion.simulator.state import Server

AGENT: Final = "VirtFusion-Hookshot/57HE28D3RT"
SEND_SECONDS: Final = 5.0
Send = Callable[[str, Mapping[str, str], bytes], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that a hook tells."""

    event: str
    status: str
    server: Server


def snapshot(state: PanelState) -> dict[int, tuple[str, Server]]:
    """How the servers stand, to be compared with later."""
    return {server.id: (server.state, server) for server in state.tables.servers.values()}


def happened(state: PanelState, before: Mapping[int, tuple[str, Server]]) -> list[Happened]:
    """What became of the servers since."""
    now = snapshot(state)
    found = [
        Happened("server.create", "success", server)
        for number, (_, server) in now.items()
        if number not in before
    ]
    for number, (was, server) in before.items():
        if number not in now:
            found.append(Happened("server.destroy", "success", server))
        elif was != server.state and server.state in ("complete", "failed"):
            status = "success" if server.state == "complete" else "fail"
            found.append(Happened("server.build", status, server))
    return found


def message(
    state: PanelState, hook: Hook, what: Happened, now: datetime
) -> tuple[dict[str, str], dict[str, Any]]:
    """Headers and body of one telling."""
    created = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    number = str(state.next_id("hook_events", 70))
    body = {
        "event": what.event,
        "created": created,
        "hookId": "3",
        "hookEventId": number,
        "eventStatus": what.status,
        "controlDomain": "panel.example.test",
        "controlName": "Example",
        "controlSupportLink": "https://example.test/support",
        "data": {"errors": [], "server": server_json(state, what.server, now)},
    }
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "X-VirtFusion-Hook": "3",
        "X-VirtFusion-Created": created,
        "X-VirtFusion-Hook-Event": number,
        "X-VirtFusion-Event": what.event,
        "X-VirtFusion-Event-Status": what.status,
    }
    if hook.token:
        headers["Authorization"] = "Bearer " + base64.b64encode(hook.token.encode()).decode()
    return headers, body


def tell(state: PanelState, before: Mapping[int, tuple[str, Server]], now: datetime) -> None:
    """Send what happened since, in tasks of their own: the API's answer does not wait."""
    hook = state.hook
    if hook is None:
        return
    for what in happened(state, before):
        headers, body = message(state, hook, what, now)
        task = asyncio.create_task(_send(state, hook.url, headers, msgspec.json.encode(body)))
        state.telling.add(task)
        task.add_done_callback(state.telling.discard)


async def _send(state: PanelState, url: str, headers: Mapping[str, str], raw: bytes) -> None:
    try:
        status = await (state.send_hook or post)(url, headers, raw)
    except (OSError, httpx.HTTPError) as error:
        state.hooks_sent.appendleft(f"{headers['X-VirtFusion-Event']}: {type(error).__name__}")
        return
    state.hooks_sent.appendleft(f"{headers['X-VirtFusion-Event']}: answered {status}")


async def post(url: str, headers: Mapping[str, str], raw: bytes) -> int:
    """Over the network, as the real one."""
    async with httpx.AsyncClient(timeout=SEND_SECONDS, trust_env=False) as http:
        return (await http.post(url, headers=dict(headers), content=raw)).status_code
