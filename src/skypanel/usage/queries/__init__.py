"""How months and accounts stand that are billed by the hour, and what an hour costs."""

from __future__ import annotations

from skypanel.usage.queries.meters import (
    BOUGHT,
    CLOSING,
    DUE,
    IN_ARREARS,
    LAST,
    RUNNING,
    STANDINGS,
    meters_of,
    spendable_of,
)
from skypanel.usage.queries.rates import Bought, BoughtAddon, rates, taxes_of
from skypanel.usage.queries.shown import (
    account_usage,
    addon_wire,
    change_needs,
    estimates,
    hours_ahead,
    rate_now,
    start_needs,
    usage_of,
)

__all__ = [
    "BOUGHT",
    "CLOSING",
    "DUE",
    "IN_ARREARS",
    "LAST",
    "RUNNING",
    "STANDINGS",
    "Bought",
    "BoughtAddon",
    "account_usage",
    "addon_wire",
    "change_needs",
    "estimates",
    "hours_ahead",
    "meters_of",
    "rate_now",
    "rates",
    "spendable_of",
    "start_needs",
    "taxes_of",
    "usage_of",
]
