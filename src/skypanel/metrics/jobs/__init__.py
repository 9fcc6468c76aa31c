"""Rounds of samples, what is kept of them, and blocks that were bought."""

from __future__ import annotations

from skypanel.metrics.jobs.blocks import add_block, follow_blocks
from skypanel.metrics.jobs.defaults import inherit_alerts, spread_alert_defaults
from skypanel.metrics.jobs.rounds import keep_samples, sample_servers

__all__ = [
    "add_block",
    "follow_blocks",
    "inherit_alerts",
    "keep_samples",
    "sample_servers",
    "spread_alert_defaults",
]
