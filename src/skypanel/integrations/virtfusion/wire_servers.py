"""The panel's server objects, of which only the fields we use are ever decoded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from skypanel.integrations.virtfusion import types
from skypanel.integrations.virtfusion.wire import utc


class Address4(Struct):
    address: str


class Subnet6(Struct):
    subnet: str
    cidr: int


class Interface(Struct):
    ipv4: list[Address4] = []
    ipv6: list[Subnet6] = []


class ListedInterface(Struct):
    ipv4: list[Address4] = []


class Interfaces(Struct):
    interfaces: list[Interface]


class ListedInterfaces(Struct):
    interfaces: list[ListedInterface] = []


class Sizes(Struct, rename="camel"):
    memory: int | None = None
    storage: int | None = None
    cpu_cores: int | None = None


class ListedServer(Struct, rename="camel"):
    id: int
    owner_id: int
    name: str
    uuid: str
    state: str
    hypervisor_id: int | None = None
    hostname: str | None = None
    commission_status: int | None = None
    suspended: bool = False
    resources: Sizes = field(default_factory=Sizes)
    network: ListedInterfaces = field(default_factory=ListedInterfaces)

    def ours(self) -> types.ListedServer:
        return types.ListedServer(
            id=self.id,
            uuid=self.uuid,
            user_id=self.owner_id,
            hypervisor_id=self.hypervisor_id,
            name=self.name,
            hostname=self.hostname or "",
            state=self.state,
            commission_status=self.commission_status,
            suspended=self.suspended,
            vcpu=self.resources.cpu_cores,
            memory_mib=self.resources.memory,
            disk_gib=self.resources.storage,
            ipv4=tuple(one.address for face in self.network.interfaces for one in face.ipv4),
        )


class PanelServer(Struct, rename="camel"):
    """The row in the list of all servers: a third shape, with names of its own."""

    id: int
    uuid: str
    name: str
    commissioned: int
    owner: int
    suspended: bool = False

    def ours(self) -> types.PanelServer:
        return types.PanelServer(
            id=self.id,
            user_id=self.owner,
            name=self.name,
            commission_status=self.commissioned,
            suspended=self.suspended,
        )


class Allotment(Struct, rename="camel"):
    memory: int
    storage: int
    traffic: int
    cpu_cores: int


class Settings(Struct, rename="camel"):
    resources: Allotment
    os_template_install_id: int | None = None


class BuildSettings(Struct, rename="camel"):
    decrypted_password: str | None = None

    def __repr__(self) -> str:
        return "BuildSettings(...)"


class Pending(Struct):
    action: str
    complete: bool = False


class Actions(Struct):
    pending: list[Pending] = []


class Tasks(Struct):
    active: bool = False
    actions: Actions = field(default_factory=Actions)


class Host(Struct, rename="camel"):
    group_id: int | None = None


class Memory(Struct):
    actual: int | None = None
    available: int | None = None
    unused: int | None = None
    usable: int | None = None
    memtotal: int | None = None
    memavailable: int | None = None


class Disk(Struct):
    read_bytes: int | None = field(name="rd.bytes", default=None)
    written_bytes: int | None = field(name="wr.bytes", default=None)


class Mount(Struct, rename="kebab"):
    mountpoint: str
    used_bytes: int = 0
    total_bytes: int = 0


class Agent(Struct):
    fsinfo: list[Mount] = []


class Remote(Struct):
    running: bool | None = None
    state: str = ""
    cpu: float | None = None
    memory: Memory = field(default_factory=Memory)
    disk: dict[str, Disk] = field(default_factory=dict)
    agent: Agent = field(default_factory=Agent)

    def ours(self) -> types.Live | None:
        running = self.running
        if running is None:
            running = {"running": True, "stopped": False, "shutoff": False}.get(self.state)
        if running is None:
            return None
        memory = self.memory
        return types.Live(
            running=running,
            cpu_percent=self.cpu,
            memory_total_kib=_first(memory.memtotal, memory.available, memory.actual),
            memory_available_kib=_first(memory.memavailable, memory.usable, memory.unused),
            disk_read_bytes=_total([disk.read_bytes for disk in self.disk.values()]),
            disk_written_bytes=_total([disk.written_bytes for disk in self.disk.values()]),
            filesystems=tuple(
                types.Filesystem(
                    mountpoint=mount.mountpoint,
                    used_bytes=mount.used_bytes,
                    total_bytes=mount.total_bytes,
                )
                for mount in self.agent.fsinfo
            ),
        )


class Server(Struct, rename="camel"):
    id: int
    owner_id: int
    hypervisor_id: int
    name: str
    uuid: str
    state: str
    commission_status: int
    suspended: bool
    build_failed: bool
    settings: Settings
    network: Interfaces
    hostname: str | None = None
    protected: bool = False
    delete_level: int = 0
    built: datetime | None = None
    created: datetime | None = None
    tasks: Tasks = field(default_factory=Tasks)
    hypervisor: Host = field(default_factory=Host)
    remote_state: Any = None

    def ours(self) -> types.Server:
        sizes = self.settings.resources
        faces = self.network.interfaces
        return types.Server(
            id=self.id,
            uuid=self.uuid,
            user_id=self.owner_id,
            hypervisor_id=self.hypervisor_id,
            hypervisor_group_id=self.hypervisor.group_id,
            name=self.name,
            hostname=self.hostname or "",
            state=self.state,
            commission_status=self.commission_status,
            suspended=self.suspended,
            protected=self.protected,
            build_failed=self.build_failed,
            busy=self.tasks.active,
            deleting=self.delete_level > 0,
            template_id=self.settings.os_template_install_id,
            vcpu=sizes.cpu_cores,
            memory_mib=sizes.memory,
            disk_gib=sizes.storage,
            traffic_gb=sizes.traffic,
            ipv4=tuple(one.address for face in faces for one in face.ipv4),
            ipv6=tuple(f"{one.subnet}/{one.cidr}" for face in faces for one in face.ipv6),
            pending_changes=tuple(
                one.action for one in self.tasks.actions.pending if not one.complete
            ),
            created_at=utc(self.created),
            built_at=utc(self.built),
            live=live_of(self.remote_state),
        )


class PasswordOnly(Struct):
    """The one field of a build's answer that is not part of the server."""

    settings: BuildSettings = field(default_factory=BuildSettings)


def live_of(told: Any) -> types.Live | None:
    """Live state is an object only when it was asked for and the hypervisor answered."""
    if not isinstance(told, dict):
        return None
    # PHP writes an empty object as an empty list.
    known = {key: value for key, value in told.items() if value not in (None, [])}
    try:
        return msgspec.convert(known, Remote, strict=False).ours()
    except msgspec.ValidationError:
        # No source documents these fields: one odd figure must not hide whether it runs.
        running = known.get("running")
        return Remote(running=running if isinstance(running, bool) else None).ours()


def _first(*figures: int | None) -> int | None:
    return next((figure for figure in figures if figure is not None), None)


def _total(figures: list[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None
