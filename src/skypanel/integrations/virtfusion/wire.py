"""The panel's JSON, only the fields we use, and how each becomes one of our types.

Fields that are not named here (host paths, shell commands, encrypted passwords, screenshots) are
dropped while decoding and never become objects. Decoding is lenient where the panel is: 0/1 for
booleans, numbers as strings, `false` for an absent object.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct, field

from skypanel.integrations.virtfusion import types

T = TypeVar("T")
Percent = Annotated[int, Meta(ge=0, le=100)]


class Envelope(Struct, Generic[T]):
    data: T


class Page(Struct, Generic[T]):
    data: list[T]
    last_page: int = 1
    total: int = 0


class Package(Struct, rename="camel"):
    id: int
    name: str
    enabled: bool
    memory: int
    primary_storage: int
    traffic: int
    cpu_cores: int
    description: str | None = None
    primary_network_speed_in: int = 0
    primary_network_speed_out: int = 0
    primary_storage_profile: int = 0

    def ours(self) -> types.Package:
        return types.Package(
            id=self.id,
            name=self.name,
            description=self.description or "",
            enabled=self.enabled,
            vcpu=self.cpu_cores,
            memory_mib=self.memory,
            disk_gib=self.primary_storage,
            traffic_gb=self.traffic,
            inbound_kilobytes_per_second=self.primary_network_speed_in,
            outbound_kilobytes_per_second=self.primary_network_speed_out,
            storage_type=self.primary_storage_profile,
        )


class Group(Struct):
    id: int
    name: str
    enabled: bool
    default: bool
    label: str | None = None
    description: str | None = None

    def ours(self) -> types.HypervisorGroup:
        return types.HypervisorGroup(
            id=self.id,
            name=self.name,
            label=self.label or "",
            description=self.description or "",
            enabled=self.enabled,
            is_default=self.default,
        )


class Metric(Struct):
    max: int
    free: int

    def left(self) -> int | None:
        """Free units; a maximum of 0 means no limit and the free figure is then negative."""
        return None if self.max == 0 else self.free


class Storage(Struct, rename="camel"):
    storage_type: int
    free: int
    enabled: bool = True


class Ipv4Pool(Struct):
    free: int | None = None


class NetworkTotal(Struct):
    ipv4: Ipv4Pool = field(default_factory=Ipv4Pool)


class Network(Struct):
    total: NetworkTotal = field(default_factory=NetworkTotal)


class Resources(Struct, rename="camel"):
    servers: Metric
    memory: Metric
    cpu_cores: Metric
    local_storage: Storage
    other_storage: list[Storage]
    network: Network = field(default_factory=Network)


class Hypervisor(Struct):
    id: int
    enabled: bool
    prohibit: bool
    commissioned: bool


class GroupResource(Struct):
    hypervisor: Hypervisor
    resources: Resources

    def ours(self) -> types.HostRoom:
        host, room = self.hypervisor, self.resources
        return types.HostRoom(
            hypervisor_id=host.id,
            open=host.enabled and host.commissioned and not host.prohibit,
            free_servers=room.servers.left(),
            free_memory_mib=room.memory.left(),
            free_vcpu=room.cpu_cores.left(),
            stores=tuple(
                types.Store(storage_type=store.storage_type, free_gib=store.free)
                for store in (room.local_storage, *room.other_storage)
                if store.enabled
            ),
            free_ipv4=room.network.total.ipv4.free,
        )


class Template(Struct):
    id: int
    name: str
    version: str
    variant: str | None = None
    arch: int = 1
    icon: str | None = None
    eol: bool = False
    eol_date: str | None = None
    type: str = "linux"

    def ours(self, group: str) -> types.Template:
        return types.Template(
            id=self.id,
            group=group,
            name=self.name,
            version=self.version,
            variant=self.variant or "",
            arm=self.arch == 2,  # noqa: PLR2004 - the panel's code for arm64
            icon=self.icon or "",
            kind=self.type,
            ended=self.eol,
            eol_on=_day(self.eol_date),
        )


class TemplateGroup(Struct):
    name: str
    templates: list[Template]


class User(Struct):
    id: int
    name: str
    email: str
    suspended: bool = False

    def ours(self) -> types.PanelUser:
        return types.PanelUser(
            id=self.id, name=self.name, email=self.email, suspended=self.suspended
        )


class Queued(Struct, rename="camel"):
    queue_id: int


class QueueItem(Struct, rename="camel"):
    id: int
    action: str
    finished: datetime | None
    failed: bool
    progress: Percent
    server_id: int | None = None
    started: datetime | None = None

    def ours(self) -> types.QueueItem:
        if self.failed:
            outcome = types.Outcome.FAILED
        else:
            outcome = types.Outcome.DONE if self.finished else types.Outcome.PENDING
        return types.QueueItem(
            id=self.id,
            server_id=self.server_id,
            action=self.action,
            outcome=outcome,
            progress_percent=self.progress,
            started_at=utc(self.started),
            finished_at=utc(self.finished),
        )


class SshKey(Struct, rename="camel"):
    id: int
    name: str
    public_key: str
    enabled: bool = True

    def ours(self) -> types.SshKey:
        return types.SshKey(
            id=self.id, name=self.name, public_key=self.public_key, enabled=self.enabled
        )


class KeyAdded(Struct):
    id: int


def utc(instant: datetime | None) -> datetime | None:
    """The same instant in UTC; the panel's instants without a zone are taken as UTC."""
    if instant is None:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
