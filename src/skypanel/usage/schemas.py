"""What the doors of hourly billing give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from skypanel.ledger.schemas import Amount


class UsageMonthShown(BaseModel):
    """A calendar month (UTC) of a service; amounts with tax, price and cap as in the list.

    `estimate` is what it will have cost if the service runs on.
    """

    month: date
    state: Literal["open", "held", "closing", "invoiced", "free"]
    hours: int
    price_exact: str
    cap: Amount | None
    setup: Amount
    begins_at: datetime
    counted_until: datetime
    due: Amount
    charged: Amount
    estimate: Amount
    at_cap: bool
    invoice_id: UUID | None


class ServiceUsage(BaseModel):
    """The hours of a service, and how long the account's money lasts for all its servers.

    `lasts_until` is null when it lasts for more than a year.
    """

    service_id: UUID
    months: list[UsageMonthShown]
    spendable: Amount
    arrears: Amount
    lasts_until: datetime | None
    low: bool
    short_since: datetime | None
