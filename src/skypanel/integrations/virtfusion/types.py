"""What the panel tells us and what we ask of it, in our words and units.

Nothing here carries a secret or anything about the host's inside, except `BuildStarted`, whose
root password stays out of every repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from skypanel.platform.outside import Refused

VENDOR: Final = "virtfusion"


class Missing(Refused):
    """The panel itself said that this record does not exist; only this ever reads as gone."""


class Status(StrEnum):
    """A server's condition as its owner understands it."""

    SUSPENDED = "suspended"
    FAILED = "failed"
    PROVISIONING = "provisioning"
    RUNNING = "running"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class Power(StrEnum):
    """What can be asked of a server's power; the value is the panel's word in the path."""

    BOOT = "boot"
    SHUTDOWN = "shutdown"
    RESTART = "restart"
    POWEROFF = "poweroff"


class Outcome(StrEnum):
    """How a queued job of the panel stands."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PanelAccess:
    """What the token was seen to read when the connection was tried."""

    hypervisor_groups: int
    packages: int


@dataclass(frozen=True, slots=True)
class Package:
    """A size of server as the panel defines it; prices live with us."""

    id: int
    name: str
    description: str
    enabled: bool
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    """Per period; 0 is unmetered."""
    inbound_kilobytes_per_second: int
    outbound_kilobytes_per_second: int
    storage_type: int
    """Type code to match with the stores of a host; not the id of a store."""

    @property
    def port_mbps(self) -> int:
        """Outbound speed in megabits per second; 0 is not capped."""
        return round(self.outbound_kilobytes_per_second * 8 / 1000)


@dataclass(frozen=True, slots=True)
class HypervisorGroup:
    """A place where servers can be created."""

    id: int
    name: str
    label: str
    description: str
    enabled: bool
    is_default: bool


@dataclass(frozen=True, slots=True)
class Store:
    """One storage of a host and what is left of it."""

    storage_type: int
    free_gib: int


@dataclass(frozen=True, slots=True)
class HostRoom:
    """What is left on one hypervisor; None where the panel sets no limit."""

    hypervisor_id: int
    open: bool
    """Enabled, commissioned and not closed to new servers."""
    free_servers: int | None
    free_memory_mib: int | None
    free_vcpu: int | None
    stores: tuple[Store, ...]
    free_ipv4: int | None

    def fits(self, package: Package) -> int | None:
        """How many more servers of this package the host can take; None without any limit."""
        if not self.open:
            return 0
        needs = (
            (self.free_servers, 1),
            (self.free_memory_mib, package.memory_mib),
            (self.free_vcpu, package.vcpu),
            (self._disk_slots(package), 1),
        )
        slots = [max(0, free) // need for free, need in needs if free is not None and need > 0]
        return min(slots) if slots else None

    def _disk_slots(self, package: Package) -> int | None:
        if package.disk_gib <= 0:
            return None
        # A disk lies in one store, so each store is counted by itself.
        return sum(
            max(0, store.free_gib) // package.disk_gib
            for store in self.stores
            if store.storage_type == package.storage_type
        )


@dataclass(frozen=True, slots=True)
class GroupRoom:
    """What is left in a hypervisor group, host by host."""

    group_id: int
    hosts: tuple[HostRoom, ...]

    @property
    def free_ipv4(self) -> int | None:
        """Addresses left; the hosts share one pool, so it is the highest figure, not the sum."""
        figures = [host.free_ipv4 for host in self.hosts if host.free_ipv4 is not None]
        return max(figures) if figures else None

    def fits(self, package: Package, *, ipv4_count: int = 1) -> int | None:
        """How many servers of this package can still be created; None if nothing limits it."""
        per_host = [host.fits(package) for host in self.hosts]
        limits: list[int] = []
        if None not in per_host:
            limits.append(sum(slots for slots in per_host if slots is not None))
        if self.free_ipv4 is not None and ipv4_count > 0:
            limits.append(max(0, self.free_ipv4) // ipv4_count)
        return min(limits) if limits else None


@dataclass(frozen=True, slots=True)
class Template:
    """An operating system that can be installed."""

    id: int
    group: str
    name: str
    version: str
    variant: str
    arm: bool
    icon: str
    kind: str
    """`linux`, `unix`, or what else the panel says."""
    ended: bool
    eol_on: date | None


@dataclass(frozen=True, slots=True)
class PanelUser:
    """The owner of servers as the panel knows it; our reference is the relation string."""

    id: int
    name: str
    email: str
    suspended: bool


@dataclass(frozen=True, slots=True)
class NewUser:
    """A panel user to be created under our own relation string."""

    relation: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class NewServer:
    """What to allocate; what is left None comes from the package."""

    package_id: int
    user_id: int
    hypervisor_group_id: int
    ipv4_count: int = 1
    vcpu: int | None = None
    memory_mib: int | None = None
    disk_gib: int | None = None
    traffic_gb: int | None = None
    """0 is unmetered."""
    inbound_kilobytes_per_second: int | None = None
    outbound_kilobytes_per_second: int | None = None
    storage_type: int | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """What to install on an allocated server; it wipes the primary disk."""

    template_id: int
    name: str
    hostname: str
    ssh_key_ids: tuple[int, ...] = ()
    ipv6: bool = True
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Filesystem:
    """One file system as the guest's agent reports it."""

    mountpoint: str
    used_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Live:
    """What the hypervisor said about a guest at the moment of asking."""

    running: bool
    cpu_percent: float | None
    memory_total_kib: int | None
    memory_available_kib: int | None
    disk_read_bytes: int | None
    """Since boot, over all disks."""
    disk_written_bytes: int | None
    filesystems: tuple[Filesystem, ...]


@dataclass(frozen=True, slots=True)
class ListedServer:
    """A server in the list of its owner's servers: enough to recognise it."""

    id: int
    uuid: str
    user_id: int
    hypervisor_id: int | None
    name: str
    hostname: str
    state: str
    commission_status: int | None
    suspended: bool
    vcpu: int | None
    memory_mib: int | None
    disk_gib: int | None
    ipv4: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelServer:
    """A server in the list of all servers of the panel: what it takes to compare them with ours."""

    id: int
    user_id: int
    name: str
    commission_status: int
    suspended: bool


@dataclass(frozen=True, slots=True)
class Server:
    """A server as the panel holds it."""

    id: int
    uuid: str
    user_id: int
    hypervisor_id: int
    hypervisor_group_id: int | None
    name: str
    hostname: str
    state: str
    """The panel's word for how far the installation got; not power."""
    commission_status: int
    suspended: bool
    protected: bool
    build_failed: bool
    busy: bool
    """A job runs on the server; changes would be refused as locked."""
    deleting: bool
    template_id: int | None
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    """Subnets with their length, such as `2001:db8:40:7::/64`."""
    pending_changes: tuple[str, ...]
    """Changes that wait for the next power action."""
    created_at: datetime | None
    built_at: datetime | None
    live: Live | None

    @property
    def status(self) -> Status:
        """The one word for its owner; power is only known when live state was asked for."""
        return status_of(
            suspended=self.suspended,
            state=self.state,
            commission_status=self.commission_status,
            build_failed=self.build_failed,
            running=self.live.running if self.live else None,
        )


@dataclass(frozen=True, slots=True)
class BuildStarted:
    """An accepted installation with the root password, which the panel tells only now."""

    server: Server
    root_password: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A job of the panel; its error texts and commands are the host's own and not kept."""

    id: int
    server_id: int | None
    action: str
    outcome: Outcome
    progress_percent: int
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class SshKey:
    """A public key the panel can put on the servers of its owner."""

    id: int
    name: str
    public_key: str
    enabled: bool


UNDER_WAY: Final = frozenset({"allocated", "queued", "building"})
ALLOCATED, BUILDING, BUILD_FAILED, COMPLETE = range(4)
"""The panel's commission status."""


def status_of(
    *,
    suspended: bool,
    state: str,
    commission_status: int,
    build_failed: bool,
    running: bool | None,
) -> Status:
    """Suspended before failed before provisioning before power; what is not known is said so."""
    if suspended:
        return Status.SUSPENDED
    under_way = state in UNDER_WAY
    # The panel raises buildFailed for a moment during a rebuild: the state decides first.
    if state == "failed" or (not under_way and (commission_status == BUILD_FAILED or build_failed)):
        return Status.FAILED
    if under_way or commission_status in {ALLOCATED, BUILDING}:
        return Status.PROVISIONING
    if running is None or (state != "complete" and commission_status != COMPLETE):
        return Status.UNKNOWN
    return Status.RUNNING if running else Status.STOPPED
