"""What the staff's reports give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel


class Amount(BaseModel):
    """Minor units of a currency."""

    minor: int
    currency: str


class Subject(BaseModel):
    """What a row is about."""

    kind: str
    id: str


class Attention(BaseModel):
    """Something that needs a person."""

    kind: str
    title: str
    detail: str
    since: datetime
    subject: Subject | None
    action: str | None


class Figures(BaseModel):
    """How the company stands; `revenue_today` is money that came in from outside."""

    revenue_today: list[Amount]
    orders_today: int
    servers_ready: int
    provisioning_p50_seconds: int | None
    queue_oldest_seconds: float | None
    jobs_dead: int


class RevenuePoint(BaseModel):
    on: date
    amount: Amount


class OrdersPoint(BaseModel):
    on: date
    count: int


class ProvisioningPoint(BaseModel):
    on: date
    p50: int | None


class QueuePoint(BaseModel):
    at: datetime
    oldest_seconds: int | None


class Series(BaseModel):
    """Fourteen local days, each present."""

    revenue: list[RevenuePoint]
    orders: list[OrdersPoint]
    provisioning_seconds: list[ProvisioningPoint]
    queue: list[QueuePoint]


class Home(BaseModel):
    attention: list[Attention]
    figures: Figures
    series: Series


class CustomerRow(BaseModel):
    account_id: UUID
    name: str
    email: str
    country: str | None
    currency: str
    balance: Amount
    servers: int
    unpaid: Amount
    created_at: datetime
    state: str


class Customers(BaseModel):
    items: list[CustomerRow]
    next: str | None


class Moment(BaseModel):
    """One line of a customer's timeline."""

    at: datetime
    kind: str
    text: str
    actor: str | None
    subject: Subject | None


class CustomerMember(BaseModel):
    user_id: UUID
    name: str
    email: str
    role: str
    state: str
    joined_at: datetime
    can: list[str]


class Customer(BaseModel):
    """One customer's page; rows of other domains are as those domains give them."""

    account_id: UUID
    name: str
    email: str
    country: str | None
    currency: str
    unpaid: Amount
    created_at: datetime
    state: str
    profile: dict[str, Any]
    members: list[CustomerMember]
    balance: Amount
    servers: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    invoices: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    timeline: list[Moment]


class Found(BaseModel):
    """A thing that matches what was typed."""

    kind: str
    id: UUID
    title: str
    detail: str


class FoundList(BaseModel):
    items: list[Found]


class HostStore(BaseModel):
    """One storage of a host, in GiB; no `most` is no limit."""

    name: str
    storage_type: int
    used: int
    most: int | None


class Host(BaseModel):
    """A hypervisor; no `..._most` is no limit."""

    id: UUID
    virtfusion_ref: int
    name: str
    open: bool
    servers_used: int
    servers_most: int | None
    memory_mib_used: int
    memory_mib_most: int | None
    vcpu_used: int
    vcpu_most: int | None
    stores: list[HostStore]
    seen_at: datetime


class StoreDay(BaseModel):
    """A kind of storage over all hosts of a group."""

    name: str
    storage_type: int
    used: int
    left: int | None


class CapacityDay(BaseModel):
    """A group on one day: what was given out, and left on its open hosts."""

    on: date
    servers: int
    memory_mib_used: int
    memory_mib_left: int | None
    vcpu_used: int
    vcpu_left: int | None
    stores: list[StoreDay]
    ipv4_left: int | None
    read_at: datetime


class CapacityForecast(BaseModel):
    """When something will be used up by a straight line through its days."""

    of: str
    name: str
    state: Literal["unlimited", "full", "thin", "steady", "growing"]
    per_day: float
    full_in_days: int | None
    known_days: int
    sure: bool


class GroupPlan(BaseModel):
    """How many of a plan are sold in a group and how many more fit; no `free` is no limit."""

    plan_id: UUID
    name: str
    offered: bool
    sold: int
    free: int | None
    free_known: bool


class GroupPlace(BaseModel):
    id: UUID
    name: str
    status: str


class HypervisorGroup(BaseModel):
    """A hypervisor group of the panel, which is a location of ours."""

    id: UUID
    virtfusion_ref: int
    name: str
    enabled: bool
    location: GroupPlace | None
    hosts: list[Host]
    days: list[CapacityDay]
    forecasts: list[CapacityForecast]
    plans: list[GroupPlan]


class Hypervisors(BaseModel):
    groups: list[HypervisorGroup]
    read_at: datetime | None


class Work(BaseModel):
    """A creation or a task at the panel: how long, how often tried, what went wrong."""

    id: UUID
    kind: str
    state: Literal["queued", "running", "failed"]
    since: datetime
    attempts: int
    error: str | None
    asked_by: str | None
    server_id: UUID
    hostname: str
    order_id: UUID | None
    account_id: UUID
    account_name: str
    can: list[str]


class WorkList(BaseModel):
    items: list[Work]
    next: str | None
