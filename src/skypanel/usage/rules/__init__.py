"""What hours cost, and the invoice of a month of them."""

from __future__ import annotations

from skypanel.usage.rules.bill import (
    draft_of,
)
from skypanel.usage.rules.calendar import (
    HOUR,
    MonthState,
    UsageSettings,
    full_hour,
    hours_between,
    month_end,
    month_of,
)
from skypanel.usage.rules.kept import (
    read_earlier,
    read_extras,
    read_off,
    read_tax,
    write_earlier,
    write_extras,
    write_off,
    write_tax,
)
from skypanel.usage.rules.rates import (
    LASTS_HOURS_MAX,
    Extra,
    Meter,
    Off,
    Rate,
    Stretch,
    ahead,
    at_rate,
    counts_until,
    estimate,
    is_over,
    lasts_hours,
    room_of,
)

__all__ = [
    "HOUR",
    "LASTS_HOURS_MAX",
    "Extra",
    "Meter",
    "MonthState",
    "Off",
    "Rate",
    "Stretch",
    "UsageSettings",
    "ahead",
    "at_rate",
    "counts_until",
    "draft_of",
    "estimate",
    "full_hour",
    "hours_between",
    "is_over",
    "lasts_hours",
    "month_end",
    "month_of",
    "read_earlier",
    "read_extras",
    "read_off",
    "read_tax",
    "room_of",
    "write_earlier",
    "write_extras",
    "write_off",
    "write_tax",
]
