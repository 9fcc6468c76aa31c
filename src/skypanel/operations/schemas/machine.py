"""What the staff's doors to the machine take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from skypanel.platform.http.fields import Reason

JobState = Literal["waiting", "running", "done", "dead", "cancelled"]


class Subject(BaseModel):
    """What a row is about."""

    kind: str
    id: str


class Job(BaseModel):
    """Something that happens later, and how its tries went."""

    id: int
    name: str
    state: JobState
    queue: str
    args: dict[str, Any]
    attempts: int
    attempts_max: int | None
    error: str | None
    subject: Subject | None
    scheduled_at: datetime | None
    created_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    can: list[str]


class Jobs(BaseModel):
    items: list[Job]
    next: str | None


class Failure(BaseModel):
    """One try that did not end well."""

    attempt: int
    at: datetime
    kind: str
    message: str


class JobWithFailures(Job):
    failures: list[Failure]


class SettingField(BaseModel):
    """One setting; the value of a secret is never told."""

    name: str
    title: str | None
    type: str
    secret: bool
    value: Any
    set: bool
    help: str
    choices: list[str] | None = None


class SettingSection(BaseModel):
    section: str
    title: str
    fields: list[SettingField]


class SettingSections(BaseModel):
    items: list[SettingSection]


class SettingChange(BaseModel):
    """New values by field name; a secret is kept when left out or empty, unset by null."""

    model_config = ConfigDict(extra="forbid")
    values: dict[str, Any] = Field(max_length=100)


class Check(BaseModel):
    """Whether a vendor could be reached with the settings as they are."""

    ok: bool
    message: str


class FindingShown(BaseModel):
    """One thing that is not as it must be, since when, and what staff said and did about it."""

    id: UUID
    area: Literal["invariant", "panel"]
    check: str
    subject: Subject
    account_id: UUID | None
    account_name: str | None
    text: str
    facts: dict[str, Any]
    opened_at: datetime
    closed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    reason: str | None
    repair: str | None
    repair_state: Literal["asked", "done", "failed"] | None
    repair_note: str | None
    can: list[str]


class FindingList(BaseModel):
    items: list[FindingShown]
    next: str | None


class LawShown(BaseModel):
    """A law of the house: `unchecked` where nobody could look, `known` where staff know why."""

    name: str
    title: str
    state: Literal["holds", "broken", "known", "unchecked"]
    since: datetime | None
    looked_at: datetime | None
    error: str | None
    findings: list[FindingShown]


class HealthShown(BaseModel):
    """Every check of an area; `late` when nobody looks any more."""

    checks: list[LawShown]
    looked_at: datetime | None
    late: bool


class FindingReason(BaseModel):
    """Why it may stand."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


class RepairWish(BaseModel):
    """What is to be done, why, and, where data goes with it, the server's name typed."""

    model_config = ConfigDict(extra="forbid")
    verb: Literal[
        "suspend", "unsuspend", "delete", "make_again", "end_service", "give_back", "resize",
        "tell_name", "take_name",
    ]  # fmt: skip
    reason: Reason
    confirm: Annotated[str, Field(max_length=100)] = ""


class TurnWish(BaseModel):
    """How many days forward; without them to what the billing run does next."""

    model_config = ConfigDict(extra="forbid")
    days: Annotated[int, Field(ge=1, le=31)] | None = None


class TurnShown(BaseModel):
    """One turn of the clock; `trouble` names the timers that broke on the way."""

    id: UUID
    state: Literal["running", "done"]
    asked_by: str
    from_at: datetime
    to_at: datetime
    reached_at: datetime
    ended_at: datetime | None
    steps: int
    trouble: str | None


class ClockTurns(BaseModel):
    items: list[TurnShown]
    next: str | None


class ClockShown(BaseModel):
    """What time it is for the company, how far it is ahead, and what the run does next."""

    now: datetime
    ahead_seconds: int
    next_act_at: datetime | None
    turning: TurnShown | None


class FollowedAmount(BaseModel):
    minor: int
    currency: str


class Followed(BaseModel):
    """One thing that happened because the clock was turned."""

    kind: Literal["act", "invoice", "payment", "mail", "server", "task"]
    at: datetime
    text: str
    subject: Subject
    account_id: UUID | None
    account_name: str | None
    amount: FollowedAmount | None


class TurnWhole(TurnShown):
    """A turn with what followed, in order; `more` when that is cut."""

    followed: list[Followed]
    more: bool
