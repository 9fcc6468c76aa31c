"""What the staff's reports give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
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
