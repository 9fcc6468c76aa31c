"""What the doors to the panel itself take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class PanelStanding(BaseModel):
    """How the panel stands; instants of a silence are by the machine's own time."""

    state: Literal["not_set_up", "answers", "troubled", "silent", "limited"]
    since: datetime | None
    failures: int
    error: str | None
    asked_again_at: datetime | None
    limited_until_at: datetime | None
    version: str
    version_by_hand: bool
    healthy: bool | None
    looked_at: datetime | None
    calls_per_minute: int


class PanelTry(BaseModel):
    """An address and a token to be tried; without a token the stored one."""

    model_config = ConfigDict(extra="forbid")
    base_url: str = Field(min_length=1, max_length=300)
    token: str = Field("", max_length=500, repr=False)


class ProbeStep(BaseModel):
    """Something the token must be allowed, and what trying it said."""

    name: str
    title: str
    call: str
    needed_for: str
    optional: bool
    outcome: Literal["allowed", "forbidden", "failed", "not_tried"]
    says: str


class PanelProbe(BaseModel):
    """What a token may do; `ready` when nothing that is needed was refused."""

    steps: list[ProbeStep]
    ready: bool
    version: str
    counts: dict[str, int]


class HookSeen(BaseModel):
    """Something that the panel told, and what came of looking."""

    id: UUID
    event: str
    status: str
    server_ref: int | None
    received_at: datetime
    outcome: str | None


class PanelHooks(BaseModel):
    enabled: bool
    today: int
    latest: list[HookSeen]


class NewPanelHook(BaseModel):
    """To paste into the panel; shown once."""

    url: str
    token: str
