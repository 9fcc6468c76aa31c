"""The panel's way to a server's screen: asked for afresh each time, never kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
import msgspec

from skypanel.integrations.virtfusion import wire
from skypanel.integrations.virtfusion.caller import OK, Caller, server_path
from skypanel.integrations.virtfusion.exchange import Ask
from skypanel.integrations.virtfusion.types import VENDOR
from skypanel.platform.outside import Refused

SOCKET_SCHEMES = {"https": "wss", "http": "ws"}


@dataclass(frozen=True, slots=True)
class WayIn:
    """Where a server's screen can be opened now, and by which password; neither is ever shown."""

    url: str = field(repr=False)
    password: str = field(repr=False)
    origin: str


class ScreenEnded(Exception):
    """The panel's side of a screen has ended."""


class _Socket(msgspec.Struct):
    url: str


class _Vnc(msgspec.Struct):
    # `enabled`, host and port are not read: the websocket answers whatever the switch says, and
    # where the hypervisor is concerns nobody.
    password: str
    wss: _Socket


class _Screen(msgspec.Struct):
    vnc: _Vnc


class Console(Caller):
    """The operations on a server's screen."""

    __slots__ = ()

    async def open_console(self, server_id: int) -> WayIn:
        """A fresh way to a server's screen; the one given before ends with it."""
        path = f"{server_path(server_id)}/vnc"
        return await self._way_in(Ask("POST", path, OK, body={"action": "enable"}))

    async def console(self, server_id: int) -> WayIn:
        """The way to a server's screen as it stands."""
        return await self._way_in(Ask("GET", f"{server_path(server_id)}/vnc", OK))

    async def _way_in(self, ask: Ask) -> WayIn:
        vnc = (await self.read(ask, wire.Envelope[_Screen])).data.vnc
        root = httpx.URL(self.panel)
        url = _on_the_panel(root, vnc.wss.url)
        if url is None:
            # What it named is not repeated: it holds the token.
            message = f"{ask.label}: the screen is said to be on another host than the panel"
            raise Refused(VENDOR, message, code="foreign_host")
        return WayIn(url, vnc.password, str(root.copy_with(raw_path=b"/")).rstrip("/"))


def _on_the_panel(root: httpx.URL, told: str) -> str | None:
    """The websocket's address if it is the panel's own host and port; nothing otherwise."""
    try:
        url = root.copy_with(raw_path=b"/").join(told)
    except httpx.InvalidURL:
        return None
    scheme = SOCKET_SCHEMES[root.scheme]
    here = (root.host, root.port)
    if url.scheme in {root.scheme, scheme} and (url.host, url.port) == here and not url.userinfo:
        return str(url.copy_with(scheme=scheme, fragment=None))
    return None
