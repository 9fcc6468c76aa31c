"""What the doors of metrics take and give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

Range = Literal["1h", "24h", "7d", "30d", "12m"]
Kind = Literal["cpu", "memory", "filesystem", "traffic", "down"]


class Filesystem(BaseModel):
    """One file system as the guest's agent told it."""

    mountpoint: str
    used_bytes: int
    total_bytes: int


class LoadNow(BaseModel):
    """What was seen last. Null where the panel did not say."""

    sampled_at: datetime
    running: bool
    cpu_percent: float | None
    memory_percent: float | None
    memory_total_mib: int | None
    filesystem_percent: float | None
    read_bytes_per_second: float | None
    written_bytes_per_second: float | None
    filesystems: list[Filesystem]


class Line(BaseModel):
    """Mean and maximum of each point; null where nothing was seen."""

    mean: list[float | None]
    most: list[float | None]


class Lines(BaseModel):
    """Percent of what the server has, and bytes a second from and to its disks."""

    cpu: Line
    memory: Line
    filesystem: Line
    read: Line
    written: Line


class Metrics(BaseModel):
    """A server's load over a range, one entry of each list per point."""

    server_id: UUID
    range: Range
    begins_at: datetime
    ends_at: datetime
    point_seconds: int | None
    at: list[datetime]
    series: Lines
    up_percent: float | None
    now: LoadNow | None
    failing_since: datetime | None


class ServerLoad(BaseModel):
    """What a server does now, and its day in 24 hourly means."""

    server_id: UUID
    sampled_at: datetime | None
    running: bool | None
    cpu_percent: float | None
    memory_percent: float | None
    cpu_line: list[float | None]


class ServerLoads(BaseModel):
    items: list[ServerLoad]
    next: str | None


class Block(BaseModel):
    """Extra traffic of one period."""

    id: int
    gb: int


class Period(BaseModel):
    """A month of traffic, from the day the server was made."""

    number: int
    starts_at: datetime
    ends_at: datetime
    received_bytes: int
    sent_bytes: int
    total_bytes: int
    limit_gb: int
    blocks: list[Block]
    allowed_gb: int | None
    used_percent: float | None
    seen_at: datetime


class TrafficDay(BaseModel):
    """How much of the running period was used by then."""

    at: datetime
    total_bytes: int


class Forecast(BaseModel):
    """What the period comes to if it goes on at its own average."""

    total_bytes: int
    percent: float | None
    used_up_at: datetime | None


class Amount(BaseModel):
    """An amount."""

    minor: int
    currency: str


class BlockOffer(BaseModel):
    """A block for the running period; the total is with tax."""

    gb: int
    total: Amount
    ends_at: datetime


class BlockPurchase(BaseModel):
    """A block that was bought."""

    id: UUID
    number: int
    gb: int
    state: Literal["paid", "adding", "done", "refunded"]
    invoice_id: UUID
    created_at: datetime
    finished_at: datetime | None
    error: str | None


class BlockWish(BaseModel):
    """Buy a block at the total that was shown."""

    model_config = ConfigDict(extra="forbid")
    quoted_minor: Annotated[int, Field(ge=0)]


class Traffic(BaseModel):
    """Periods newest first, and the running one day by day."""

    server_id: UUID
    periods: list[Period]
    days: list[TrafficDay]
    forecast: Forecast | None
    offer: BlockOffer | None
    purchases: list[BlockPurchase]
    can: list[str]


class Threshold(BaseModel):
    """What the account sets for all its servers."""

    threshold: int
    minutes: int
    enabled: bool


class AlertRule(BaseModel):
    """A threshold; `alert_id` while it is reached. One that is not its `own` is the account's."""

    kind: Kind
    threshold: int
    minutes: int
    enabled: bool
    own: bool
    account: Threshold
    alert_id: UUID | None


class AlertRules(BaseModel):
    server_id: UUID
    rules: list[AlertRule]
    can: list[str]


class ThresholdWish(BaseModel):
    """A threshold in percent, and how long it must be reached; for `down` only the time counts."""

    model_config = ConfigDict(extra="forbid")
    kind: Kind
    threshold: Annotated[int, Field(ge=1, le=100)] = 100
    minutes: Annotated[int, Field(ge=0, le=120)]
    enabled: bool


class RuleWish(ThresholdWish):
    """One of a server; where it is not to be its `own` the account's holds, now and later."""

    own: bool = True


def _once(rules: Sequence[ThresholdWish]) -> None:
    if len({rule.kind for rule in rules}) < len(rules):
        raise ValueError("Name each kind once.")


class RulesWish(BaseModel):
    """Thresholds to set; kinds that are not named stay as they are."""

    model_config = ConfigDict(extra="forbid")
    rules: Annotated[list[RuleWish], Field(max_length=5)]

    @model_validator(mode="after")
    def _each_once(self) -> RulesWish:
        _once(self.rules)
        return self


class DefaultsWish(BaseModel):
    """Thresholds for all servers of an account that have none of their own."""

    model_config = ConfigDict(extra="forbid")
    account_id: UUID
    rules: Annotated[list[ThresholdWish], Field(max_length=5)]

    @model_validator(mode="after")
    def _each_once(self) -> DefaultsWish:
        _once(self.rules)
        return self


class DefaultRule(Threshold):
    """A threshold of an account."""

    kind: Kind


class AlertDefaults(BaseModel):
    account_id: UUID
    rules: list[DefaultRule]
    can: list[str]


class AlertShown(BaseModel):
    """A threshold that was reached, with the value it had then."""

    id: UUID
    server_id: UUID
    account_id: UUID
    hostname: str
    label: str
    kind: Kind
    threshold: int
    minutes: int
    state: Literal["raised", "cleared"]
    value: float
    raised_at: datetime
    cleared_at: datetime | None
    reason: Literal["recovered", "rule_changed", "not_watched"] | None


class Alerts(BaseModel):
    items: list[AlertShown]
    next: str | None
