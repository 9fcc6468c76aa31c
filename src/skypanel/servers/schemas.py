"""What the doors of servers take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from skypanel.platform.http.fields import Reason
from skypanel.servers.actions import ReinstallWish

PowerKind = Literal["start", "restart", "shutdown", "poweroff"]
TaskKind = (
    PowerKind
    | Literal[
        "reinstall", "reset_password", "backup", "firewall", "reverse_dns", "add_address",
        "drop_address",
    ]
)  # fmt: skip
Name = Annotated[str, Field(min_length=1, max_length=60)]


class Amount(BaseModel):
    """An amount of money."""

    minor: int
    currency: str


class PlanSold(BaseModel):
    """The size as it was sold."""

    id: UUID
    name: str
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    port_mbps: int


class LocationSold(BaseModel):
    """The place as it was sold."""

    id: UUID
    name: str
    city: str
    country: str


class ImageSold(BaseModel):
    """The system as it was sold."""

    id: UUID
    name: str
    icon: str
    default_user: str


class TaskActor(BaseModel):
    """Who asked."""

    kind: str
    name: str


class Task(BaseModel):
    """Something asked of a server."""

    id: UUID
    server_id: UUID
    kind: TaskKind
    state: Literal["queued", "running", "done", "failed"]
    progress: int | None
    actor: TaskActor
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None
    about: str | None
    note: str | None


class Tasks(BaseModel):
    items: list[Task]
    next: str | None


class ServerShown(BaseModel):
    """A server as its customer sees it."""

    id: UUID
    account_id: UUID
    service_id: UUID
    order_id: UUID
    hostname: str
    label: str
    state: Literal["allocating", "installing", "ready", "failed", "deleting", "deleted"]
    state_since: datetime
    power: Literal["running", "stopped", "unknown"]
    power_checked_at: datetime | None
    ipv4: str | None
    ipv6: str | None
    plan: PlanSold
    location: LocationSold
    image: ImageSold
    message: str | None
    created_at: datetime
    ready_at: datetime | None
    tags: list[str]
    notes: str
    favourite: bool
    renews_on: date | None
    price: Amount
    cycle: str
    active_task: Task | None
    password_available: bool
    can: list[str]


class Servers(BaseModel):
    items: list[ServerShown]
    next: str | None


class StaffServer(ServerShown):
    """A server as staff see it."""

    account_name: str


class StaffServers(BaseModel):
    items: list[StaffServer]
    next: str | None


class StaffServerWhole(StaffServer):
    """A server for staff, with its latest tasks and what holds its service."""

    tasks: list[Task]
    service_state: str
    holds: list[str]
    virtfusion_ref: int | None


class StaffTaskWish(BaseModel):
    """What staff ask of a server's power, and why."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["start", "restart", "shutdown", "poweroff"]
    reason: Reason


class HoldReason(BaseModel):
    """Which hold is put on a server's service or lifted, and why."""

    model_config = ConfigDict(extra="forbid")
    hold: Literal["staff", "abuse"] = "staff"
    reason: Reason


Tag = Annotated[str, Field(pattern=r"^[\w][\w .:/+-]{0,29}$")]


class ServerChange(BaseModel):
    """What of a server's own description is to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    label: Name | None = None
    tags: Annotated[list[Tag], Field(max_length=10)] | None = None
    notes: Annotated[str, Field(max_length=2000)] | None = None
    favourite: bool | None = None

    @field_validator("label")
    @classmethod
    def _visible(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.strip() or not value.isprintable():
            raise ValueError("Use printable characters.")
        return value.strip()


class TaskWish(BaseModel):
    """What is asked of the server's power."""

    model_config = ConfigDict(extra="forbid")
    kind: PowerKind


class NewKey(BaseModel):
    """A key that is not kept yet."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=60)] = ""
    public_key: Annotated[str, Field(min_length=1, max_length=4000)]


class Reinstall(BaseModel):
    """What is to be on the server; `confirm` is its hostname or label, typed."""

    model_config = ConfigDict(extra="forbid")
    image_id: UUID
    hostname: Annotated[str, Field(min_length=1, max_length=255)]
    ssh_key_ids: Annotated[list[UUID], Field(max_length=10)] = []
    new_ssh_key: NewKey | None = None
    password_login: bool = False
    confirm: Annotated[str, Field(max_length=255)]

    def wish(self) -> ReinstallWish:
        """As the verb wants it."""
        new = self.new_ssh_key
        return ReinstallWish(
            image_id=self.image_id,
            hostname=self.hostname,
            key_ids=tuple(dict.fromkeys(self.ssh_key_ids)),
            new_key=None if new is None else (new.name.strip(), new.public_key),
            password_login=self.password_login,
            confirm=self.confirm,
        )


class FirstPassword(BaseModel):
    """Shown once."""

    user: str
    password: str


class KeyWish(BaseModel):
    """A public key to keep."""

    model_config = ConfigDict(extra="forbid")
    account_id: UUID
    name: Annotated[str, Field(max_length=60)] = ""
    public_key: Annotated[str, Field(min_length=1, max_length=4000)]


class KeyShown(BaseModel):
    """A public key."""

    id: UUID
    name: str
    fingerprint: str
    public_key: str
    created_at: datetime


class Keys(BaseModel):
    items: list[KeyShown]
    next: str | None


class AddressShown(BaseModel):
    """An IPv4 address; its reverse name as far as the panel tells it."""

    address: str
    gateway: str | None
    netmask: str | None
    reverse_name: str | None


class SubnetShown(BaseModel):
    """An IPv6 subnet with its length."""

    subnet: str
    gateway: str | None


class DiskShown(BaseModel):
    """A disk by its drive letter."""

    drive: str
    capacity_gib: int
    primary: bool
    ready: bool


class BackupShown(BaseModel):
    """A copy of the server; the panel tells no size."""

    id: int
    state: Literal["running", "complete", "restoring", "deleting"]
    place: str | None
    created_at: datetime | None
    kept_until_at: datetime | None


class FirewallShown(BaseModel):
    """The firewall, its rules in the panel's own words."""

    enabled: bool
    rules: list[dict[str, str]]


class RulesetShown(BaseModel):
    """Rules that the host has put together."""

    id: int
    name: str


class Sight(BaseModel):
    """What was last seen of a server at the panel, and what can be changed about it.

    Lists that are null were not told to us.
    """

    ipv4: list[AddressShown]
    ipv6: list[SubnetShown]
    disks: list[DiskShown]
    backup_plan: str | None
    backups: list[BackupShown] | None
    firewall: FirewallShown | None
    rulesets: list[RulesetShown]
    seen_at: datetime | None
    trouble: str | None
    can: list[str]


class FirewallWish(BaseModel):
    """The firewall on or off; with `ruleset_ids` these rules instead of all others."""

    model_config = ConfigDict(extra="forbid")
    enabled: bool
    ruleset_ids: Annotated[list[int], Field(max_length=20)] | None = None


class ReverseName(BaseModel):
    """The name of an address; null for none. `anyway`: also where it does not lead back."""

    model_config = ConfigDict(extra="forbid")
    address: Annotated[str, Field(max_length=45)]
    name: Annotated[str, Field(max_length=255)] | None
    anyway: bool = False


class Deed(BaseModel):
    """One thing that was done to a server, from the audit trail."""

    id: UUID
    at: datetime
    actor: TaskActor
    verb: str
    said: str | None


class History(BaseModel):
    items: list[Deed]
    next: str | None
