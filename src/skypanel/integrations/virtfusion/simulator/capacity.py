"""What each hypervisor has left, where a new server lands, and which address it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from skypanel.integrations.virtfusion.simulator.state import Group, Hypervisor, Server, Tables

GATEWAYS = 1
"""The first address of a pool is its gateway."""


@dataclass(frozen=True, slots=True)
class Used:
    """What is allocated on a hypervisor: other owners' servers and ours."""

    servers: int
    memory_mb: int
    cores: int
    local_gb: int
    store_gb: dict[int, int]
    """By store id."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The size of a server to be placed."""

    memory_mb: int
    cores: int
    storage_gb: int
    storage_type: int


def used(tables: Tables, host: Hypervisor) -> Used:
    """Everything allocated on a host."""
    ours = [server for server in tables.servers.values() if server.hypervisor_id == host.id]
    return Used(
        servers=host.taken_servers + len(ours),
        memory_mb=host.taken_memory_mb + sum(server.memory_mb for server in ours),
        cores=host.taken_cores + sum(server.cpu_cores for server in ours),
        local_gb=host.taken_local_gb
        + sum(server.storage_gb for server in ours if server.storage_type == 0),
        store_gb={
            store.id: store.taken_gb
            + sum(one.storage_gb for one in ours if one.storage_type == store.storage_type)
            for store in host.stores
        },
    )


def place(tables: Tables, group: Group, wish: Wish) -> Hypervisor | None:
    """The open host of the group with the most memory left that fits the wish."""
    fitting = [
        (_left(host.max_memory_mb, used(tables, host).memory_mb), -host.id)
        for host in tables.hypervisors.values()
        if host.group_id == group.id and _fits(tables, host, wish)
    ]
    return tables.hypervisors[-max(fitting)[1]] if fitting else None


def can_grow(tables: Tables, server: Server, sizes: Mapping[str, int]) -> bool:
    """Whether the host of a server has room for it in these sizes."""
    host = tables.hypervisors[server.hypervisor_id]
    now = used(tables, host)
    more: dict[str, int] = {name: size - getattr(server, name) for name, size in sizes.items()}
    disks = [
        store.max_gb - now.store_gb[store.id]
        for store in host.stores
        if store.storage_type == server.storage_type
    ]
    disks += [host.max_local_gb - now.local_gb] if server.storage_type == 0 else []
    return (
        _left(host.max_memory_mb, now.memory_mb) >= more.get("memory_mb", 0)
        and _left(host.max_cores, now.cores) >= more.get("cpu_cores", 0)
        and max([0, *disks]) >= more.get("storage_gb", 0)
    )


def free_ipv4(tables: Tables, group: Group) -> list[IPv4Address]:
    """The free addresses of the group's pool, lowest first."""
    taken = {
        IPv4Address(address)
        for server in tables.servers.values()
        if server.group_id == group.id
        for address in server.ipv4
    }
    hosts = list(IPv4Network(group.ipv4_network).hosts())[GATEWAYS:]
    return [address for address in hosts if address not in taken]


def ipv6_subnet(group: Group, server: Server) -> str:
    """The /64 of a server: its id counts the subnets of the group's network."""
    network = IPv6Network(group.ipv6_network)
    return str(network.network_address + ((server.id % 65_535) << 64))


def _fits(tables: Tables, host: Hypervisor, wish: Wish) -> bool:
    if host.prohibit or not host.enabled:
        return False
    now = used(tables, host)
    local = [host.max_local_gb - now.local_gb] if wish.storage_type == 0 else []
    stores = [
        store.max_gb - now.store_gb[store.id]
        for store in host.stores
        if store.storage_type == wish.storage_type
    ]
    return (
        _left(host.max_servers, now.servers) >= 1
        and _left(host.max_memory_mb, now.memory_mb) >= wish.memory_mb
        and _left(host.max_cores, now.cores) >= wish.cores
        and max([0, *local, *stores]) >= wish.storage_gb
    )


def _left(most: int, taken: int) -> float:
    return most - taken if most else float("inf")
