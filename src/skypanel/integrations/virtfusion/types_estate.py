"""The host's own machines as the panel tells of them, in our words and units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PanelStatus:
    """Whether the panel finds itself healthy; only panels since 7.1 tell."""

    healthy: bool


@dataclass(frozen=True, slots=True)
class HostMachine:
    """A hypervisor; nothing of its address, its ports or its keys."""

    id: int
    name: str
    group_id: int | None
    enabled: bool
    maintenance: bool
    commissioned: bool
    max_servers: int
    """0 sets no limit, here and below."""
    max_vcpu: int
    max_memory_mib: int


@dataclass(frozen=True, slots=True)
class Measure:
    """So much of something is given out, of so much; `most` None sets no limit."""

    used: int
    most: int | None


@dataclass(frozen=True, slots=True)
class StoreRoom:
    """One storage of a host."""

    name: str
    storage_type: int
    gib: Measure


@dataclass(frozen=True, slots=True)
class HostCapacity:
    """What a hypervisor has and what of it is given out."""

    hypervisor_id: int
    name: str
    open: bool
    """Enabled, commissioned and not closed to new servers."""
    servers: Measure
    memory_mib: Measure
    vcpu: Measure
    stores: tuple[StoreRoom, ...]
    free_ipv4: int | None
    """Of the pool that all hosts of the group share."""


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """A block of addresses; what is not counted for its kind is 0."""

    id: int
    kind: int
    """4 or 6."""
    name: str
    enabled: bool
    total: int
    used: int
    free: int
