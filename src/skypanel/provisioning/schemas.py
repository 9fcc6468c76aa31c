"""What staff see of creations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from skypanel.platform.http.fields import Reason
from skypanel.provisioning.actions import AdoptionWish, RowChoice

State = Literal[
    "waiting", "creating", "building", "installing", "done", "failed", "clearing", "cleared"
]


class ProvisionShown(BaseModel):
    """The making of one server."""

    id: UUID
    order_id: UUID
    account_id: UUID
    server_id: UUID
    state: State
    attempts: int
    builds: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    hostname: str
    virtfusion_ref: int | None
    can: list[str]


class Provisions(BaseModel):
    items: list[ProvisionShown]
    next: str | None


class StepShown(BaseModel):
    """One line of the log."""

    at: datetime
    text: str
    error: str | None


class ProvisionWhole(ProvisionShown):
    """The making of one server, with its log."""

    steps: list[StepShown]


class PanelLogin(BaseModel):
    """An address that works once, for a minute: go there at once and keep it nowhere."""

    url: str


Term = Literal["monthly", "quarterly", "half_yearly", "yearly"]


class AdoptionAsk(BaseModel):
    """Whose a server of the panel becomes; its price is the catalog's, or the account's own."""

    model_config = ConfigDict(extra="forbid")
    account_id: UUID
    plan_id: UUID
    image_id: UUID
    cycle: Term
    starts_on: date
    reason: Reason

    def wish(self) -> AdoptionWish:
        """As the verb wants it."""
        return AdoptionWish(
            account_id=self.account_id,
            plan_id=self.plan_id,
            image_id=self.image_id,
            cycle=self.cycle,
            starts_on=self.starts_on,
            reason=self.reason,
        )


class Adopted(BaseModel):
    """What a server of the panel is here now."""

    server_id: UUID
    service_id: UUID
    order_id: UUID
    account_id: UUID


class PanelSize(BaseModel):
    vcpu: int
    memory_mib: int
    disk_gib: int


class PanelOwner(BaseModel):
    """Whose a server is at the panel."""

    ref: int
    name: str
    email: str


class AdoptionAccount(BaseModel):
    """An account whose it may be; `linked` when it is the panel's owner for sure."""

    id: UUID
    name: str
    currency: str
    linked: bool


class AdoptionPlan(BaseModel):
    """A plan, and in what the server differs from the size that it sells."""

    id: UUID
    name: str
    offered: bool
    differs: list[str]


class ListPrice(BaseModel):
    plan_id: UUID
    currency: str
    cycle: Term
    amount: str


class AdoptionChoices(BaseModel):
    """A server of the panel as it is now, and what it could be taken over as, best first."""

    panel_server: int
    called: str
    hostname: str
    ipv4: str | None
    ipv6: str | None
    power: Literal["running", "stopped", "unknown"]
    suspended: bool
    size: PanelSize
    owner: PanelOwner
    location: str | None
    image_id: UUID | None
    accounts: list[AdoptionAccount]
    plans: list[AdoptionPlan]
    prices: list[ListPrice]
    server_id: UUID | None
    refused: str | None
    can: list[str]


RowState = Literal["found", "queued", "done", "refused"]


class ImportShown(BaseModel):
    """One reading of the panel: `total` servers there, `known` ours, `rows` to choose among."""

    id: UUID
    state: Literal["reading", "stopped", "ready"]
    asked_by: str
    total: int
    known: int
    error: str | None
    created_at: datetime
    read_at: datetime | None
    rows: int
    queued: int
    done: int
    refused: int
    can: list[str]


class Imports(BaseModel):
    items: list[ImportShown]
    next: str | None


class ImportRowShown(BaseModel):
    """A server of the panel, what it could be here, and what came of it."""

    id: UUID
    panel_server: int
    state: RowState
    called: str
    hostname: str
    ipv4: str | None
    size: PanelSize
    suspended: bool
    owner: PanelOwner
    account_id: UUID | None
    account_name: str | None
    plan_id: UUID | None
    plan_name: str | None
    image_id: UUID | None
    cycle: Term
    starts_on: date | None
    server_id: UUID | None
    note: str | None
    can: list[str]


class ImportRows(BaseModel):
    items: list[ImportRowShown]
    next: str | None


class ImportChoice(BaseModel):
    """What one server becomes; without an account one is opened for its owner."""

    model_config = ConfigDict(extra="forbid")
    id: UUID
    account_id: UUID | None = None
    plan_id: UUID
    image_id: UUID
    cycle: Term
    starts_on: date

    def choice(self) -> RowChoice:
        """As the verb wants it."""
        return RowChoice(
            id=self.id,
            account_id=self.account_id,
            plan_id=self.plan_id,
            image_id=self.image_id,
            cycle=self.cycle,
            starts_on=self.starts_on,
        )


class ImportRun(BaseModel):
    """Which servers are taken over, and how accounts are opened that do not exist yet."""

    model_config = ConfigDict(extra="forbid")
    rows: Annotated[list[ImportChoice], Field(min_length=1, max_length=100)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    invite: bool = False
    reason: Reason


class RefundAndClose(BaseModel):
    """Why an order without a server is given up, and where its money goes."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason
    destination: Literal["payment", "wallet"]
