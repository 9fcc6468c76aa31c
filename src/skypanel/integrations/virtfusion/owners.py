"""Servers with whom they belong to. The panel lists no users: who owns a server stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from skypanel.integrations.virtfusion import types, wire, wire_servers
from skypanel.integrations.virtfusion.caller import OK, Caller, server_path
from skypanel.integrations.virtfusion.exchange import Ask


@dataclass(frozen=True, slots=True)
class Owner:
    """A user of the panel; `number` is another system's id of them, if one was given."""

    id: int
    name: str
    email: str
    number: int | None


@dataclass(frozen=True, slots=True)
class OwnedServer:
    """A server as the panel holds it, and its owner where the panel tells of them."""

    server: types.Server
    owner: Owner | None


class _Owner(Struct, rename="camel"):
    id: int
    name: str = ""
    email: str = ""
    ext_relation_id: int | None = None

    def ours(self) -> Owner:
        return Owner(self.id, self.name, self.email, self.ext_relation_id)


class _Owned(Struct):
    owner: _Owner | None = None


class Owners(Caller):
    """Whose servers are."""

    __slots__ = ()

    async def owned_server(self, server_id: int, *, live: bool = False) -> OwnedServer:
        """One server with its owner; Missing means that there is none."""
        ask = Ask("GET", server_path(server_id), OK, {"remoteState": "true"} if live else {})
        raw = await self.send(ask)
        server = self.decode(ask, raw, wire.Envelope[wire_servers.Server]).data.ours()
        owner = self.decode(ask, raw, wire.Envelope[_Owned]).data.owner
        return OwnedServer(server, None if owner is None else owner.ours())
