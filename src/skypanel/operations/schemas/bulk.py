"""What the doors to works on many servers take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from skypanel.operations.rules import BULK_MAX
from skypanel.platform.http.fields import Reason

BulkVerb = Literal["start", "restart", "shutdown", "poweroff", "suspend", "resume"]


class BulkPreviewWish(BaseModel):
    """Which servers are meant; `hold` says of `suspend` and `resume` which reason."""

    model_config = ConfigDict(extra="forbid")
    verb: BulkVerb
    hold: Literal["staff", "abuse"] = "staff"
    server_ids: list[UUID] = Field(min_length=1, max_length=BULK_MAX)


class BulkWish(BulkPreviewWish):
    reason: Reason


class BulkPreviewRow(BaseModel):
    server_id: UUID
    hostname: str
    label: str
    account_name: str
    included: bool
    says: str


class BulkPreview(BaseModel):
    """What would happen to each server, and which are left alone for which reason."""

    verb: BulkVerb
    rows: list[BulkPreviewRow]
    included: int


class BulkWork(BaseModel):
    id: UUID
    verb: BulkVerb
    hold: str | None
    reason: str
    actor_name: str
    created_at: datetime
    servers: int
    excluded: int


class BulkWorks(BaseModel):
    items: list[BulkWork]
    next: str | None


class BulkRow(BaseModel):
    id: UUID
    server_id: UUID
    hostname: str
    label: str
    account_name: str
    state: Literal["queued", "running", "done", "failed", "excluded", "refused"]
    progress: int | None
    note: str | None


class BulkWhole(BaseModel):
    """A work on many servers and how far each is."""

    id: UUID
    verb: BulkVerb
    hold: str | None
    reason: str
    actor_name: str
    created_at: datetime
    rows: list[BulkRow]
    counts: dict[str, int]
    finished: bool
