"""Everything the simulated panel knows, and how it survives a restart.

One JSON file, written whole and swapped in, holds the tables; the token, the timing and the
faults belong to the process and start anew with it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from skypanel.integrations.virtfusion.simulator.faults import FaultBoard
from skypanel.integrations.virtfusion.simulator.screens import Screens

if TYPE_CHECKING:
    from skypanel.integrations.virtfusion.simulator.engine import Engine

BuildState = Literal["allocated", "queued", "complete", "failed"]
COMMISSION: dict[BuildState, int] = {"allocated": 0, "queued": 1, "failed": 2, "complete": 3}
CALLS_KEPT = 200
VERSIONS = ("6.2", "7.0", "7.1")
NEWEST = VERSIONS[-1]


@dataclass(slots=True)
class Package:
    id: int
    name: str
    description: str
    cpu_cores: int
    memory_mb: int
    storage_gb: int
    traffic_gb: int
    speed_kilobytes_per_second: int
    storage_type: int = 0
    enabled: bool = True


@dataclass(slots=True)
class Store:
    """A second storage of a hypervisor; `taken_gb` is used by others than our servers."""

    id: int
    name: str
    storage_type: int
    max_gb: int
    taken_gb: int = 0


@dataclass(slots=True)
class Hypervisor:
    """A host; the `taken_*` figures are servers of other owners. A maximum of 0 is no limit."""

    id: int
    group_id: int
    name: str
    ip: str
    max_memory_mb: int
    max_cores: int
    max_local_gb: int
    max_servers: int = 0
    taken_servers: int = 0
    taken_memory_mb: int = 0
    taken_cores: int = 0
    taken_local_gb: int = 0
    stores: list[Store] = field(default_factory=list)
    enabled: bool = True
    prohibit: bool = False


@dataclass(slots=True)
class Group:
    id: int
    name: str
    label: str
    description: str
    country: str
    ipv4_network: str
    ipv6_network: str
    enabled: bool = True
    default: bool = False


@dataclass(slots=True)
class Template:
    id: int
    name: str
    version: str
    variant: str
    icon: str
    eol_date: str
    type: str = "linux"


@dataclass(slots=True)
class TemplateGroup:
    id: int
    name: str
    description: str
    icon: str
    templates: list[Template]


@dataclass(slots=True)
class User:
    id: int
    name: str
    email: str
    created_at: datetime
    relation: str | None = None
    ext_relation_id: int | None = None
    suspended: bool = False


@dataclass(slots=True)
class SshKey:
    id: int
    user_id: int
    name: str
    public_key: str
    created_at: datetime


@dataclass(slots=True)
class Server:
    id: int
    uuid: str
    user_id: int
    group_id: int
    hypervisor_id: int
    package_id: int
    cpu_cores: int
    memory_mb: int
    storage_gb: int
    storage_type: int
    traffic_gb: int
    speed_in: int
    speed_out: int
    ipv4: list[str]
    created_at: datetime
    updated_at: datetime
    name: str = ""
    hostname: str | None = None
    state: BuildState = "allocated"
    ipv6: str | None = None
    template_id: int | None = None
    ssh_key_ids: list[int] = field(default_factory=list)
    running: bool = False
    suspended: bool = False
    ran_before_suspension: bool = False
    rebuild: bool = False
    built_at: datetime | None = None
    last_task_at: datetime | None = None
    boots: int = 0
    firewall: bool = False
    firewall_rules: list[dict[str, str]] = field(default_factory=list)
    reverse_names: dict[str, str] = field(default_factory=dict)
    deletes_at: datetime | None = None
    real: bool = False
    """Whether its guest is a real machine; decided at each start."""
    disk: int = 0
    """The installation whose disk a real guest has."""


@dataclass(slots=True)
class QueueItem:
    """A job; its end is a date, so that reading after it is all it takes to have happened."""

    id: int
    server_id: int
    hypervisor_id: int
    action: str
    started_at: datetime
    ends_at: datetime
    fails: bool = False
    wants_ipv6: bool = False
    finished_at: datetime | None = None


@dataclass(slots=True)
class TrafficBlock:
    """Extra traffic of a server for one of its periods."""

    id: int
    server_id: int
    month: int
    gb: int
    added_at: datetime


@dataclass(slots=True)
class Backup:
    """A copy of a server; its end is a date, as a job's."""

    id: int
    server_id: int
    started_at: datetime
    ends_at: datetime
    fails: bool = False


@dataclass(slots=True)
class Tables:
    """What is written to the file."""

    packages: dict[int, Package] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    hypervisors: dict[int, Hypervisor] = field(default_factory=dict)
    template_groups: list[TemplateGroup] = field(default_factory=list)
    users: dict[int, User] = field(default_factory=dict)
    ssh_keys: dict[int, SshKey] = field(default_factory=dict)
    servers: dict[int, Server] = field(default_factory=dict)
    queue: dict[int, QueueItem] = field(default_factory=dict)
    traffic_blocks: dict[int, TrafficBlock] = field(default_factory=dict)
    backups: dict[int, Backup] = field(default_factory=dict)
    answers_lost: list[str] = field(default_factory=list)
    last_id: dict[str, int] = field(default_factory=dict)


class Hook(msgspec.Struct, frozen=True):
    """Whom the panel tells of what happens to its servers."""

    url: str
    token: str = ""


class SignIn(msgspec.Struct, frozen=True):
    """Whom the page beside the panel signs people in to."""

    issuer: str
    audience: str
    return_to: str


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the call log; bodies are never kept, they carry names and keys."""

    at: datetime
    method: str
    path: str
    operation: str
    status: int
    milliseconds: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class LogIn:
    """What a first token stands for until it is used: its second one, and whom it lets in."""

    second: str
    user_id: int
    server_id: int | None
    until: datetime


@dataclass(slots=True)
class Timing:
    """How long the panel takes, in seconds of the simulator's clock."""

    build_seconds: float = 6.0
    slow_build_seconds: float = 60.0
    power_seconds: float = 1.5
    password_seconds: float = 2.0
    backup_seconds: float = 8.0
    delete_seconds: float = 0
    suspend_stops_guest: bool = True


class PanelState:
    """A panel's tables with its token, its timing, its faults and its last calls."""

    def __init__(
        self,
        *,
        token: str,
        tables: Tables | None = None,
        path: Path | None = None,
        timing: Timing | None = None,
    ) -> None:
        """Start from the file if there is one, else from `tables`, else from the seed."""
        # Imported here: what is played is made of this module's tables.
        from skypanel.integrations.virtfusion.simulator.simulated import Simulated  # noqa: PLC0415

        self._token = token
        self._path = path
        self._first = msgspec.json.encode(tables) if tables is not None else None
        self.timing = timing or Timing()
        self.version = NEWEST
        """What the panel pretends to be: operations that came later are no routes of it."""
        self.hook: Hook | None = None
        self.sign_in: SignIn | None = None
        self.send_hook: Callable[[str, Mapping[str, str], bytes], Awaitable[int]] | None = None
        """Another way to send than over the network."""
        self.telling: set[asyncio.Task[None]] = set()
        self.hooks_sent: deque[str] = deque(maxlen=CALLS_KEPT)
        self.faults = FaultBoard()
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.log_ins: dict[str, LogIn] = {}
        self.screens = Screens()
        self.engine: Engine = Simulated()
        self.tables = self._stored() or self._initial()

    def __repr__(self) -> str:
        return f"PanelState({len(self.tables.servers)} servers)"

    def admits(self, authorization: str) -> bool:
        return authorization == f"Bearer {self._token}"

    def secret_seed(self) -> bytes:
        """What the keys of this panel are made from."""
        return self._token.encode()

    def next_id(self, table: str, first: int) -> int:
        """The next id of a table; ids are never given twice, as in the panel's database."""
        self.tables.last_id[table] = self.tables.last_id.get(table, first - 1) + 1
        return self.tables.last_id[table]

    def reset(self) -> None:
        """Back to the beginning: seed, no faults, no calls."""
        self.tables = self._initial()
        self.faults = FaultBoard()
        self.calls.clear()
        self.log_ins.clear()
        self.screens = Screens()
        self.save()

    def save(self) -> None:
        """Write the tables, so that a reader sees the old file or the new one, never half."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(self.tables))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _stored(self) -> Tables | None:
        if self._path is None or not self._path.exists():
            return None
        return msgspec.json.decode(self._path.read_bytes(), type=Tables)

    def _initial(self) -> Tables:
        # Imported here: the seed is made of this module's tables.
        from skypanel.integrations.virtfusion.simulator.seed import seed  # noqa: PLC0415

        return msgspec.json.decode(self._first, type=Tables) if self._first else seed()
