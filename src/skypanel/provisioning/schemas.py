"""What staff see of creations."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

State = Literal["waiting", "creating", "building", "installing", "done", "failed"]


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
