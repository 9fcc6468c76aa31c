"""What the doors of hourly billing give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from skypanel.ledger.schemas import Amount


class HourlyAddon(BaseModel):
    """An add-on by the hour: so many, each at this price and at most this a month, by the list."""

    name: str
    quantity: int
    price_exact: str
    cap: Amount | None


class EarlierHours(BaseModel):
    """Hours of a month at an earlier plan; `used` without tax where it is added."""

    name: str
    hours: int
    price_exact: str
    used: Amount
    ends_at: datetime


class HourlyCoupon(BaseModel):
    """What a coupon takes off the plan's hours, in per cent; `until` is the first month without."""

    code: str
    percent: str
    until: date | None


class UsageMonthShown(BaseModel):
    """A calendar month (UTC) of a service; amounts with tax, price and cap as in the list.

    `estimate` is what it will have cost if the service runs on. `hours` are all of the month,
    `earlier` those of them that were of another plan.
    """

    month: date
    state: Literal["open", "held", "closing", "invoiced", "free"]
    hours: int
    earlier: list[EarlierHours]
    coupon: HourlyCoupon | None
    addons: list[HourlyAddon]
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
