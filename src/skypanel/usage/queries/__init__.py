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
from skypanel.usage.queries.rates import Bought, rates, taxes_of
from skypanel.usage.queries.shown import (
    account_usage,
    estimates,
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
    "account_usage",
    "estimates",
    "meters_of",
    "rates",
    "spendable_of",
    "start_needs",
    "taxes_of",
    "usage_of",
]
