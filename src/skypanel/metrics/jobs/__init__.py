"""Rounds of samples, what is kept of them, and blocks that were bought."""

from __future__ import annotations

from skypanel.metrics.jobs.blocks import add_block, follow_blocks
from skypanel.metrics.jobs.rounds import keep_samples, sample_servers

__all__ = ["add_block", "follow_blocks", "keep_samples", "sample_servers"]
