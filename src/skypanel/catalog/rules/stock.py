"""What fits into a location, and the short names of things."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

LOW_STOCK = 5
HOLD = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Need:
    """The room one server takes."""

    vcpu: int
    memory_mib: int
    disk_gib: int
    storage_type: int
    ipv4_count: int = 1


@dataclass(frozen=True, slots=True)
class Host:
    """What is left on one hypervisor; infinity where the panel sets no limit."""

    servers: float
    memory_mib: float
    vcpu: float
    stores: tuple[tuple[int, int], ...]

    def fits(self, need: Need) -> float:
        """How many servers of this size still fit."""
        limits = [self.servers]
        if need.memory_mib:
            limits.append(self.memory_mib // need.memory_mib)
        if need.vcpu:
            limits.append(self.vcpu // need.vcpu)
        if need.disk_gib:
            limits.append(
                sum(
                    max(0, free) // need.disk_gib
                    for kind, free in self.stores
                    if kind == need.storage_type
                )
            )
        return max(0, min(limits))

    def without(self, need: Need) -> Host:
        """What is left when one such server has been put here."""
        stores = list(self.stores)
        for index, (kind, free) in enumerate(stores):
            if kind == need.storage_type and free >= need.disk_gib:
                stores[index] = (kind, free - need.disk_gib)
                break
        return replace(
            self,
            servers=self.servers - 1,
            memory_mib=self.memory_mib - need.memory_mib,
            vcpu=self.vcpu - need.vcpu,
            stores=tuple(stores),
        )


def host_of(row: Mapping[str, Any]) -> Host:
    """A host from its stored reading."""

    def figure(name: str) -> float:
        return math.inf if row[name] is None else row[name]

    return Host(
        figure("servers"),
        figure("memory_mib"),
        figure("vcpu"),
        tuple((kind, free) for kind, free in row["stores"]),
    )


def slots(
    hosts: Iterable[Host], free_ipv4: int | None, held: Sequence[Need], need: Need
) -> int | None:
    """How many more of this size can be sold beside what is held; nothing if nothing limits it.

    What is held is laid on the host with most memory left, as the panel would place it.
    """
    left = list(hosts)
    for one in held:
        room = [host for host in left if host.fits(one) >= 1]
        if room:
            best = max(room, key=lambda host: host.memory_mib)
            left[left.index(best)] = best.without(one)
    most: float = sum(host.fits(need) for host in left)
    if free_ipv4 is not None and need.ipv4_count:
        taken = sum(one.ipv4_count for one in held)
        most = min(most, max(0, free_ipv4 - taken) // need.ipv4_count)
    return None if math.isinf(most) else int(most)


def stock_word(available: int | None) -> str:
    """What a buyer is told of the stock."""
    if available is None or available > LOW_STOCK:
        return "available"
    return "low" if available else "sold_out"


def slug_of(name: str) -> str:
    """A name as part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unnamed"


def short_version(version: str) -> str:
    """A version without its code name: `12 (Bookworm)` is 12."""
    return version.split(" (", maxsplit=1)[0].strip()
