"""What is asked about load, traffic and alerts; never the panel, only what is kept."""

from __future__ import annotations

from skypanel.metrics.queries.alerts import alerts_of, alerts_page, defaults_of, get_alert, rules_of
from skypanel.metrics.queries.blocks import blocks_of, due_purchases, offer
from skypanel.metrics.queries.charts import metrics_of
from skypanel.metrics.queries.checks import CHECKS
from skypanel.metrics.queries.standings import account_of, loads, meant_to_be_off
from skypanel.metrics.queries.traffic import traffic_of

__all__ = [
    "CHECKS",
    "account_of",
    "alerts_of",
    "alerts_page",
    "blocks_of",
    "defaults_of",
    "due_purchases",
    "get_alert",
    "loads",
    "meant_to_be_off",
    "metrics_of",
    "offer",
    "rules_of",
    "traffic_of",
]
