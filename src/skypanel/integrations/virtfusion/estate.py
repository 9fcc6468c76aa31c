"""The host's own machines: hypervisors, their room, blocks of addresses, the panel's health.

Addresses of hosts, ports and keys are dropped while decoding.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Struct, field

from skypanel.integrations.virtfusion import types_estate as types
from skypanel.integrations.virtfusion import wire
from skypanel.integrations.virtfusion.caller import CREATED, OK, Caller, server_path
from skypanel.integrations.virtfusion.exchange import Ask, unreadable

COMMISSIONED: Final = 3
_HEALTH: Final = frozenset({200, 503})
_HYPERVISORS: Final = "/compute/hypervisors"


class _GroupId(Struct):
    id: int


class Hypervisor(Struct, rename="camel"):
    id: int
    name: str
    enabled: bool
    maintenance: bool
    commissioned: int = 0
    group: _GroupId | None = None
    max_servers: int = 0
    max_cpu: int = 0
    max_memory: int = 0

    def ours(self) -> types.HostMachine:
        return types.HostMachine(
            id=self.id,
            name=self.name,
            group_id=self.group.id if self.group else None,
            enabled=self.enabled,
            maintenance=self.maintenance,
            commissioned=self.commissioned == COMMISSIONED,
            max_servers=self.max_servers,
            max_vcpu=self.max_cpu,
            max_memory_mib=self.max_memory,
        )


class Metric(Struct):
    max: int
    free: int
    allocated: int | None = None

    def ours(self) -> types.Measure:
        """Some answers leave `allocated` out; the rest says it too, without a limit below zero."""
        used = self.max - self.free if self.allocated is None else self.allocated
        return types.Measure(used=used, most=self.max or None)


class Store(Metric, rename="camel", kw_only=True):
    storage_type: int
    name: str = ""
    enabled: bool = True


class Resources(Struct, rename="camel"):
    servers: Metric
    memory: Metric
    cpu_cores: Metric
    local_storage: Store
    other_storage: list[Store]
    network: wire.Network = field(default_factory=wire.Network)


class Host(wire.Hypervisor, kw_only=True):
    name: str = ""


class Capacity(Struct):
    hypervisor: Host
    resources: Resources

    def ours(self) -> types.HostCapacity:
        host, room = self.hypervisor, self.resources
        return types.HostCapacity(
            hypervisor_id=host.id,
            name=host.name or f"Hypervisor {host.id}",
            open=host.enabled and host.commissioned and not host.prohibit,
            servers=room.servers.ours(),
            memory_mib=room.memory.ours(),
            vcpu=room.cpu_cores.ours(),
            stores=tuple(
                types.StoreRoom(store.name, store.storage_type, store.ours())
                for store in (room.local_storage, *room.other_storage)
                if store.enabled
            ),
            free_ipv4=room.network.total.ipv4.free,
        )


class Count4(Struct, rename="camel"):
    total: int = 0
    used_total: int = 0
    free_total: int = 0


class Block(Struct):
    id: int
    type: int
    name: str
    enabled: bool
    ipv4: Count4 = field(default_factory=Count4)
    ipv6: Count4 = field(default_factory=Count4)

    def ours(self) -> types.AddressBlock:
        count = self.ipv4 if self.type == 4 else self.ipv6  # noqa: PLR2004 - the panel's word
        return types.AddressBlock(
            id=self.id,
            kind=self.type,
            name=self.name,
            enabled=self.enabled,
            total=count.total,
            used=count.used_total,
            free=count.free_total,
        )


class Estate(Caller):
    """The host's machines, and whose servers are; no customer ever sees them."""

    __slots__ = ()

    async def ping(self) -> None:
        """Prove that the token is valid; it may do nothing else for all this tells."""
        await self.read(Ask("GET", "/connect", OK), list[Any])

    async def status(self) -> types.PanelStatus:
        """How the panel finds itself. Refused with `no_such_route` by a panel before 7.1.

        A broken panel answers 503 as a proxy in front of it does; only JSON is the panel's word.
        """
        ask = Ask("GET", "/status", _HEALTH)
        answer = await self.answer(ask)
        try:
            told = msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            told = None
        if not isinstance(told, dict | list):
            raise unreadable(ask, "no JSON")
        return types.PanelStatus(healthy=answer.status_code == 200)  # noqa: PLR2004

    async def hypervisors(self) -> list[types.HostMachine]:
        """Every hypervisor of the panel."""
        return [row.ours() for row in await self.pages(_HYPERVISORS, wire.Page[Hypervisor])]

    async def hypervisor(self, hypervisor_id: int) -> types.HostMachine:
        """One hypervisor."""
        ask = Ask("GET", f"{_HYPERVISORS}/{hypervisor_id:d}", OK)
        return (await self.read(ask, wire.Envelope[Hypervisor])).data.ours()

    async def capacity(self, group_id: int) -> list[types.HostCapacity]:
        """What each host of a group has and what of it is given out."""
        path = f"{_HYPERVISORS}/groups/{group_id:d}/resources"
        return [row.ours() for row in await self.pages(path, wire.Page[Capacity])]

    async def change_owner(self, server_id: int, user_id: int) -> None:
        """Give a server to another panel user; who had it sees it no more."""
        await self.send(Ask("PUT", f"{server_path(server_id)}/owner/{user_id:d}", CREATED))

    async def ip_blocks(self) -> list[types.AddressBlock]:
        """Every block of addresses."""
        rows = await self.pages("/connectivity/ipblocks", wire.Page[Block])
        return [row.ours() for row in rows]

    async def ip_block(self, block_id: int) -> types.AddressBlock:
        """One block of addresses."""
        ask = Ask("GET", f"/connectivity/ipblocks/{block_id:d}", OK)
        return (await self.read(ask, wire.Envelope[Block])).data.ours()
